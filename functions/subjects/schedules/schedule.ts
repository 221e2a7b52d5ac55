import { parseCron } from '../../cron/expression.js';
import { nextOccurrences } from '../../cron/occurrences.js';
import type { Destination } from '../../destinations/registry.js';
import type { Labels } from '../../fields/labels-schema.js';
import type { Payload } from '../../formats/format.js';
import type { BodyFormat } from '../../formats/formats.js';
import type { Via } from '../../primitives/loops.js';
import type { RetryPolicy } from '../retry-policies/retry-policy.js';

export type OverlapPolicy = 'skip' | 'allow' | 'cancel_previous';
export type MisfirePolicy = 'fire_once' | 'skip';

/** When to send. A schedule creates task runs, never HTTP calls. Times are Unix milliseconds. */
export interface Schedule {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** By which the schedule can be put. */
  readonly key?: string;
  readonly labels?: Labels;
  /** Exactly one of `cron` (in `timezone`) and `run_at` (one moment) is set. */
  readonly cron?: string;
  readonly timezone: string;
  readonly run_at?: number;
  /** Exactly one of `endpoint_id` and `target` is set. */
  readonly endpoint_id?: string;
  readonly target?: Destination;
  readonly payload?: Payload;
  readonly overlap_policy: OverlapPolicy;
  readonly misfire_policy: MisfirePolicy;
  readonly misfire_grace_seconds: number;
  readonly start_at?: number;
  readonly end_at?: number;
  readonly max_runs?: number;
  /** Each run is delayed by up to this long, always the same for the same occurrence. */
  readonly jitter_seconds?: number;
  readonly retry_policy_id?: string;
  /** A policy by value, instead of one by its id. */
  readonly retry_policy?: RetryPolicy;
  /** An API key that signs the calls, encrypted for the schedule's id. */
  readonly signing_key?: string;
  /** The id of that key; unknown for a schedule that release 0.2.0 or earlier made. */
  readonly signing_key_id?: string;
  /** The dialect that made the schedule; the dialect's callers know another form of its id. */
  readonly body_format?: Extract<BodyFormat, 'cron-service'>;
  /** The runs whose calls led to the schedule. */
  readonly via?: Via;
  readonly created_at: number;
  readonly updated_at: number;
  /** From 1. Of two changes at the same time, neither must undo the other. */
  readonly version: number;
}

export type ScheduleStatus = 'active' | 'paused' | 'completed' | 'deleted';

/**
 * The position of a schedule's chain of wake-ups: an item of its own, since it changes with every fire. Each change by
 * a person raises `gen`, which invalidates every wake-up that was sent before.
 */
export interface ScheduleClock {
  readonly id: string;
  readonly project_id: string;
  readonly gen: number;
  /** Shard of all its runs, chosen once: an occurrence's run has the same id from every worker. */
  readonly shard: number;
  readonly status: ScheduleStatus;
  /** The next occurrence that has no run yet; absent if there is none. */
  readonly next_at?: number;
  /** The nonce of the one wake-up that may fire `next_at`. */
  readonly tok?: string;
  /** Number of occurrences that have got a run, each counted once: `ahead` included, `dropped` not. */
  readonly runs: number;
  /** The occurrences that got a run last, oldest first: a change may drop those whose run has not begun. */
  readonly ahead?: readonly number[];
  /** Occurrences that a change has dropped: their runs may exist, and must not be called unless they are made again. */
  readonly dropped?: readonly number[];
  /** The run that holds the overlap lock, and its claim. Only a pointer: the truth is that run's own state. */
  readonly lock_run?: string;
  readonly lock_claim?: string;
}

type Times = Pick<Schedule, 'cron' | 'timezone' | 'run_at' | 'start_at' | 'end_at'>;

/** At most `count` occurrences strictly after `after`, within the schedule's start and end. */
export function occurrencesAfter(times: Times, after: number, count: number): number[] {
  const from = Math.max(after, (times.start_at ?? 0) - 1);
  const end = times.end_at ?? Infinity;
  return unbounded(times, from, count).filter((at) => at <= end);
}

/**
 * The first `count` occurrences of a chain that begins or continues now. The one moment of a schedule is included even
 * if it has passed: the misfire policy then decides whether it runs.
 */
export function occurrencesFrom(times: Times, now: number, count: number): number[] {
  return occurrencesAfter(times, Math.min(now, (times.run_at ?? Infinity) - 1), count);
}

/** Whether the schedule, as it is now, has an occurrence at this moment. */
export function isOccurrence(times: Times, at: number): boolean {
  return occurrencesAfter(times, at - 1, 1)[0] === at;
}

function unbounded({ cron, timezone, run_at }: Times, after: number, count: number): number[] {
  if (cron === undefined) return run_at !== undefined && run_at > after ? [run_at] : [];
  return nextOccurrences(parseCron(cron), timezone, after, count).map(({ at }) => at);
}
