import { timeOf } from '../../primitives/ids.js';
import { isFinal, pendingState, type RunDefinition, type RunState } from '../../subjects/task-runs/task-run.js';
import { performLoss } from '../effects/effects.js';
import type { Findings } from '../rules/attempt-decision.js';
import type { RunKey, RunPorts, StoredRun } from '../rules/ports.js';
import { dead } from '../rules/transitions.js';

/** The run is there, but its payload is gone. */
export class PayloadGoneError extends Error {
  override readonly name = 'PayloadGoneError';
  constructor(readonly found: StoredRun) {
    super(`the payload of ${found.definition?.id} is gone`);
  }
}

const NOTE = 'What it was to send is gone, or what it was: it cannot be replayed.';

/**
 * Ends a run that is not over and can never be sent, because its definition or payload has expired too early. (No run
 * that is made today comes to this; see `outlive`.) Its dead letter shows what is known. It is resolved from the start,
 * since a replay would send something else than the run was to send.
 */
export async function endLostRun(ports: RunPorts, key: RunKey, { definition, state }: StoredRun): Promise<Findings> {
  const seen = state ?? pendingState(definition!);
  // A message this late, for a run that is over, has nothing to do.
  if (isFinal(seen.status) && seen.status !== 'dead_letter') return {};
  const run = definition ?? remainsOf(key, seen);
  const ended = seen.status === 'dead_letter' ? seen : dead(seen, 'worker_failure', ports.clock.now());
  if (ended !== seen) {
    const held = state ? await ports.runs.advance(key, state, ended) : await ports.runs.begin(key, ended);
    if (!held) throw new Error(`${key.run} has changed meanwhile`); // redelivery decides again
  }
  await performLoss(NOTE)(ports, run, ended);
  const deadLetter = await ports.deadLetters.find(key);
  return { state: ended, ...(deadLetter && { deadLetter }) };
}

/** What the state alone says of its run. */
function remainsOf({ project, run }: RunKey, state: RunState): RunDefinition {
  const endpoint_id = state.first_attempt?.endpoint_id;
  return {
    id: run,
    project_id: project,
    source: { type: 'api', id: null },
    ...(endpoint_id !== undefined && { endpoint_id }),
    due: state.first_attempt?.started_at ?? timeOf(run),
    max_attempts: state.limit,
    created_at: timeOf(run),
    expires_at: state.expires_at,
  };
}
