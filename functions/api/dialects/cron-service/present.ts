import { shownId } from '../../../formats/formats.js';
import { isoTime } from '../../../primitives/moments.js';
import type { RetryPolicy } from '../../../subjects/retry-policies/retry-policy.js';
import type { ScheduleClock } from '../../../subjects/schedules/schedule.js';
import type { RunDefinition, RunState, RunStatus } from '../../../subjects/task-runs/task-run.js';
import type { ListedRun } from '../../../subjects/task-runs/task-run-lists.js';
import { givenJob, type Job } from './job-schema.js';

/** A time as this dialect shows it: ISO 8601, UTC, without a fraction. */
export function wholeSeconds(at: number): string {
  return isoTime(at).replace(/\.\d+Z$/, 'Z');
}

type Run = Pick<ListedRun, 'definition' | 'state'>;

/** One run is one execution, however many calls its retries make. Between two of them it waits, and overlaps with none. */
const RESULTS: Readonly<Record<RunStatus, string>> = {
  pending: 'RUNNING',
  running: 'RUNNING',
  retry_scheduled: 'WAITING',
  success: 'SUCCESS',
  dead_letter: 'FAILED',
  skipped: 'SKIPPED',
  cancelled: 'CANCELLED',
};

export function presentExecution({ definition, state }: Run) {
  return {
    ...presentStart(definition, state),
    durationMs: durationOf(state),
    httpStatus: state.last_status ?? null,
    result: timedOut(state) ? 'TIMED_OUT' : RESULTS[state.status],
  };
}

/** An execution that has only just begun. */
export function presentStart({ id, source, due }: RunDefinition, { first_attempt }: Pick<RunState, 'first_attempt'>) {
  return {
    executionId: shownId('cron-service', id),
    trigger: source.type === 'manual' ? 'MANUAL' : 'SCHEDULED',
    startedAt: wholeSeconds(first_attempt?.started_at ?? due),
  };
}

/** From the first call's start to the last one's end; null before that, and when nothing was called. */
function durationOf({ first_attempt, later_attempts, finished_at }: RunState): number | null {
  if (first_attempt === undefined || finished_at === undefined) return null;
  return (later_attempts.length > 0 ? finished_at : first_attempt.finished_at) - first_attempt.started_at;
}

function timedOut({ status, last_error }: RunState): boolean {
  return status === 'dead_letter' && last_error !== undefined && last_error.code.startsWith('timeout_');
}

/** A job as its creation answers it, and as lists show it. */
export function presentJob(job: Job, { status, next_at }: ScheduleClock) {
  return {
    jobId: shownId('cron-service', job.id),
    name: job.name,
    cronExpression: job.cron,
    state: status.toUpperCase(),
    nextRunAt: next_at === undefined ? null : wholeSeconds(next_at),
    overlapPolicy: job.overlap_policy.toUpperCase(),
    createdAt: wholeSeconds(job.created_at),
  };
}

/** A single job, with everything that can be changed. */
export function presentWholeJob(job: Job, clock: ScheduleClock, policy: RetryPolicy) {
  const { state: _state, ...given } = givenJob(job, clock.status, policy);
  const signingKeyId = job.signing_key_id ?? null;
  return { ...presentJob(job, clock), body: null, ...given, signingKeyId, updatedAt: wholeSeconds(job.updated_at) };
}
