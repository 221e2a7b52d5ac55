import { TimeHeap } from '../time-heap.js';
import type { Message } from './message.js';
import type { QueueSettings } from './queue-settings.js';
import { ReadyLines } from './ready-lines.js';

export const ACCOUNT = '000000000000';

export function arnOf(queueName: string): string {
  return `arn:aws:sqs:us-east-1:${ACCOUNT}:${queueName}`;
}

/** A FIFO queue takes what has the same deduplication id once in five minutes. */
const DEDUPLICATION_MS = 300_000;

/**
 * One queue: its messages, and which are visible, delayed or in flight. This class does not wait, write or
 * answer; time is the injected clock's, and due messages become visible at the next read.
 */
export class Queue {
  readonly messages = new Map<string, Message>();
  private readonly ready = new ReadyLines();
  /** Delayed messages and messages in flight, by the moment at which they become visible. */
  private readonly hidden = new TimeHeap<Message>();
  private readonly inFlight = new Set<Message>();
  private readonly byAge = new TimeHeap<Message>();
  /** The messages of the last five minutes by their deduplication ids, the oldest first. */
  private readonly deduplicated = new Map<string, Message>();
  modifiedAt: number;

  constructor(
    readonly name: string,
    public settings: QueueSettings,
    readonly createdAt: number,
    private readonly now: () => number,
  ) {
    this.modifiedAt = createdAt;
  }

  get arn(): string {
    return arnOf(this.name);
  }

  get isFifo(): boolean {
    return this.name.endsWith('.fifo');
  }

  /** The message that was sent with this deduplication id in the last five minutes, also if it was deleted since. */
  sentBefore(deduplication: string): Message | undefined {
    for (const [id, { sentAt }] of this.deduplicated) {
      if (sentAt > this.now() - DEDUPLICATION_MS) break;
      this.deduplicated.delete(id);
    }
    return this.deduplicated.get(deduplication);
  }

  add(message: Message): void {
    this.messages.set(message.id, message);
    if (message.deduplication !== undefined) this.deduplicated.set(message.deduplication, message);
    this.byAge.set(message, message.sentAt);
    if (message.visibleAt > this.now()) this.hidden.set(message, message.visibleAt);
    else this.ready.add(message);
  }

  remove(id: string): Message | undefined {
    const message = this.messages.get(id);
    if (!message) return undefined;
    this.detach(message);
    this.byAge.delete(message);
    this.messages.delete(id);
    return message;
  }

  /** The visible message whose turn it is; the message stays in its line. */
  firstVisible(): Message | undefined {
    this.catchUp();
    return this.isFifo ? this.firstInOrder() : this.ready.first;
  }

  /** The oldest visible message of a group that has no message in flight. */
  private firstInOrder(): Message | undefined {
    const locked = new Set([...this.inFlight].map(({ group }) => group));
    for (const message of this.messages.values())
      if (this.ready.has(message) && !locked.has(message.group)) return message;
    return undefined;
  }

  /** Takes the first visible message out of its line; the caller must receive or remove it before any other call. */
  takeVisible(): Message | undefined {
    const message = this.firstVisible();
    if (message) this.ready.remove(message);
    return message;
  }

  /** Counts a receive at `at` and hides the message until `until`. */
  receive(id: string, at: number, until: number): void {
    const message = this.messages.get(id);
    if (!message) return;
    message.receives += 1;
    message.firstReceivedAt ??= at;
    message.receivedAt = at;
    this.hide(message, until);
  }

  isInFlight(message: Message): boolean {
    this.catchUp();
    return this.inFlight.has(message);
  }

  /** Hides a message in flight until another moment, which may be now. */
  hide(message: Message, until: number): void {
    this.detach(message);
    message.visibleAt = until;
    this.inFlight.add(message);
    this.hidden.set(message, until);
  }

  /** Makes all messages in flight visible. */
  release(): void {
    for (const message of [...this.inFlight]) this.hide(message, 0);
    this.catchUp();
  }

  /** The next moment at which a delay or a visibility timeout ends. */
  nextVisibleAt(): number | undefined {
    return this.hidden.first?.at;
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    this.catchUp();
    const inFlight = this.inFlight.size;
    return { visible: this.ready.size, inFlight, delayed: this.hidden.size - inFlight };
  }

  /** Copies of the messages for a restart, after which no message is in flight. */
  *atRest(): Generator<Message> {
    for (const message of this.messages.values())
      yield this.inFlight.has(message) ? { ...message, visibleAt: 0 } : { ...message };
  }

  private catchUp(): void {
    const now = this.now();
    this.dropExpired(now - this.settings.retentionSeconds * 1000);
    for (let next = this.hidden.first; next && next.at <= now; next = this.hidden.first) {
      this.detach(next.item);
      this.ready.add(next.item);
    }
  }

  private dropExpired(sentBefore: number): void {
    for (let oldest = this.byAge.first; oldest && oldest.at <= sentBefore; oldest = this.byAge.first)
      this.remove(oldest.item.id);
  }

  private detach(message: Message): void {
    this.ready.remove(message);
    this.hidden.delete(message);
    this.inFlight.delete(message);
  }
}
