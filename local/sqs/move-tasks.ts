import { randomUUID } from 'node:crypto';
import type { Broker } from './broker.js';
import { invalidParameter } from './errors.js';
import type { MoveTask } from './ledger.js';
import type { Message } from './message.js';
import { arnOf, type Queue } from './queue.js';

interface StartOptions {
  readonly source: Queue;
  readonly destination?: Queue;
  readonly perSecond?: number;
}

/** Milliseconds after which a task with a rate checks whether it may move more messages. */
const TICK_MS = 20;
/** Messages that a task without a rate moves before it yields to other work. */
const BURST = 100;

/** Runs the message move tasks ("DLQ redrive"), also tasks that an earlier process left unfinished. */
export class MoveTasks {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly broker: Broker) {
    for (const task of broker.tasks()) if (task.status === 'RUNNING') this.run(task);
  }

  /** Throws InvalidParameterValue if no redrive policy names the source, or a task of the source is running. */
  start({ source, destination, perSecond }: StartOptions): MoveTask {
    const isTarget = [...this.broker.queues()].some(
      ({ settings }) => settings.redrive?.deadLetterTargetArn === source.arn,
    );
    if (!isTarget) throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    if (this.ofSource(source).some(({ status }) => status === 'RUNNING'))
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    const task: MoveTask = {
      id: randomUUID(),
      source: source.name,
      ...(destination && { destination: destination.name }),
      ...(perSecond !== undefined && { perSecond }),
      startedAt: this.broker.now(),
      toMove: source.counts().visible,
      moved: 0,
      status: 'RUNNING',
    };
    this.broker.putTask(task);
    this.run(task);
    return task;
  }

  /** Newest first. */
  ofSource(source: Queue): MoveTask[] {
    return this.broker
      .tasks()
      .filter((task) => task.source === source.name)
      .reverse();
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** The present `task.moved` is the base of the rate, so that a resumed task does not catch up. */
  private run(task: MoveTask): void {
    const { moved, perSecond } = task;
    const begunAt = this.broker.now();
    const mayHaveMoved = () => moved + Math.floor(((this.broker.now() - begunAt) * (perSecond ?? 0)) / 1000);
    const step = () => {
      const running = this.moveUpTo(task.id, perSecond === undefined ? Number.POSITIVE_INFINITY : mayHaveMoved());
      if (running) this.timers.set(task.id, setTimeout(step, perSecond === undefined ? 0 : TICK_MS));
      else this.timers.delete(task.id);
    };
    this.timers.set(task.id, setTimeout(step, 0));
  }

  /** False once the task has ended. */
  private moveUpTo(id: string, total: number): boolean {
    for (let burst = 0; burst < BURST; burst++) {
      const task = this.broker.tasks().find((candidate) => candidate.id === id);
      if (task?.status !== 'RUNNING') return false;
      const source = this.broker.find(task.source);
      const message = task.moved < task.toMove ? source?.firstVisible() : undefined;
      if (!source || !message) {
        this.finish(task, 'COMPLETED');
        return false;
      }
      if (task.moved >= total) return true;
      if (!this.moveOne(task, source, message)) return false;
    }
    return true;
  }

  private moveOne(task: MoveTask, source: Queue, message: Message): boolean {
    const to = [...this.broker.queues()].find(({ name, arn }) =>
      task.destination === undefined ? arn === message.source : name === task.destination,
    );
    if (to) this.broker.move(task, source, message, to);
    else this.finish(task, 'FAILED', whyNowhere(task, message));
    return to !== undefined;
  }

  private finish(task: MoveTask, status: MoveTask['status'], failure?: string): void {
    this.broker.putTask({ ...task, status, ...(failure !== undefined && { failure }) });
  }
}

/** Why a message cannot be moved: a message that was sent to the DLQ directly has no source queue. */
function whyNowhere(task: MoveTask, message: Message): string {
  const unknownSource = task.destination === undefined && message.source === undefined;
  return unknownSource ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue';
}

/** The task as an entry of a ListMessageMoveTasks answer. */
export function describeTask(task: MoveTask): object {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: encodeTaskHandle(task) }),
    Status: task.status,
    SourceArn: arnOf(task.source),
    ...(task.destination !== undefined && { DestinationArn: arnOf(task.destination) }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}

export function encodeTaskHandle(task: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: task.id, sourceArn: arnOf(task.source) })).toString('base64');
}
