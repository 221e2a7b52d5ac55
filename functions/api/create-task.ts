import { hexOf, type IdPrefix, makeId, pickBy, timeOf } from '../core/ids.js';
import type { Project } from '../core/project/project.js';
import { planRun, type RunTerms } from '../core/run/plan-run.js';
import { createRun } from '../core/run/run-operations.js';
import { pendingState } from '../core/run/task-run.js';
import type { TaskBody } from '../core/run/task-schema.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import type { RouteRequest } from './route.js';

type Ids = Pick<RouteRequest<unknown, unknown>, 'newId'>;

/** A new id in one of the project's shards, which the id's own random part picks. */
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
 */
export async function createTask(
  ports: ApiPorts,
  project: Project,
  id: string,
  body: TaskBody,
  now: number,
  terms: RunTerms = {},
) {
  const { keepMs } = ports.settings;
  const definition = await planRun(ports.config, { id, project: project.id, body, terms, now, keepMs });
  await createRun(ports, definition);
  return { definition, state: pendingState(definition) };
}
