import { shownId } from '../../../formats/formats.js';
import { isoTime } from '../../../primitives/moments.js';
import type { RetryPolicy } from '../../../subjects/retry-policies/retry-policy.js';
import type { ScheduleClock } from '../../../subjects/schedules/schedule.js';
import type { RunDefinition, RunState, RunStatus } from '../../../subjects/task-runs/task-run.js';
import type { ListedRun } from '../../../subjects/task-runs/task-run-lists.js';
import { oneMessage } from '../../http/dialect.js';
import type { Problem } from '../../http/problem.js';
import type { RouteAnswer } from '../../http/route.js';
import { givenJob, type Job } from './job-schema.js';

/** This dialect's form of a time: ISO 8601, UTC, without a fraction. */
export function wholeSeconds(at: number): string {
  return isoTime(at).replace(/\.\d+Z$/, 'Z');
}

type Run = Pick<ListedRun, 'definition' | 'state'>;

/** One run is one execution, with all its retries. Between two calls the run waits and overlaps with no other run. */
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

/** An execution that has just begun. */
export function presentStart({ id, source, due }: RunDefinition, { first_attempt }: Pick<RunState, 'first_attempt'>) {
  return {
    executionId: shownId('cron-service', id),
    trigger: source.type === 'manual' ? 'MANUAL' : 'SCHEDULED',
    startedAt: wholeSeconds(first_attempt?.started_at ?? due),
  };
}

/** Milliseconds from the first call's start to the last call's end; null while the run is open, and without a call. */
function durationOf({ first_attempt, later_attempts, finished_at }: RunState): number | null {
  if (first_attempt === undefined || finished_at === undefined) return null;
  return (later_attempts.length > 0 ? finished_at : first_attempt.finished_at) - first_attempt.started_at;
}

function timedOut({ status, last_error }: RunState): boolean {
  return status === 'dead_letter' && last_error !== undefined && last_error.code.startsWith('timeout_');
}

/** A job in the answer of its creation, and in lists. */
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

/** A single job, with every field that can be changed. */
export function presentWholeJob(job: Job, clock: ScheduleClock, policy: RetryPolicy) {
  const { state: _state, ...given } = givenJob(job, clock.status, policy);
  const signingKeyId = job.signing_key_id ?? null;
  return { ...presentJob(job, clock), body: null, ...given, signingKeyId, updatedAt: wholeSeconds(job.updated_at) };
}

export function ok(data: unknown, status: RouteAnswer['status'] = 200, location?: string): RouteAnswer {
  return { status, body: { status: 'OK', data }, ...(location !== undefined && { location }) };
}

export function cronServiceError(problem: Problem) {
  return { status: problem.status, body: { status: 'ERROR', message: oneMessage(problem, 'cron-service') } };
}
