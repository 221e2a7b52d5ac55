import { type RunDefinition, type RunState, stateExpiry } from '../../subjects/task-runs/task-run.js';
import type { RunPorts, StoredRun } from '../rules/ports.js';

/** How much sooner than it should a run may be forgotten: its retries come a little later than its policy had it. */
const TOLERATED_MS = 24 * 60 * 60 * 1000;

/**
 * Sees to it that a run lives beyond `moment`, at which something is to happen to it, and is kept for the usual time after.
 * A sender of a token for a later moment does this first: what was promised when the run was made holds only for the
 * policy, the endpoint and the line of that day. Of an ordinary run it compares two numbers.
 * @param state if there is one that is not about to be written, or was just now: see `livingBeyond`
 */
export async function outlive(
  { runs, keepMs }: Pick<RunPorts, 'keepMs' | 'runs'>,
  definition: RunDefinition,
  moment: number,
  state?: RunState,
): Promise<void> {
  const found = { definition, ...(state && { state }) };
  if (!isKept(found, moment + keepMs)) await runs.keepAtLeast(found, moment + keepMs);
}

/**
 * The same for a run that goes on after its end, and may have expired: its definition comes back. Its state was written
 * before, in which it lives; without one it would read as pending.
 */
export async function revive(
  ports: Pick<RunPorts, 'keepMs' | 'runs'>,
  run: RunDefinition,
  { definition }: StoredRun,
  moment: number,
): Promise<void> {
  if (definition) await outlive(ports, definition, moment);
  else await ports.runs.create({ ...run, expires_at: moment + ports.keepMs });
}

/** The state with the end that `outlive` would give it: it is written anyway. */
export function livingBeyond({ keepMs }: Pick<RunPorts, 'keepMs'>, state: RunState, moment: number): RunState {
  const until = moment + keepMs;
  return isKept({ state }, until) ? state : { ...state, expires_at: stateExpiry(until) };
}

function isKept({ definition, state }: StoredRun, until: number): boolean {
  const enough = until - TOLERATED_MS;
  return (definition?.expires_at ?? Infinity) >= enough && (state?.expires_at ?? Infinity) >= stateExpiry(enough);
}
