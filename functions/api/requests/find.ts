import { ownId } from '../../formats/formats.js';
import { invalid, NotFoundError } from '../../primitives/faults.js';
import { type IdPrefix, isId } from '../../primitives/ids.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import { deadState } from '../../protocol/rules/attempt-decision.js';
import type { RunKey, ScheduleKey } from '../../protocol/rules/ports.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import type { Endpoint } from '../../subjects/endpoints/endpoint.js';
import type { Project } from '../../subjects/projects/project.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import { type Attempt, pendingState, type RunDefinition, type RunState } from '../../subjects/task-runs/task-run.js';
import { PARALLEL_PROJECTS } from '../http/pages.js';
import type { RouteRequest } from '../http/route.js';

/**
 * The object that `find` reads in one of the request's projects: one for a key, up to all for a person.
 * @throws NotFoundError when none of these projects has the object: an object of another project looks absent
 */
export async function findInProjects<T>(
  projects: readonly Project[],
  find: (project: Project) => Promise<T | undefined>,
): Promise<T> {
  let found: T | undefined;
  await mapBounded(projects, PARALLEL_PROJECTS, async (project) => {
    if (found !== undefined) return;
    const here = await find(project);
    found ??= here;
  });
  if (found === undefined) throw new NotFoundError('There is no such object.');
  return found;
}

export interface FoundTask {
  readonly definition: RunDefinition;
  readonly state: RunState;
  /** The run has expired; `definition` comes from its dead letter. */
  readonly expired: boolean;
}

type InProjects = Pick<RouteRequest, 'projects'>;

/** The task run with this id (in any form) in the request's projects, with its payload. @throws NotFoundError */
export function findTask(
  { projects }: InProjects,
  ports: Pick<ApiPorts, 'deadLetters' | 'runs'>,
  given: string,
): Promise<FoundTask> {
  const id = ownId('run', given);
  assertId('run', id);
  return findInProjects(projects, (project) => readTask(ports, { project: project.id, run: id }));
}

/** The project of an object that was found in the request's projects. */
export function ownerOf({ projects }: InProjects, { project_id }: { readonly project_id: string }): Project {
  return projects.find(({ id }) => id === project_id)!;
}

/** The run's recorded attempts, oldest first. */
export async function attemptsOf(
  { definition, state }: FoundTask,
  { runs }: Pick<ApiPorts, 'runs'>,
): Promise<Attempt[]> {
  const rows = await runs.attempts(definition.project_id, state.later_attempts);
  const { first_attempt, last_attempt } = state;
  // The row of the last attempt is written after its verdict and may be missing.
  const isMissing = last_attempt && !rows.some(({ id }) => id === last_attempt.id);
  return [...(first_attempt ? [first_attempt] : []), ...rows, ...(isMissing ? [last_attempt] : [])];
}

/** An id of the wrong form is not found, like an unknown id. @throws NotFoundError */
export function assertId(prefix: IdPrefix, id: string): void {
  if (!isId(prefix, id)) throw new NotFoundError('There is no such object.');
}

async function readTask(ports: Pick<ApiPorts, 'deadLetters' | 'runs'>, key: RunKey): Promise<FoundTask | undefined> {
  const { definition, state } = await ports.runs.find(key);
  if (definition) return { definition, state: state ?? pendingState(definition), expired: false };
  const letter = await ports.deadLetters.find(key);
  if (letter === undefined) return undefined;
  if (state) return { definition: letter.run, state, expired: true };
  // The run was replayed and has expired again: its outcome is not stored any more.
  if (letter.status === 'replayed') return undefined;
  const { last_attempt } = letter;
  const remembered = {
    ...deadState(letter),
    finished_at: letter.created_at,
    ...(last_attempt && { first_attempt: last_attempt }),
  };
  return { definition: letter.run, state: remembered, expired: true };
}

type ForEndpoint = Pick<RouteRequest, 'projects' | 'params'>;

/** The endpoint that the path names, in one of the request's projects. @throws NotFoundError */
export function findEndpoint(
  { projects, params }: ForEndpoint,
  { config }: Pick<ApiPorts, 'config'>,
): Promise<Endpoint> {
  return findInProjects(projects, ({ id }) => config.endpoint(id, params['id']!));
}

/** @throws InvalidRequestError if the body names an endpoint that the project has not */
export async function assertEndpointExists(
  { config }: Pick<ApiPorts, 'config'>,
  project: string,
  id: string | undefined,
): Promise<void> {
  if (id === undefined || (await config.endpoint(project, id))) return;
  throw invalid('/endpoint_id', 'There is no such endpoint.');
}

export interface FoundSchedule {
  readonly schedule: Schedule;
  readonly clock: ScheduleClock;
}

/** The schedule with this id (in any form) in the request's projects. @throws NotFoundError */
export async function findSchedule(
  request: InProjects,
  ports: Pick<ApiPorts, 'schedules'>,
  id: string,
): Promise<FoundSchedule> {
  const found = await findStoredSchedule(request, ports, id);
  if (found.clock.status === 'deleted') throw new NotFoundError('There is no such schedule any more.');
  return found;
}

/** As `findSchedule`, but also finds a schedule whose deletion died half-way. @throws NotFoundError */
export function findStoredSchedule(
  { projects }: InProjects,
  { schedules }: Pick<ApiPorts, 'schedules'>,
  given: string,
): Promise<FoundSchedule> {
  const id = ownId('sch', given);
  assertId('sch', id);
  return findInProjects(projects, async (project) => {
    const { schedule, clock } = await schedules.find({ project: project.id, schedule: id });
    return schedule && clock && { schedule, clock };
  });
}

export function keyOf({ id, project_id }: Schedule): ScheduleKey {
  return { project: project_id, schedule: id };
}

/** Which dead letters' endpoints are deleted, by one call for all. */
export async function whichAreDeleted(letters: readonly DeadLetter[], { configStore }: Pick<ApiPorts, 'configStore'>) {
  const keys = letters.flatMap(({ run: { project_id, endpoint_id } }) =>
    endpoint_id === undefined ? [] : [{ project: project_id, endpoint: endpoint_id }],
  );
  const found = keys.length === 0 ? [] : await configStore.endpointsAt(keys);
  const there = new Set(found.map((endpoint) => endpoint?.id));
  return ({ run: { endpoint_id } }: DeadLetter) => endpoint_id !== undefined && !there.has(endpoint_id);
}
