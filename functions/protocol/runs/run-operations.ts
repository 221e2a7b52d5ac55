import { ConflictError } from '../../primitives/faults.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import type { Lane } from '../../subjects/endpoints/endpoint.js';
import { isFinal, pendingState, type RunDefinition, type RunState } from '../../subjects/task-runs/task-run.js';
import { performDeath, performLastAttempt } from '../effects/effects.js';
import { livingBeyond, outlive, revive } from '../messages/life.js';
import { deliverToken, destinationOf, laneOf, sendToRunsLane, settleToken } from '../messages/send-run.js';
import { deadState } from '../rules/attempt-decision.js';
import type { RunKey, RunPorts } from '../rules/ports.js';
import { cancelled, cancelRequested, dead, reopened, rescheduled } from '../rules/transitions.js';

/**
 * Creates a task run: the token first, then the definition, then the caller answers. In the other order, a process that
 * dies in between leaves a visible run without a message. A repeat with the same definition changes nothing. `lane` is
 * looked up unless the caller knows it.
 * @param due when the first call is made, if that is not the moment that the run is for
 */
export async function createRun(
  ports: Pick<RunPorts, 'clock' | 'config' | 'runs' | 'wakeUps'>,
  run: RunDefinition,
  lane?: Lane,
  due = run.due,
): Promise<void> {
  const token = deliverToken(run, 1, due, ports.clock.now());
  await (lane ? ports.wakeUps.sendToLane(lane, token, due) : sendToRunsLane(ports, run, token, due));
  await ports.runs.create(run);
}

/**
 * Creates a task run beyond its project's runs of the day: a dead letter from the start, which can be replayed, and not
 * called. The definition is written last, as everywhere. A run that an earlier try has created, and that has begun, goes
 * on.
 */
export async function createBeyondQuota(ports: RunPorts, run: RunDefinition): Promise<void> {
  const key = { project: run.project_id, run: run.id };
  const death = dead(pendingState(run), 'over_quota', ports.clock.now());
  const state = (await ports.runs.begin(key, death)) ? death : (await ports.runs.find(key)).state;
  if (state?.reason === 'over_quota') await performDeath(ports, run, state);
  await ports.runs.create(run);
}

/**
 * Cancels a waiting run; asks the worker of a running attempt to stop (it looks about every second). Cancelling a
 * cancelled run changes nothing.
 * @throws ConflictError if the run ended otherwise
 */
export async function cancelRun(ports: RunPorts, run: RunDefinition): Promise<void> {
  const after = await changeState(ports, run, (state) => {
    if (state.status === 'cancelled' || (state.cancel_requested && !state.superseded)) return undefined;
    if (isFinal(state.status))
      throw new ConflictError(`The task run is ${state.status}; it cannot be cancelled any more.`);
    return state.status === 'running' ? cancelRequested(state) : cancelled(state, ports.clock.now());
  });
  // As in `runRetryNow`: no later worker performs the last attempt's effects.
  await performLastAttempt(ports, run, after);
  // Never before the commit: if the cancel fails, the run still needs its wake-up.
  await ports.wakeUps.disarm(run.id, after.attempt + 1);
}

/**
 * Cancels a run only if it has not begun. A repeat of the same request, made at `at`, finds its own cancel.
 * @throws ConflictError if the run is not pending
 */
export async function cancelPendingRun(
  ports: Pick<RunPorts, 'runs' | 'wakeUps'>,
  run: RunDefinition,
  at: number,
): Promise<void> {
  const after = await changeState(ports, run, (state) => {
    if (state.status === 'cancelled' && state.finished_at === at) return undefined;
    if (state.status !== 'pending') throw new ConflictError(`The task run is ${state.status}, not pending.`);
    return cancelled(state, at);
  });
  await ports.wakeUps.disarm(run.id, after.attempt + 1);
}

/**
 * Makes the waiting retry job's attempt now: the token first, then the new due moment. The old token finds the attempt
 * made.
 * @throws ConflictError if no retry is waiting
 */
export async function runRetryNow(ports: RunPorts, run: RunDefinition, waiting: RunState): Promise<void> {
  const now = ports.clock.now();
  // The worker of the last attempt may have died before its effects, and the next claim hides them.
  await performLastAttempt(ports, run, waiting);
  await outlive(ports, run, now, waiting);
  await sendToRunsLane(ports, run, deliverToken(run, waiting.attempt + 1, now, now), now);
  await changeState(ports, run, (state) => {
    if (state.attempt !== waiting.attempt) return undefined; // the token was faster
    if (state.status !== 'retry_scheduled')
      throw new ConflictError(`The task run is ${state.status}; no retry is waiting.`);
    return rescheduled(state, now);
  });
}

/**
 * Gives the waiting retry job up: the run becomes a dead letter. If this process dies after the commit, the `settle`
 * token makes sure of the effects.
 * @throws ConflictError if no retry is waiting
 */
export async function giveUpRetry(ports: RunPorts, run: RunDefinition, waiting: RunState): Promise<void> {
  const now = ports.clock.now();
  const { attempt } = waiting;
  await sendToRunsLane(ports, run, settleToken(run, attempt, now), now + SETTLE_AFTER_MS);
  const after = await changeState(ports, run, (state) => {
    if (state.status === 'dead_letter' && state.reason === 'given_up') return undefined;
    if (state.status !== 'retry_scheduled' || state.attempt !== attempt)
      throw new ConflictError(`The task run is ${state.status}; no retry is waiting.`);
    return dead(state, 'given_up', ports.clock.now());
  });
  await performDeath(ports, run, after);
  await ports.wakeUps.disarm(run.id, attempt + 1);
}

/** Late enough that the token normally finds the effects performed. */
const SETTLE_AFTER_MS = 5_000;

/** Whether its project may have one more run. A replay is counted as a run that is made, and stores no further payload. */
export async function hasRoom({ takeRuns }: Pick<RunPorts, 'takeRuns'>, letter: DeadLetter): Promise<boolean> {
  return (await takeRuns?.(letter.project_id, { count: 1, bytes: 0 })) ?? true;
}

/**
 * Replays an open dead letter: its run is reopened with a new budget of attempts. The dead letter's change from `open`
 * is the one decision between replaying and resolving. If the process dies after it, the token that was sent before
 * finishes the replay. A repeated bulk replay continues what it has marked itself.
 * @throws ConflictError if the dead letter is not open, or its endpoint was deleted
 */
export async function replayDeadLetter(ports: RunPorts, letter: DeadLetter, bulkId?: string): Promise<void> {
  const now = ports.clock.now();
  const resumed = letter.status === 'replayed' && bulkId !== undefined && letter.bulk_id === bulkId;
  if (letter.status !== 'open' && !resumed) throw new ConflictError(`The dead letter is ${letter.status}.`);
  const destination = await destinationOf(ports, letter.run);
  if (destination === undefined && letter.run.endpoint_id !== undefined && !resumed)
    throw new ConflictError(
      'Its endpoint was deleted, so nothing can be sent. Resolve it, or create a task run instead.',
    );
  await ports.wakeUps.sendToLane(laneOf(destination), deliverToken(letter.run, letter.attempt + 1, now, now), now);
  if (!resumed && !(await ports.deadLetters.markReplayed(letter, now, bulkId))) await assertReplayed(ports, letter);
  await reopen(ports, letter, now, now + ports.keepMs);
}

async function assertReplayed(ports: Pick<RunPorts, 'deadLetters'>, letter: DeadLetter): Promise<void> {
  const current = await ports.deadLetters.find({ project: letter.project_id, run: letter.run.id });
  if (current?.epoch === letter.epoch && current.status !== 'replayed')
    throw new ConflictError(`The dead letter is ${current.status}.`);
}

async function reopen(
  ports: Pick<RunPorts, 'keepMs' | 'runs'>,
  letter: DeadLetter,
  now: number,
  expiresAt: number,
): Promise<void> {
  const key = { project: letter.project_id, run: letter.run.id };
  const found = await ports.runs.find(key);
  const { state } = found;
  const seen = state ?? deadState(letter);
  if (seen.status !== 'dead_letter' || seen.epoch !== letter.epoch) return; // the token, or another replay, was faster
  const next = livingBeyond(ports, reopened(seen, letter.run.max_attempts, now, expiresAt), now);
  await (state ? ports.runs.advance(key, state, next) : ports.runs.begin(key, next));
  await revive(ports, letter.run, found, now);
}

/** Reads and conditionally writes until one write holds. Answers the stored state. */
async function changeState(
  ports: Pick<RunPorts, 'runs'>,
  run: RunDefinition,
  change: (state: RunState) => RunState | undefined,
): Promise<RunState> {
  const key: RunKey = { project: run.project_id, run: run.id };
  for (;;) {
    const { state } = await ports.runs.find(key);
    const next = change(state ?? pendingState(run));
    if (next === undefined) return state ?? pendingState(run);
    if (state ? await ports.runs.advance(key, state, next) : await ports.runs.begin(key, next)) return next;
  }
}
