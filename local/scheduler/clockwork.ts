import { randomUUID } from 'node:crypto';
import type { Ledger } from './ledger.js';
import { messageOf } from './message.js';
import { dueOf, type Invocation, type Schedule } from './schedule.js';

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

interface Try {
  attempt: number;
  /** Moment of the next try, ms. */
  at: number;
}

/**
 * Fires schedules that are due: at the exact moment, where AWS fires within the minute. An invocation is settled, and
 * its finished schedule deleted, only after its message is sent: a crash in between sends the message again.
 */
export class Clockwork {
  private readonly tries = new Map<string, Try>();
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly send: Send,
    private readonly now: () => number,
    private readonly weather = FAIR_WEATHER,
  ) {
    for (const id of ledger.invocations.keys()) this.tries.set(id, { attempt: 1, at: now() });
    this.wind();
  }

  /** Fires all schedules that are due by now; resolves when their messages are sent or have failed. */
  async tick(): Promise<void> {
    if (this.closed) return;
    for (const [arn, schedule] of this.ledger.schedules) this.fireIfDue(arn, schedule);
    for (const [id, next] of this.tries) if (next.at <= this.now()) this.attempt(id, next);
    this.wind();
    await Promise.all(this.underWay);
  }

  /** Sets the timer again; call this whenever a schedule may be due earlier than before. */
  wind(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    let nearest = Number.POSITIVE_INFINITY;
    for (const [arn, schedule] of this.ledger.schedules) nearest = Math.min(nearest, this.firesAt(arn, schedule));
    for (const { at } of this.tries.values()) nearest = Math.min(nearest, at);
    if (nearest === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(nearest - this.now(), 0), LONGEST_TIMEOUT_MS);
    this.timer = setTimeout(() => this.tick(), wait);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await Promise.all(this.underWay);
  }

  private fireIfDue(arn: string, schedule: Schedule): void {
    const due = dueOf(schedule);
    const now = this.now();
    if (due === undefined || this.firesAt(arn, schedule) > now) return;
    const id = randomUUID();
    const target = schedule.definition.Target;
    this.ledger.record({ invocation: { id, scheduleArn: arn, target, due, startedAt: now } });
    this.tries.set(id, { attempt: 1, at: now });
  }

  private firesAt(arn: string, schedule: Schedule): number {
    const due = dueOf(schedule);
    return due === undefined ? Number.POSITIVE_INFINITY : this.weather.firesAt(arn, schedule.armedAt, due);
  }

  private attempt(id: string, { attempt }: Try): void {
    this.tries.delete(id);
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
    this.tries.set(invocation.id, { attempt: attempt + 1, at });
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
