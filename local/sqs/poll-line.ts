import type { Delivery } from './message.js';

/** Parameters of a ReceiveMessage call. */
export interface ReceiveOptions {
  /** Most messages, 1 to 10. */
  readonly max: number;
  readonly visibilitySeconds: number;
}

interface Source {
  receive(options: ReceiveOptions): Delivery[];
  /** Unix milliseconds at which the next message becomes visible by itself. */
  nextVisibleAt(): number | undefined;
  now(): number;
}

interface Poll {
  readonly options: ReceiveOptions;
  end(deliveries: Delivery[]): void;
}

/** A timer wakes at least this often, so that a sleeping laptop or a moved clock does not prolong a wait. */
const MAX_SLEEP_MS = 1_000;

/** The long polls that wait at one queue, first come first served, with one timer for all. */
export class PollLine {
  private readonly waiting = new Set<Poll>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly source: Source) {}

  /**
   * Receives at once, or as soon as a message is visible within `waitMs`. An aborted poll receives no message: a
   * message for a caller that hung up would be hidden until its visibility timeout ends.
   */
  poll(options: ReceiveOptions, waitMs: number, hungUp: AbortSignal): Promise<Delivery[]> {
    const deliveries = this.source.receive(options);
    if (deliveries.length > 0 || waitMs <= 0 || hungUp.aborted) return Promise.resolve(deliveries);
    return new Promise((resolve) => {
      const giveUp = () => poll.end([]);
      const timer = setTimeout(giveUp, waitMs);
      const poll: Poll = {
        options,
        end: (result) => {
          clearTimeout(timer);
          hungUp.removeEventListener('abort', giveUp);
          this.waiting.delete(poll);
          resolve(result);
        },
      };
      hungUp.addEventListener('abort', giveUp);
      this.waiting.add(poll);
      this.arm();
    });
  }

  /** Call this whenever messages may have become visible, or the next visible moment may have changed. */
  serve(): void {
    for (const poll of this.waiting) {
      const deliveries = this.source.receive(poll.options);
      if (deliveries.length === 0) break;
      poll.end(deliveries);
    }
    this.arm();
  }

  /** Ends every poll without messages. */
  close(): void {
    clearTimeout(this.timer);
    for (const poll of this.waiting) poll.end([]);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const at = this.source.nextVisibleAt();
    if (this.waiting.size === 0 || at === undefined) return;
    const sleep = Math.min(Math.max(at - this.source.now(), 1), MAX_SLEEP_MS);
    this.timer = setTimeout(() => this.serve(), sleep);
  }
}
