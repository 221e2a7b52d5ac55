import { randomUUID } from 'node:crypto';
import { TimeHeap } from '../time-heap.js';
import type { Ledger } from './ledger.js';
import { messageOf } from './message.js';
import { dueOf, type Invocation } from './schedule.js';

export type Send = (queueArn: string, body: string) => void | Promise<void>;

/** Faults of the clock within AWS's promises. */
export interface TimerWeather {
  /** Moment at which the schedule, armed at `armedAt` and due at `due`, really fires (all ms). */
  firesAt(scheduleArn: string, armedAt: number, due: number): number;
  /** Whether the present invocation is made a second time. */
  firesTwice(): boolean;
}

const FAIR_WEATHER: TimerWeather = { firesAt: (_arn, _armedAt, due) => due, firesTwice: () => false };

/** setTimeout fires at once for a longer time. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const FIRST_RETRY_MS = 1000;
const SLOWEST_RETRY_MS = 60_000;

/**
 * Fires schedules that are due: at the exact moment, where AWS fires within the minute. An invocation is settled, and
 * its finished schedule deleted, only after its message is sent: a crash in between sends the message again.
 */
export class Clockwork {
  /** Schedules (by ARN) and tries of invocations (by id), by the moments of their next fire and next try. */
  private readonly fires = new TimeHeap<string>();
  private readonly tries = new TimeHeap<string>();
  /** The number of the try that an invocation waits for, from 1. */
  private readonly attempts = new Map<string, number>();
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly send: Send,
    private readonly now: () => number,
    private readonly weather = FAIR_WEATHER,
  ) {
    for (const id of ledger.invocations.keys()) this.tryAt(id, 1, now());
    for (const arn of ledger.schedules.keys()) this.place(arn);
    ledger.onSchedule = (arn) => this.place(arn);
    this.wind();
  }

  /** Fires all schedules that are due by now; resolves when their messages are sent or have failed. */
  async tick(): Promise<void> {
    if (this.closed) return;
    const isDue = (heap: TimeHeap<string>) => heap.first !== undefined && heap.first.at <= this.now();
    while (isDue(this.fires)) this.fire(this.fires.first!.item);
    while (isDue(this.tries)) this.attempt(this.tries.first!.item);
    this.wind();
    await Promise.all(this.underWay);
  }

  /** Sets the timer again; call this whenever a schedule may be due earlier than before. */
  wind(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    const nearest = Math.min(this.fires.first?.at ?? Infinity, this.tries.first?.at ?? Infinity);
    if (nearest === Infinity) return;
    const wait = Math.min(Math.max(nearest - this.now(), 0), LONGEST_TIMEOUT_MS);
    this.timer = setTimeout(() => this.tick(), wait);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await Promise.all(this.underWay);
  }

  /** Puts the schedule at the moment of its next fire, if it has one. */
  private place(arn: string): void {
    const schedule = this.ledger.schedules.get(arn);
    const due = schedule && dueOf(schedule);
    if (schedule === undefined || due === undefined) this.fires.delete(arn);
    else this.fires.set(arn, this.weather.firesAt(arn, schedule.armedAt, due));
  }

  private fire(arn: string): void {
    const schedule = this.ledger.schedules.get(arn)!;
    const id = randomUUID();
    const now = this.now();
    const target = schedule.definition.Target;
    // The record sets the schedule's firedAt, and so takes the schedule out of `fires`.
    this.ledger.record({ invocation: { id, scheduleArn: arn, target, due: dueOf(schedule)!, startedAt: now } });
    this.tryAt(id, 1, now);
  }

  private tryAt(id: string, attempt: number, at: number): void {
    this.attempts.set(id, attempt);
    this.tries.set(id, at);
  }

  private attempt(id: string): void {
    const attempt = this.attempts.get(id)!;
    this.tries.delete(id);
    this.attempts.delete(id);
    const invocation = this.ledger.invocations.get(id)!;
    const sending = this.deliver(invocation, attempt).finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  private async deliver(invocation: Invocation, attempt: number): Promise<void> {
    try {
      await this.send(invocation.target.Arn, messageOf(invocation, attempt));
      if (this.weather.firesTwice()) await this.send(invocation.target.Arn, messageOf(invocation, attempt));
    } catch (error) {
      if (this.retry(invocation, attempt)) return;
      await this.bury(invocation, attempt, error);
    }
    this.settle(invocation);
  }

  /** Whether the retry policy allows another attempt, which is then due after an exponential backoff. */
  private retry(invocation: Invocation, attempt: number): boolean {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = invocation.target.RetryPolicy;
    const at = this.now() + Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), SLOWEST_RETRY_MS);
    const tooOld = at - invocation.startedAt > MaximumEventAgeInSeconds * 1000;
    if (attempt > MaximumRetryAttempts || tooOld) return false;
    this.tryAt(invocation.id, attempt + 1, at);
    this.wind();
    return true;
  }

  private async bury(invocation: Invocation, attempt: number, error: unknown): Promise<void> {
    const deadLetterQueue = invocation.target.DeadLetterConfig?.Arn;
    try {
      if (!deadLetterQueue) throw error;
      await this.send(deadLetterQueue, messageOf(invocation, attempt));
    } catch (lost) {
      console.error(`${invocation.scheduleArn} could not reach its target and is given up`, lost);
    }
  }

  private settle({ id, scheduleArn }: Invocation): void {
    this.ledger.record({ settled: id });
    const schedule = this.ledger.schedules.get(scheduleArn);
    if (schedule?.definition.ActionAfterCompletion !== 'DELETE') return;
    const completed = schedule.definition.State === 'ENABLED' && dueOf(schedule) === undefined;
    if (completed) this.ledger.record({ scheduleDeleted: scheduleArn });
  }
}
