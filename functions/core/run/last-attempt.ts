import type { RunPorts } from '../ports.js';
import type { Attempt, RunDefinition, RunState } from './task-run.js';

/** The last attempt whose outcome is recorded. */
export async function lastAttemptOf(
  ports: RunPorts,
  run: RunDefinition,
  state: RunState,
): Promise<Attempt | undefined> {
  const last = state.later_attempts.at(-1);
  if (last === undefined) return state.first_attempt;
  const [attempt] = await ports.runs.attempts(run.project_id, [last]);
  return attempt;
}
