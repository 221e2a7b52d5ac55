import { isEndpoint } from '../core/endpoint/endpoint.js';
import { noteOutcome } from '../core/endpoint/health.js';
import { destinationOf } from '../core/run/run-destination.js';
import type { RunDefinition, RunState } from '../core/run/task-run.js';
import type { Worker } from './worker.js';

/**
 * A verdict is found whose worker may have died before it noted what the outcome says of the endpoint. A person's change of
 * the endpoint since then outweighs the outcome.
 */
export async function noteAgain(worker: Worker, run: RunDefinition, state: RunState): Promise<void> {
  const attempt = state.last_attempt ?? state.first_attempt;
  if (attempt?.attempt !== state.attempt || run.endpoint_id === undefined) return;
  const endpoint = await destinationOf(worker, run);
  if (!isEndpoint(endpoint) || endpoint.updated_at > attempt.started_at) return;
  await noteOutcome(worker, endpoint, run, attempt);
}
