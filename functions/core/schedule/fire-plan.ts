import { createHash } from 'node:crypto';
import { type RetryPolicy, totalDelayMs } from '../endpoint/retry-policy.js';
import { makeId } from '../ids.js';
import type { RunDefinition } from '../run/task-run.js';
import type { Schedule, ScheduleClock } from './schedule.js';
import { occurrencesAfter } from './schedule-times.js';

/** One wake-up covers the occurrences of a minute: an expression with seconds has up to sixty. */
const COVERED_MS = 60_000;
const COVERED_MOST = 60;

export interface FirePlan {
  /** The occurrences that get a run now, oldest first. */
  readonly occurrences: readonly number[];
  /** Their moment was missed, and the schedule says to skip it then: their runs are `skipped`. */
  readonly skipped: boolean;
  /** The next occurrence; absent when the schedule has come to its end. */
  readonly next?: number;
}

/**
 * What a fire at the chain's position has to do. A position missed by more than the grace stands for everything that was
 * missed since: it runs once (or is skipped), and the chain goes on after now.
 */
export function planFire(schedule: Schedule, clock: ScheduleClock & { next_at: number }, now: number): FirePlan {
  const position = clock.next_at;
  const left = (schedule.max_runs ?? Infinity) - clock.runs;
  const missed = now - position > schedule.misfire_grace_seconds * 1000;
  const covered = missed ? [position] : coveredFrom(schedule, position, Math.min(left, COVERED_MOST));
  const next = occurrencesAfter(schedule, missed ? now : covered.at(-1)!, 1)[0];
  return {
    occurrences: covered,
    skipped: missed && schedule.misfire_policy === 'skip',
    ...(next !== undefined && left > covered.length && { next }),
  };
}

function coveredFrom(schedule: Schedule, position: number, most: number): number[] {
  const following = most > 1 ? occurrencesAfter(schedule, position, most - 1) : [];
  return [position, ...following.filter((at) => at < position + COVERED_MS)];
}

/** The run of an occurrence: the same id whoever makes it, and however often. */
export function runOfOccurrence(
  schedule: Schedule,
  occurrence: number,
  shard: number,
  policy: RetryPolicy,
  keepMs: number,
): RunDefinition {
  const hash = createHash('sha256').update(`${schedule.id} ${occurrence}`).digest();
  const due = occurrence + Math.floor((schedule.jitter_seconds ?? 0) * 1000 * (hash.readUInt32BE(8) / 2 ** 32));
  return {
    ...scheduledRun(schedule, policy),
    id: makeId('run', occurrence, hash, shard),
    source: { type: 'schedule', id: schedule.id },
    occurrence,
    due,
    created_at: occurrence,
    expires_at: due + totalDelayMs(policy) + keepMs,
  };
}

/** What all runs of a schedule have in common. */
export function scheduledRun(
  schedule: Schedule,
  policy: RetryPolicy,
): Omit<RunDefinition, 'id' | 'source' | 'due' | 'created_at' | 'expires_at'> {
  const { project_id, endpoint_id, target, payload, retry_policy_id, retry_policy, signing_key, overlap_policy } =
    schedule;
  return {
    project_id,
    ...(endpoint_id !== undefined && { endpoint_id }),
    ...(target && { target }),
    ...(payload && { payload }),
    ...(retry_policy_id !== undefined && { retry_policy_id }),
    ...(retry_policy && { retry_policy }),
    ...(signing_key !== undefined && { signing_key }),
    max_attempts: policy.max_attempts,
    ...(overlap_policy !== 'allow' && { overlap: overlap_policy }),
  };
}
