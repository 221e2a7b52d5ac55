import { EventEmitter } from 'node:events';
import type { AwsCall } from '../../local/interception.js';
import type { Answer } from '../../local/loopback-server.js';

type Item = Readonly<Record<string, { readonly S?: string }>>;

interface Write {
  readonly Item?: Item;
  readonly Key?: Item;
}

/** Partition of the runs that an endpoint holds. */
const HELD = /#H#ep_/;
const STATE = /^(run_[0-9a-f]{32})#s$/;

/**
 * Sees the functions' writes about runs as they take effect, so that a story that waits need not poll the API.
 */
export class Witness {
  private readonly statuses = new Map<string, string>();
  private readonly letters = new Set<string>();
  private readonly holdings = new Set<string>();
  private readonly written = new EventEmitter().setMaxListeners(0);

  see({ operation, body }: AwsCall, answer: Answer | undefined): void {
    if (!/^(Put|Update)Item$/.test(operation) || answer?.status !== 200) return;
    const { Item, Key = Item! } = JSON.parse(body.toString()) as Write;
    const [pk = '', sk = ''] = [Key['pk']?.S, Key['sk']?.S];
    const run = STATE.exec(sk)?.[1];
    if (run && Item?.['status']?.S) this.statuses.set(run, Item['status'].S);
    else if (sk.startsWith('dl_')) this.letters.add(sk);
    else if (HELD.test(pk)) this.holdings.add(sk);
    this.written.emit('something');
  }

  /** Waits until a run has one of these statuses. @throws Error when it has not for too long */
  async reached(run: string, wanted: readonly string[], patienceMs: number): Promise<void> {
    const status = () => this.statuses.get(run) ?? 'pending';
    if (!(await this.until(() => wanted.includes(status()), patienceMs)))
      throw new Error(`${run} is ${status()}, not ${wanted.join(' or ')}`);
  }

  /** Waits until a dead letter is there. @throws Error when it is not for too long */
  async buried(letter: string, patienceMs: number): Promise<void> {
    if (!(await this.until(() => this.letters.has(letter), patienceMs))) throw new Error(`${letter} is not there`);
  }

  /** Waits until an endpoint holds a run. @throws Error when none does for too long */
  async held(run: string, patienceMs: number): Promise<void> {
    if (!(await this.until(() => this.holdings.has(run), patienceMs))) throw new Error(`${run} is not held`);
  }

  private until(holds: () => boolean, patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = () => holds() && finish(true);
      const timer = setTimeout(() => finish(false), patienceMs);
      const finish = (held: boolean) => {
        clearTimeout(timer);
        this.written.off('something', look);
        resolve(held);
      };
      this.written.on('something', look);
      look();
    });
  }
}
