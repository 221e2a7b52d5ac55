import { ConflictError } from '../../primitives/faults.js';
import { wants } from '../../subjects/schedules/change-plan.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { RunPorts, ScheduleKey } from '../rules/ports.js';
import { superseded } from '../rules/transitions.js';
import { giveUpRetry } from '../runs/run-operations.js';

/** A cancelled call is broken off within about a second. */
const CANCEL_TAKES_MS = 1_000;
/** A retry looks again this much later whether the run that executes has ended. */
const RETRY_WAITS_MS = 3_000;

export type LockOutcome =
  | { readonly lock: 'taken' }
  | { readonly lock: 'skip'; readonly holder: string }
  | { readonly lock: 'wait'; readonly until: number };

/**
 * Runs exist seconds before they are due; so it is decided at the due moment whether they still should: not when the
 * schedule was paused or deleted meanwhile, or has taken the occurrence back. Answers also the clock, if it looked, and
 * the schedule where it has changed since the run was made.
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
 * Takes the schedule's overlap lock for a run that *is claimed already*, under that claim: whoever holds it is then
 * executing from the moment it does, so of two that come together one sees the other. There is no release: the lock is a
 * pointer, and the truth is the state of the run it points at. A retry, or a worker that takes over, writes its own claim
 * even where the lock points at its run; else who looked at the run just before could take the lock unnoticed.
 * `seen` is the clock as it was seen before, at any time: what has changed since is noticed.
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
    if (clock === undefined) return { lock: 'taken' }; // the schedule is gone, and with it what could overlap
    const { lock_run: holder, lock_claim } = clock;
    if (holder !== undefined && holder !== run.id) {
      const refused = await yieldTo(ports, run, attempt, holder);
      if (refused) return refused;
    }
    const isMine = holder === run.id && lock_claim === claim;
    if (isMine || (await ports.schedules.takeLock(clock, run.id, claim))) return { lock: 'taken' };
  }
}

/** The run of the schedule that holds its lock and executes now, if one does. */
export async function executingRun(
  ports: Pick<RunPorts, 'clock' | 'runs' | 'schedules'>,
  key: ScheduleKey,
): Promise<string | undefined> {
  const holder = (await ports.schedules.find(key)).clock?.lock_run;
  if (holder === undefined) return undefined;
  const { state } = await ports.runs.find({ project: key.project, run: holder });
  return state && isExecuting(state, ports.clock.now()) ? holder : undefined;
}

/** Nothing when the holder is not executing: one that merely waits for a retry does not stand in the way. */
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

/** Its calls so far have failed, so it ends as a failure. Answers whether it still waited, and no retry was faster. */
async function gaveUp(ports: RunPorts, run: RunDefinition, waiting: RunState): Promise<boolean> {
  try {
    await giveUpRetry(ports, run, waiting);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

/** An HTTP call is in flight; that of a lost worker until its lease is over. */
function isExecuting({ status, lease = 0 }: RunState, now: number): boolean {
  return status === 'running' && lease > now;
}

function scheduleOf(run: RunDefinition): ScheduleKey {
  return { project: run.project_id, schedule: run.source.id! };
}
