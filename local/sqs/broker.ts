import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Journal, openJournal } from '../journal.js';
import { invalidValue, SqsError } from './errors.js';
import { type Change, Ledger, type MoveTask } from './ledger.js';
import type { Delivery, Draft, Message } from './message.js';
import { PollLine, type ReceiveOptions } from './poll-line.js';
import type { Queue } from './queue.js';
import type { QueueSettings } from './queue-settings.js';
import { decodeHandle, encodeHandle } from './receipt-handle.js';

/** Most messages in flight of a standard queue. */
export const MAX_IN_FLIGHT = 120_000;
/** Twelve hours: the longest time in flight of a message, with all changes of its visibility timeout. */
export const MAX_VISIBILITY_SECONDS = 43_200;

/** SQS takes up to a minute to purge or delete a queue; until then it refuses a second purge or a new queue. */
const QUIET_MS = 60_000;

/** The journal is rewritten once its history exceeds twice the living state and this many characters. */
const HISTORY_ALLOWANCE = 8 * 1024 * 1024;

/** Faults of a queue within AWS's promises. */
export interface QueueWeather {
  /** Milliseconds by which a sent message becomes visible late, which also changes the order of messages. */
  lateMs(): number;
  /** Milliseconds until a received or deleted message is redelivered; undefined for no redelivery. */
  againMs(): number | undefined;
}

const FAIR_WEATHER: QueueWeather = { lateMs: () => 0, againMs: () => undefined };

/** The operations on queues. Every method journals its change before it returns. */
export class Broker {
  private readonly ledger: Ledger;
  private readonly journal: Omit<Journal<Change>, 'replayed'>;
  private readonly polls = new Map<Queue, PollLine>();
  private readonly droppedAt = new Map<string, number>();
  private readonly purgedAt = new WeakMap<Queue, number>();
  private sequences = 0;
  private closed = false;
  private history = 0;
  private allowance = 0;

  constructor(
    journalFile: string | undefined,
    readonly now: () => number,
    private readonly weather = FAIR_WEATHER,
  ) {
    this.ledger = new Ledger(now);
    const { replayed, ...journal } = openJournal<Change>(journalFile);
    this.journal = journal;
    for (const change of replayed) this.ledger.apply(change);
    for (const queue of this.queues()) queue.release();
    this.compact();
  }

  queues(): Iterable<Queue> {
    return this.ledger.queues.values();
  }

  find(name: string): Queue | undefined {
    return this.ledger.queues.get(name);
  }

  /** Move tasks, oldest first. */
  tasks(): MoveTask[] {
    return [...this.ledger.tasks.values()];
  }

  /** Creates the queue, or changes the settings of the queue with this name. */
  define(name: string, settings: QueueSettings): Queue {
    const existing = this.find(name);
    if (existing && isDeepStrictEqual(existing.settings, settings)) return existing;
    this.record({ op: 'define', queue: name, at: this.now(), settings });
    const queue = this.find(name)!;
    this.pollLine(queue).serve();
    return queue;
  }

  drop(queue: Queue): void {
    this.polls.get(queue)?.close();
    this.polls.delete(queue);
    this.droppedAt.set(queue.name, this.now());
    this.record({ op: 'drop', queue: queue.name });
  }

  /** Whether a queue with this name was deleted within the last minute, which SQS refuses to create again. */
  wasJustDropped(name: string): boolean {
    return this.now() - (this.droppedAt.get(name) ?? Number.NEGATIVE_INFINITY) < QUIET_MS;
  }

  /** Deletes every message, in flight or not; throws PurgeQueueInProgress within a minute of the last purge. */
  purge(queue: Queue): void {
    if (this.now() - (this.purgedAt.get(queue) ?? Number.NEGATIVE_INFINITY) < QUIET_MS)
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      );
    this.purgedAt.set(queue, this.now());
    this.record({ op: 'purge', queue: queue.name });
  }

  /** Answers the earlier message if a FIFO queue has taken this one before. */
  send(queue: Queue, { delaySeconds, ...draft }: Draft): Message {
    const before = draft.deduplication === undefined ? undefined : queue.sentBefore(draft.deduplication);
    if (before) return before;
    const sentAt = this.now();
    const lateMs = this.weatherOf(queue).lateMs();
    const visibleAt = sentAt + (delaySeconds ?? queue.settings.delaySeconds) * 1000 + lateMs;
    const sequence = queue.isFifo && { sequence: this.nextSequence(sentAt) };
    const message: Message = { id: randomUUID(), ...draft, ...sequence, sentAt, visibleAt, receives: 0 };
    this.record({ op: 'send', queue: queue.name, message });
    this.pollLine(queue).serve();
    return message;
  }

  /** Receives up to `max` messages; waits up to `waitMs` for the first message. */
  poll(queue: Queue, options: ReceiveOptions, waitMs: number, hungUp: AbortSignal): Promise<Delivery[]> {
    return this.pollLine(queue).poll(options, waitMs, hungUp);
  }

  /** Deletes by the newest handle. An older handle, and a handle of a deleted message, succeed without effect. */
  delete(queue: Queue, handle: string): void {
    const { messageId, receive } = decodeHandle(handle, queue.name);
    const message = queue.messages.get(messageId);
    if (message?.receives !== receive) return;
    const againMs = this.weatherOf(queue).againMs();
    if (againMs === undefined) this.record({ op: 'delete', queue: queue.name, id: messageId });
    else this.hide(queue, message, againMs);
    if (queue.isFifo) this.pollLine(queue).serve(); // its group is free
  }

  /** Lets the message become visible `seconds` from now. */
  changeVisibility(queue: Queue, handle: string, seconds: number): void {
    const { messageId, receive } = decodeHandle(handle, queue.name);
    const message = queue.messages.get(messageId);
    if (message?.receives !== receive)
      throw invalidValue(
        'ReceiptHandle',
        handle,
        'Message does not exist or is not available for visibility timeout change.',
      );
    if (!queue.isInFlight(message)) throw new SqsError('MessageNotInflight', 'The message is not in flight.');
    const heldSeconds = Math.floor((this.now() - message.receivedAt!) / 1000);
    if (heldSeconds + seconds > MAX_VISIBILITY_SECONDS)
      throw invalidValue(
        'VisibilityTimeout',
        seconds,
        `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds].`,
      );
    this.hide(queue, message, seconds * 1000);
  }

  /** Moves one message to another queue on behalf of a move task. */
  move(task: MoveTask, source: Queue, message: Message, to: Queue): void {
    const [at, newId] = [this.now(), randomUUID()];
    this.record({ op: 'move', queue: source.name, id: message.id, to: to.name, newId, at, task: task.id });
    this.pollLine(to).serve();
  }

  putTask(task: MoveTask): void {
    this.record({ op: 'task', task });
  }

  /** Ends the long polls; any later change throws. */
  close(): void {
    this.closed = true;
    for (const line of this.polls.values()) line.close();
    this.journal.close();
  }

  /** A FIFO queue keeps the order, and does not bring back what was deleted. */
  private weatherOf({ isFifo }: Queue): QueueWeather {
    return isFifo ? FAIR_WEATHER : this.weather;
  }

  /** Twenty digits that grow, also after a restart. */
  private nextSequence(at: number): string {
    return `${at}${String(this.sequences++).padStart(7, '0')}`;
  }

  private hide(queue: Queue, message: Message, ms: number): void {
    queue.hide(message, this.now() + ms);
    this.pollLine(queue).serve();
  }

  private pollLine(queue: Queue): PollLine {
    const line = this.polls.get(queue) ?? this.openPollLine(queue);
    this.polls.set(queue, line);
    return line;
  }

  private openPollLine(queue: Queue): PollLine {
    return new PollLine({
      receive: (options) => this.receive(queue, options),
      nextVisibleAt: () => queue.nextVisibleAt(),
      now: this.now,
    });
  }

  private receive(queue: Queue, { max, visibilitySeconds }: ReceiveOptions): Delivery[] {
    const taken: Message[] = [];
    const spare = Math.min(max, MAX_IN_FLIGHT - queue.counts().inFlight);
    while (taken.length < spare) {
      const message = queue.takeVisible();
      if (!message) break;
      if (!this.bury(queue, message)) taken.push(message);
    }
    return taken.map((message) => this.deliver(queue, message, visibilitySeconds));
  }

  private deliver(queue: Queue, message: Message, visibilitySeconds: number): Delivery {
    const at = this.now();
    const until = at + Math.min(visibilitySeconds * 1000, this.weatherOf(queue).againMs() ?? Number.POSITIVE_INFINITY);
    this.record({ op: 'receive', queue: queue.name, id: message.id, at, until });
    const handle = encodeHandle({ queue: queue.name, messageId: message.id, receive: message.receives });
    return { handle, message: { ...message } };
  }

  /** Moves a message that reached `maxReceiveCount` to the dead-letter queue; without that queue the message stays. */
  private bury(queue: Queue, message: Message): boolean {
    const { redrive } = queue.settings;
    const receivesHere = message.receives - (message.receivedElsewhere ?? 0);
    if (!redrive || receivesHere < redrive.maxReceiveCount) return false;
    const target = [...this.queues()].find(({ arn }) => arn === redrive.deadLetterTargetArn);
    if (!target) return false;
    this.record({ op: 'bury', queue: queue.name, id: message.id, to: target.name });
    queueMicrotask(() => this.pollLine(target).serve());
    return true;
  }

  private record(change: Change): void {
    if (this.closed) throw new Error('The local SQS server is closed.');
    this.ledger.apply(change);
    this.journal.append(change);
    this.history += lengthOf(change);
    if (this.history > this.allowance) this.compact();
  }

  private compact(): void {
    const changes = [...this.ledger.snapshot()];
    this.journal.rewrite(changes);
    this.history = changes.reduce((length, change) => length + lengthOf(change), 0);
    this.allowance = 2 * this.history + HISTORY_ALLOWANCE;
  }
}

/** Approximate number of characters of a change in the journal. */
function lengthOf(change: Change): number {
  return change.op === 'send' ? 250 + change.message.body.length : 180;
}
