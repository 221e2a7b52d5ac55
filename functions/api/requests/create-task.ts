import { hexOf, type IdPrefix, makeId, pickBy, timeOf } from '../../primitives/ids.js';
import { lookAgain } from '../../primitives/look-again.js';
import { isoTime } from '../../primitives/moments.js';
import { createRun } from '../../protocol/runs/run-operations.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Endpoint } from '../../subjects/endpoints/endpoint.js';
import type { Project } from '../../subjects/projects/project.js';
import { planRun, type RunTerms } from '../../subjects/task-runs/plan-run.js';
import { type Attempt, isFinal, pendingState, type RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { TaskBody } from '../../subjects/task-runs/task-run-schema.js';
import type { RouteRequest } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { withEncryptedTarget } from './encrypted-target.js';
import { assertReachable } from './reachable.js';

type Ids = Pick<RouteRequest, 'newId'>;

/** A new id in one of the project's shards; the id's random part picks the shard. */
export function newShardedId(prefix: IdPrefix, { newId }: Ids, { shards }: Project): string {
  const id = newId(prefix);
  return makeId(prefix, timeOf(id), Buffer.from(hexOf(id).slice(-16), 'hex'), pickBy(id, shards));
}

export function newRunId(ids: Ids, project: Project): string {
  return newShardedId('run', ids, project);
}

/**
 * Plans a task run and creates it.
 * @throws InvalidRequestError naming every field at fault
 * @throws RateQuotaError
 * @throws BusyQuotaError
 */
export async function createTask(
  ports: Pick<ApiPorts, 'clock' | 'config' | 'keepMs' | 'runs' | 'secrets' | 'settings' | 'takeQuota' | 'wakeUps'>,
  project: Project,
  id: string,
  body: TaskBody,
  now: number,
  terms: RunTerms = {},
  sentAt = now,
) {
  const { keepMs } = ports;
  assertReachable(ports, project, body.target, '/target');
  const planned = await planRun(ports.config, { id, project: project.id, body, terms, now, sentAt, keepMs });
  await takeRun(ports, project, planned.payload);
  const definition = await withEncryptedTarget(ports, planned);
  await createRun(ports, definition);
  return { definition, state: pendingState(definition) };
}

/** A receiver that hangs must not keep the API from other requests: a waiting request keeps its execution environment. */
const WAIT_MS = 5_000;

/** A run that tests an endpoint. A sample gets no second attempt. */
export function sampleRun({ id, project_id }: Endpoint, run: string, now: number, keepMs: number): RunDefinition {
  const sample = { event: 'test', endpoint_id: id, sent_at: isoTime(now) };
  return {
    id: run,
    project_id,
    source: { type: 'test', id },
    endpoint_id: id,
    payload: { format: 'json', body: JSON.stringify(sample) },
    due: now,
    max_attempts: 1,
    created_at: now,
    expires_at: now + keepMs,
  };
}

/** The run's first attempt, once recorded; undefined when the run ends without an attempt, or after five seconds. */
export async function awaitFirstAttempt(
  { runs, clock }: Pick<ApiPorts, 'clock' | 'runs'>,
  run: RunDefinition,
): Promise<Attempt | undefined> {
  let attempt: Attempt | undefined;
  await lookAgain(clock, WAIT_MS, async () => {
    const { state } = await runs.find({ project: run.project_id, run: run.id });
    attempt = state?.first_attempt;
    return attempt !== undefined || (state !== undefined && isFinal(state.status));
  });
  return attempt;
}
