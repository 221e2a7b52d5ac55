import type { RunPorts, StoredRun } from '../ports.js';
import { type RunDefinition, type RunState, stateExpiry } from './task-run.js';

/** How much sooner than it should a run may be forgotten: its retries come a little later than its policy had it. */
const TOLERATED_MS = 24 * 60 * 60 * 1000;

/**
 * Sees to it that a run lives beyond `moment`, at which something is to happen to it, and is kept for the usual time after.
 * Whoever sends a token for a later moment does this first: what was promised when the run was made holds only for the
 * policy, the endpoint and the line of that day. Of an ordinary run it compares two numbers.
 * @param found what was found of it, without a state that is about to be written anyway: see `livingBeyond`
 */
export async function outlive(
  ports: Pick<RunPorts, 'runs' | 'keepMs'>,
  run: RunDefinition,
  found: StoredRun,
  moment: number,
): Promise<void> {
  const until = moment + ports.keepMs;
  const { definition, state } = found;
  // A run that had expired before its replay. Its state is there by now: without one it would read as pending.
  if (definition === undefined) return ports.runs.create({ ...run, expires_at: until });
  const enough = until - TOLERATED_MS;
  const isLiving = definition.expires_at >= enough && (state?.expires_at ?? Infinity) >= stateExpiry(enough);
  if (!isLiving) await ports.runs.keepAtLeast(found, until);
}

/** The state, and the definition that lies with it, with the end that `outlive` would give them. */
export function livingBeyond({ keepMs }: Pick<RunPorts, 'keepMs'>, state: RunState, moment: number): RunState {
  const until = moment + keepMs;
  const { definition } = state;
  return {
    ...state,
    ...(definition && { definition: { ...definition, expires_at: Math.max(definition.expires_at, until) } }),
    expires_at: Math.max(state.expires_at, stateExpiry(until)),
  };
}
