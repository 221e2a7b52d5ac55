import { shownId } from '../../../core/call/shown-id.js';
import type { ListedRun } from '../../../core/run/run-lists.js';
import type { RunDefinition, RunState, RunStatus } from '../../../core/run/task-run.js';
import { wholeSeconds } from './whole-seconds.js';

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
