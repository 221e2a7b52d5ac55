import { createHash } from 'node:crypto';
import { defined } from '../../primitives/defined.js';
import { makeId } from '../../primitives/ids.js';
import { type RetryPolicy, totalDelayMs } from '../retry-policies/retry-policy.js';
import type { RunDefinition } from '../task-runs/task-run.js';
import { occurrencesAfter, type Schedule, type ScheduleClock } from './schedule.js';

/** One wake-up covers the occurrences of a minute: up to sixty, if the expression has seconds. */
const COVERED_MS = 60_000;
const COVERED_MOST = 60;

/** A clock that has a position. */
export type ActiveClock = ScheduleClock & { readonly next_at: number };

export interface FirePlan {
  /** The occurrences that get a run now, oldest first. */
  readonly occurrences: readonly number[];
  /** Their moment was missed, and the schedule's misfire policy is `skip`: their runs are `skipped`. */
  readonly skipped: boolean;
  /** The next occurrence; absent at the end of the schedule. */
  readonly next?: number;
}

/**
 * What a fire at the chain's position does. A position that is missed by more than the grace stands for all occurrences
 * missed since: it runs once, and the chain goes on after now. It is skipped only if its wake-up itself came too late
 * (`received`): late handling of the wake-up is no reason to skip. Runs that an earlier try has `made` stay, and count.
 */
export function planFire(
  schedule: Schedule,
  clock: ActiveClock,
  { now, received, made = [] }: { now: number; received: number; made?: readonly number[] },
): FirePlan {
  const position = clock.next_at;
  const missed = isMissed(schedule, clock, now);
  const occurrences = missed ? [...new Set([position, ...made])] : coveredBy(schedule, clock);
  const isOver = (schedule.max_runs ?? Infinity) - clock.runs <= occurrences.length;
  const last = occurrences.at(-1)!;
  const next = isOver ? undefined : occurrencesAfter(schedule, missed ? Math.max(now, last) : last, 1)[0];
  const skipped = schedule.misfire_policy === 'skip' && isMissed(schedule, clock, received) && made.length === 0;
  return { occurrences, skipped: missed && skipped, ...(next !== undefined && { next }) };
}

export function isMissed({ misfire_grace_seconds }: Schedule, { next_at }: ActiveClock, now: number): boolean {
  return now - next_at > misfire_grace_seconds * 1000;
}

/** The occurrences of which a fire on time makes runs. */
export function coveredBy(schedule: Schedule, { next_at: position, runs }: ActiveClock): number[] {
  const most = Math.min((schedule.max_runs ?? Infinity) - runs, COVERED_MOST);
  const following = most > 1 ? occurrencesAfter(schedule, position, most - 1) : [];
  return [position, ...following.filter((at) => at < position + COVERED_MS)];
}

/** The run of an occurrence, with the same id at every repeat. `now`: a late run's TTL counts from there. */
export function runOfOccurrence(
  schedule: Schedule,
  occurrence: number,
  shard: number,
  policy: RetryPolicy,
  keepMs: number,
  now = 0,
): RunDefinition {
  const due = dueOf(schedule, occurrence);
  return {
    ...scheduledRun(schedule, policy),
    id: runIdOf(schedule, occurrence, shard),
    source: { type: 'schedule', id: schedule.id },
    occurrence,
    schedule_version: schedule.version,
    due,
    created_at: occurrence,
    expires_at: Math.max(due, now) + totalDelayMs(policy) + keepMs,
  };
}

export function runIdOf(schedule: Pick<Schedule, 'id'>, occurrence: number, shard: number): string {
  return makeId('run', occurrence, hashOf(schedule, occurrence), shard);
}

/** When the run of an occurrence is due: delayed by the schedule's jitter, by the same time at every repeat. */
export function dueOf(schedule: Schedule, occurrence: number): number {
  const jitterMs = (schedule.jitter_seconds ?? 0) * 1000;
  return jitterMs === 0
    ? occurrence
    : occurrence + Math.floor(jitterMs * (hashOf(schedule, occurrence).readUInt32BE(8) / 2 ** 32));
}

function hashOf({ id }: Pick<Schedule, 'id'>, occurrence: number): Buffer {
  return createHash('sha256').update(`${id} ${occurrence}`).digest();
}

/** The fields that all runs of a schedule have in common. */
export function scheduledRun(
  schedule: Schedule,
  policy: RetryPolicy,
): Omit<RunDefinition, 'id' | 'source' | 'due' | 'created_at' | 'expires_at'> {
  const { project_id, name: title, labels, endpoint_id, target, payload, overlap_policy, via } = schedule;
  const { retry_policy_id, retry_policy, signing_key, body_format } = schedule;
  return {
    project_id,
    title,
    ...defined({ labels, endpoint_id, target, payload, retry_policy_id, retry_policy, signing_key, body_format, via }),
    max_attempts: policy.max_attempts,
    ...(overlap_policy !== 'allow' && { overlap: overlap_policy }),
  };
}
