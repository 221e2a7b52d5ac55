import type { Attempt, RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { RunPorts } from '../rules/ports.js';

/** The last attempt whose outcome is recorded. */
export async function lastAttemptOf(
  ports: Pick<RunPorts, 'runs'>,
  run: RunDefinition,
  state: RunState,
): Promise<Attempt | undefined> {
  if (state.last_attempt) return state.last_attempt;
  const last = state.later_attempts.at(-1);
  if (last === undefined) return state.first_attempt;
  const [attempt] = await ports.runs.attempts(run.project_id, [last]);
  return attempt;
}

/**
 * Puts the row of the attempt that the verdict carries. The first effect of a verdict. Every sender of a next attempt's
 * token calls it, too, since the claim of that attempt drops what the verdict carries.
 */
export async function keepLastAttempt(
  { runs }: Pick<RunPorts, 'runs'>,
  _run: RunDefinition,
  state: RunState,
): Promise<void> {
  if (state.last_attempt) await runs.putAttempt(state.last_attempt, state.expires_at);
}
