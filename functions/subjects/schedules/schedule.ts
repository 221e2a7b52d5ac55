import { parseCron } from '../../cron/expression.js';
import { nextOccurrences } from '../../cron/occurrences.js';
import type { Destination } from '../../destinations/http/outcome.js';
import type { Payload } from '../../formats/format.js';
import type { BodyFormat } from '../../formats/formats.js';
import type { RetryPolicy } from '../retry-policies/retry-policy.js';

export type OverlapPolicy = 'skip' | 'allow' | 'cancel_previous';
export type MisfirePolicy = 'fire_once' | 'skip';

/** When to send. It creates task runs, never HTTP calls. Times are Unix milliseconds. */
export interface Schedule {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** Either a cron expression in a time zone, or one moment. */
  readonly cron?: string;
  readonly timezone: string;
  readonly run_at?: number;
  /** Exactly one of the two is set. */
  readonly endpoint_id?: string;
  readonly target?: Destination;
  readonly payload?: Payload;
  readonly overlap_policy: OverlapPolicy;
  readonly misfire_policy: MisfirePolicy;
  readonly misfire_grace_seconds: number;
  readonly start_at?: number;
  readonly end_at?: number;
  readonly max_runs?: number;
  /** Each run is put off by up to this long, always the same for the same occurrence. */
  readonly jitter_seconds?: number;
  readonly retry_policy_id?: string;
  /** A policy by value, instead of one by its id. */
  readonly retry_policy?: RetryPolicy;
  /** An API key that signs the calls, encrypted for the schedule's id. */
  readonly signing_key?: string;
  /** Which key that is; not known of a schedule that release 0.2.0 or earlier made so. */
  readonly signing_key_id?: string;
  /** Of the dialect that made it, whose callers know it by another form of its id. */
  readonly body_format?: Extract<BodyFormat, 'cron-service'>;
  readonly created_at: number;
  readonly updated_at: number;
  /** From 1. Two people who change it at the same time must not undo each other's. */
  readonly version: number;
}

export const SCHEDULE_FIELDS: Record<keyof Schedule, true> = {
  id: true,
  project_id: true,
  name: true,
  cron: true,
  timezone: true,
  run_at: true,
  endpoint_id: true,
  target: true,
  payload: true,
  overlap_policy: true,
  misfire_policy: true,
  misfire_grace_seconds: true,
  start_at: true,
  end_at: true,
  max_runs: true,
  jitter_seconds: true,
  retry_policy_id: true,
  retry_policy: true,
  signing_key: true,
  signing_key_id: true,
  body_format: true,
  created_at: true,
  updated_at: true,
  version: true,
};

export type ScheduleStatus = 'active' | 'paused' | 'completed' | 'deleted';

/**
 * Where a schedule's chain of wake-ups stands: kept apart from the schedule, since it changes with every fire. Each change
 * by a person raises `gen`, which makes every wake-up sent before worthless.
 */
export interface ScheduleClock {
  readonly id: string;
  readonly project_id: string;
  readonly gen: number;
  /** Shard of all its runs, picked once: an occurrence's run must have the same id whoever makes it. */
  readonly shard: number;
  readonly status: ScheduleStatus;
  /** The next occurrence that has no run yet; absent when there is none. */
  readonly next_at?: number;
  /** The nonce of the one wake-up that may fire it. */
  readonly tok?: string;
  /** Occurrences that have got a run, each counted once: `ahead` included, `dropped` not. */
  readonly runs: number;
  /** The occurrences that were made last, oldest first: a change may take back those that have not begun. */
  readonly ahead?: readonly number[];
  /** Occurrences whose runs may lie there, but were taken back by a change: they must not be called, unless made anew. */
  readonly dropped?: readonly number[];
  /** The run that holds the overlap lock, and the claim under which it took it. A pointer only: the truth is that run's own state. */
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
 * The first `count` occurrences of a chain that begins now, or goes on. The one moment of a schedule is among them also when
 * it has passed: whether it still runs then is for the misfire policy.
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
