import { hidden } from '../../destinations/secret-values.js';
import { givenPayload } from '../../fields/payload-schema.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import { presentRun } from '../task-runs/present-task-run.js';
import type { ListedRun } from '../task-runs/task-run-lists.js';
import { occurrencesAfter, type Schedule, type ScheduleClock } from './schedule.js';
import type { ShownSchedule, WholeSchedule } from './schedule-answers.js';

const UPCOMING = 5;

/** A schedule in lists: without its payload, which could make the page too large. */
export function presentSchedule(schedule: Schedule, clock: ScheduleClock): ShownSchedule {
  return {
    id: schedule.id,
    project_id: schedule.project_id,
    name: schedule.name,
    ...(schedule.key !== undefined && { key: schedule.key }),
    labels: schedule.labels ?? {},
    status: clock.status,
    cron: schedule.cron ?? null,
    timezone: schedule.timezone,
    run_at: timeOrNull(schedule.run_at),
    endpoint_id: schedule.endpoint_id ?? null,
    ...(schedule.target && { target: hidden(schedule.target) }),
    overlap_policy: schedule.overlap_policy,
    misfire_policy: schedule.misfire_policy,
    misfire_grace_seconds: schedule.misfire_grace_seconds,
    start_at: timeOrNull(schedule.start_at),
    end_at: timeOrNull(schedule.end_at),
    max_runs: schedule.max_runs ?? null,
    jitter_seconds: schedule.jitter_seconds ?? null,
    retry_policy_id: schedule.retry_policy_id ?? null,
    ...(schedule.retry_policy && { retry_policy: schedule.retry_policy }),
    ...(schedule.signing_key_id !== undefined && { signing_key_id: schedule.signing_key_id }),
    /** The number of occurrences that have got a run. */
    runs: clock.runs,
    next_run_at: timeOrNull(clock.next_at),
    created_at: isoTime(schedule.created_at),
    updated_at: isoTime(schedule.updated_at),
  };
}

/** A single schedule: with its payload, its next occurrences and its last run. */
export function presentWholeSchedule(
  schedule: Schedule,
  clock: ScheduleClock,
  lastRun: ListedRun | undefined,
): WholeSchedule {
  return {
    ...presentSchedule(schedule, clock),
    payload: givenPayload(schedule.payload),
    upcoming: upcoming(schedule, clock).map(isoTime),
    last_run: lastRun ? presentRun(lastRun) : null,
  };
}

function upcoming(schedule: Schedule, { next_at, runs }: ScheduleClock): number[] {
  if (next_at === undefined) return [];
  const left = Math.min(UPCOMING, (schedule.max_runs ?? Infinity) - runs);
  return occurrencesAfter(schedule, next_at - 1, left);
}
