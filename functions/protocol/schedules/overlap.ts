import { ConflictError } from '../../primitives/faults.js';
import { wants } from '../../subjects/schedules/change-plan.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { RunPorts, ScheduleKey } from '../rules/ports.js';
import { superseded } from '../rules/transitions.js';
import { giveUpRetry } from '../runs/run-operations.js';

/** A cancelled call is aborted within about a second. */
const CANCEL_TAKES_MS = 1_000;
/** A retry waits this long before it checks again whether the executing run has ended. */
const RETRY_WAITS_MS = 3_000;

export type LockOutcome =
  | { readonly lock: 'taken' }
  | { readonly lock: 'skip'; readonly holder: string }
  | { readonly lock: 'wait'; readonly until: number };

/**
 * The gate. A run exists seconds before it is due, so whether it is still wanted is decided at the due moment: not if
 * the schedule was paused or deleted meanwhile, or has dropped the occurrence. Answers also the clock, if it was read,
 * and the schedule, if it has changed since the run was made.
 */
export async function isStillWanted(
  ports: Pick<RunPorts, 'schedules'>,
  run: RunDefinition,
): Promise<{ readonly wanted: boolean; readonly clock?: ScheduleClock; readonly changed?: Schedule }> {
  if (run.source.type !== 'schedule' || run.occurrence === undefined) return { wanted: true };
  const { schedule, clock } = await ports.schedules.find(scheduleOf(run));
  if (schedule === undefined || clock === undefined) return { wanted: false };
  const wanted = wants(schedule, clock, run.occurrence);
  const isOld = (run.schedule_version ?? 0) < schedule.version;
  return { wanted, clock, ...(isOld && { changed: schedule }) };
}

/**
 * Takes the schedule's overlap lock for a run that *is claimed already*, under that claim. So the lock's holder
 * executes from the moment at which it holds the lock: of two runs that come together one sees the other. No write
 * releases the lock: it is a pointer, and the truth is the state of the run it points at. A retry, or a worker that
 * reclaims, writes its own claim even if the lock points at its run. Otherwise another run that looked at this run just
 * before could take the lock unnoticed. `seen`: the clock, as read at any earlier time; the write is conditional on it.
 */
export async function takeOverlapLock(
  ports: RunPorts,
  run: RunDefinition,
  { attempt, nonce: claim = '' }: Pick<RunState, 'attempt' | 'nonce'>,
  seen?: ScheduleClock,
): Promise<LockOutcome> {
  const key = scheduleOf(run);
  for (let clock = seen; ; clock = undefined) {
    clock ??= (await ports.schedules.find(key)).clock;
    if (clock === undefined) return { lock: 'taken' }; // the schedule is gone: nothing can overlap
    const { lock_run: holder, lock_claim } = clock;
    if (holder !== undefined && holder !== run.id) {
      const refused = await yieldTo(ports, run, attempt, holder);
      if (refused) return refused;
    }
    const isMine = holder === run.id && lock_claim === claim;
    if (isMine || (await ports.schedules.takeLock(clock, run.id, claim))) return { lock: 'taken' };
  }
}

/** The run that holds the schedule's lock and executes now, if there is one. */
export async function executingRun(
  ports: Pick<RunPorts, 'clock' | 'runs' | 'schedules'>,
  key: ScheduleKey,
): Promise<string | undefined> {
  const holder = (await ports.schedules.find(key)).clock?.lock_run;
  if (holder === undefined) return undefined;
  const { state } = await ports.runs.find({ project: key.project, run: holder });
  return state && isExecuting(state, ports.clock.now()) ? holder : undefined;
}

/** Undefined if the holder does not execute: a holder that waits for a retry does not block the lock. */
async function yieldTo(
  ports: RunPorts,
  run: RunDefinition,
  attempt: number,
  holder: string,
): Promise<LockOutcome | undefined> {
  const key = { project: run.project_id, run: holder };
  const { definition, state } = await ports.runs.find(key);
  const now = ports.clock.now();
  const older = holder < run.id;
  if (state === undefined || !isExecuting(state, now)) {
    const isGivenUp = run.overlap === 'cancel_previous' && older && state?.status === 'retry_scheduled';
    if (isGivenUp && definition && !(await gaveUp(ports, definition, state)))
      return yieldTo(ports, run, attempt, holder);
    return undefined;
  }
  // An older occurrence never cancels a newer one.
  if (run.overlap === 'cancel_previous' && older) {
    if (!state.cancel_requested) await ports.runs.advance(key, state, superseded(state));
    return { lock: 'wait', until: now + CANCEL_TAKES_MS };
  }
  return attempt === 1 ? { lock: 'skip', holder } : { lock: 'wait', until: now + RETRY_WAITS_MS };
}

/** The run ends as a failure, since its calls have failed. Answers false if it does not wait any more. */
async function gaveUp(ports: RunPorts, run: RunDefinition, waiting: RunState): Promise<boolean> {
  try {
    await giveUpRetry(ports, run, waiting);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

/** Whether an HTTP call is in progress. The call of a lost worker counts until its lease is over. */
function isExecuting({ status, lease = 0 }: RunState, now: number): boolean {
  return status === 'running' && lease > now;
}

function scheduleOf(run: RunDefinition): ScheduleKey {
  return { project: run.project_id, schedule: run.source.id! };
}
