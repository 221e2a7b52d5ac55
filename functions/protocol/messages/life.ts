import { type RunDefinition, type RunState, stateExpiry } from '../../subjects/task-runs/task-run.js';
import type { RunPorts, StoredRun } from '../rules/ports.js';

/** A run may expire this much too early, since its retries come slightly later than its policy says. */
const TOLERATED_MS = 24 * 60 * 60 * 1000;

/**
 * Extends a run's TTL beyond `moment`, at which something is to happen to it, by the usual retention. To be called
 * before a token is sent for a later moment: the TTL of the creation holds only for the policy, endpoint and line of
 * that day. For an ordinary run this compares two numbers.
 * @param state the state, unless it is about to be written or was just written: see `livingBeyond`
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
 * The same for a run that is reopened and may have expired: its definition is put again. The state must be written
 * before, with its TTL: without a state the run would read as pending.
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

/** The state with the TTL that `outlive` would give it, for a state that is written anyway. */
export function livingBeyond({ keepMs }: Pick<RunPorts, 'keepMs'>, state: RunState, moment: number): RunState {
  const until = moment + keepMs;
  return isKept({ state }, until) ? state : { ...state, expires_at: stateExpiry(until) };
}

function isKept({ definition, state }: StoredRun, until: number): boolean {
  const enough = until - TOLERATED_MS;
  return (definition?.expires_at ?? Infinity) >= enough && (state?.expires_at ?? Infinity) >= stateExpiry(enough);
}
