import type { Message } from './message.js';
import { Queue } from './queue.js';
import type { QueueSettings } from './queue-settings.js';

/** A message move task and its progress. */
export interface MoveTask {
  readonly id: string;
  /** Name of the dead-letter queue. */
  readonly source: string;
  /** Name of the queue to move to; absent if each message goes back to its source queue. */
  readonly destination?: string;
  readonly perSecond?: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly toMove: number;
  readonly moved: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly failure?: string;
}

/**
 * Every change of state in the journal; `queue` is a queue's name, moments are Unix milliseconds. A changed visibility
 * timeout is missing on purpose: at a restart all messages in flight become visible anyway.
 */
export type Change =
  | { readonly op: 'define'; readonly queue: string; readonly at: number; readonly settings: QueueSettings }
  | { readonly op: 'drop' | 'purge'; readonly queue: string }
  | { readonly op: 'send'; readonly queue: string; readonly message: Message }
  | { readonly op: 'receive'; readonly queue: string; readonly id: string; readonly at: number; readonly until: number }
  | { readonly op: 'delete'; readonly queue: string; readonly id: string }
  /** SQS moves a message that was received too often to the DLQ. */
  | { readonly op: 'bury'; readonly queue: string; readonly id: string; readonly to: string }
  /** A move task moves a message, which gets a new id and a new age. */
  | {
      readonly op: 'move';
      readonly queue: string;
      readonly id: string;
      readonly to: string;
      readonly newId: string;
      readonly at: number;
      readonly task: string;
    }
  | { readonly op: 'task'; readonly task: MoveTask };

/** SQS lists the ten most recent move tasks of a queue. */
const TASKS_KEPT_PER_SOURCE = 10;

/** All queues and move tasks, as the sum of changes: live calls and the replay of a journal use the same code. */
export class Ledger {
  readonly queues = new Map<string, Queue>();
  /** Newest last. */
  readonly tasks = new Map<string, MoveTask>();

  constructor(private readonly now: () => number) {}

  apply(change: Change): void {
    if (change.op === 'task') this.keepTask(change.task);
    else if (change.op === 'define') this.define(change);
    else this.applyTo(this.queues.get(change.queue), change);
  }

  /** Changes that build the present state from an empty state. */
  *snapshot(): Generator<Change> {
    for (const queue of this.queues.values()) {
      const { name, settings, createdAt, modifiedAt } = queue;
      for (const at of new Set([createdAt, modifiedAt])) yield { op: 'define', queue: name, at, settings };
      for (const message of queue.atRest()) yield { op: 'send', queue: name, message };
    }
    for (const task of this.tasks.values()) yield { op: 'task', task };
  }

  private applyTo(queue: Queue | undefined, change: Exclude<Change, { op: 'task' | 'define' }>): void {
    if (!queue) return;
    switch (change.op) {
      case 'drop':
        this.queues.delete(queue.name);
        return;
      case 'purge':
        for (const id of [...queue.messages.keys()]) queue.remove(id);
        return;
      case 'send':
        queue.add(change.message);
        return;
      case 'receive':
        queue.receive(change.id, change.at, change.until);
        return;
      case 'delete':
        queue.remove(change.id);
        return;
      case 'bury':
        this.bury(queue, change);
        return;
      case 'move':
        this.move(queue, change);
    }
  }

  private define({ queue: name, at, settings }: Extract<Change, { op: 'define' }>): void {
    const queue = this.queues.get(name) ?? new Queue(name, settings, at, this.now);
    queue.settings = settings;
    queue.modifiedAt = at;
    this.queues.set(name, queue);
  }

  /** Id, age, attributes and receive count stay, as on AWS, and the message keeps its source queue. */
  private bury(queue: Queue, { id, to }: Extract<Change, { op: 'bury' }>): void {
    const buried = queue.remove(id);
    if (!buried) return;
    const { receivedAt: _last, ...message } = buried;
    this.queues.get(to)?.add({ ...message, source: queue.arn, visibleAt: 0, receivedElsewhere: message.receives });
  }

  /** "All redriven messages are considered new messages": new id, new enqueue time (SQS developer guide). */
  private move(queue: Queue, { id, to, newId, at, task: taskId }: Extract<Change, { op: 'move' }>): void {
    const task = this.tasks.get(taskId);
    if (task) this.tasks.set(taskId, { ...task, moved: task.moved + 1 });
    const old = queue.remove(id);
    if (!old) return;
    const {
      firstReceivedAt: _first,
      receivedAt: _last,
      source: _source,
      receivedElsewhere: _elsewhere,
      ...message
    } = old;
    this.queues.get(to)?.add({ ...message, id: newId, sentAt: at, visibleAt: at, receives: 0 });
  }

  private keepTask(task: MoveTask): void {
    this.tasks.set(task.id, task);
    const ofSource = [...this.tasks.values()].filter(({ source }) => source === task.source);
    for (const { id } of ofSource.slice(0, -TASKS_KEPT_PER_SOURCE)) this.tasks.delete(id);
  }
}
