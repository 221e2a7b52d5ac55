import type { Destination } from '../destinations/registry.js';
import { noteOutcome } from '../protocol/limits/health.js';
import { destinationOf } from '../protocol/messages/send-run.js';
import type { Findings } from '../protocol/rules/attempt-decision.js';
import { choosesPolicy, policyFor } from '../protocol/rules/policy-for.js';
import type { DeliverToken } from '../protocol/rules/token.js';
import { concluded, needsPolicy } from '../protocol/rules/transitions.js';
import { runOf } from '../protocol/runs/find-run.js';
import { record } from '../protocol/runs/record.js';
import { type Endpoint, isEndpoint } from '../subjects/endpoints/endpoint.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../subjects/retry-policies/retry-policy.js';
import type { Attempt, RunDefinition, RunState } from '../subjects/task-runs/task-run.js';
import { Unfinished, type Worker } from './worker.js';

/**
 * For a verdict whose worker may have died before it noted the outcome on the endpoint. A person's later change of the
 * endpoint outweighs the outcome.
 */
export async function noteAgain(
  worker: Pick<Worker, 'announceDisabled' | 'clock' | 'config' | 'health' | 'wakeUps'>,
  run: RunDefinition,
  state: RunState,
): Promise<void> {
  const attempt = state.last_attempt ?? state.first_attempt;
  if (attempt?.attempt !== state.attempt || run.endpoint_id === undefined) return;
  const endpoint = await destinationOf(worker, run);
  if (!isEndpoint(endpoint) || endpoint.updated_at > attempt.started_at) return;
  await noteOutcome(worker, endpoint, run, attempt);
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Records an outcome: the first write after the call, before anything else can fail. The first recorded outcome becomes
 * the verdict, even if another worker has claimed the attempt meanwhile. So the write is repeated for as long as the
 * attempt is running.
 * @param until when the worker stops trying (Unix milliseconds)
 * @param called where the call went, if the caller knows it
 * @throws Unfinished with the outcome, if it cannot be recorded until then
 */
export async function conclude(
  worker: Worker,
  token: DeliverToken,
  claimedRun: Findings,
  attempt: Attempt,
  until: number,
  called?: Destination | Endpoint,
): Promise<Findings> {
  const { clock, random } = worker;
  let found = claimedRun;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const seen = found.state;
    if (seen?.status !== 'running' || seen.attempt !== token.attempt) return found;
    try {
      const run = runOf(found);
      const policy = needsPolicy(run, seen, attempt) ? await policyOf(worker, run, called) : DEFAULT_RETRY_POLICY;
      const next = concluded(seen, attempt, { run, policy, now: clock.now(), random });
      found = await record(worker, { project: run.project_id, run: run.id }, found, next);
    } catch (error) {
      if (clock.now() + pause >= until) throw new Unfinished({ ...token, outcome: attempt }, error);
      await clock.sleep(pause);
    }
  }
}

/** The run's own policy, else its endpoint's as it is now, else the default. */
async function policyOf(
  worker: Pick<Worker, 'config'>,
  run: RunDefinition,
  called: Destination | Endpoint | undefined,
): Promise<RetryPolicy> {
  if (choosesPolicy(run)) return policyFor(worker.config, run.project_id, run);
  const destination = called ?? (await destinationOf(worker, run));
  return policyFor(worker.config, run.project_id, isEndpoint(destination) ? destination : run);
}
