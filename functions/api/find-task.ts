import { ownId } from '../core/call/shown-id.js';
import { NotFoundError } from '../core/faults.js';
import { type IdPrefix, isId } from '../core/ids.js';
import type { RunKey } from '../core/ports.js';
import { deadState } from '../core/run/attempt-decision.js';
import { type Attempt, pendingState, type RunDefinition, type RunState } from '../core/run/task-run.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import { findInProjects } from './find-in-projects.js';
import type { RouteRequest } from './route.js';

export interface FoundTask {
  readonly definition: RunDefinition;
  readonly state: RunState;
  /** The run has expired; this is what its dead letter keeps of it. */
  readonly expired: boolean;
}

type Request = Pick<RouteRequest<unknown, unknown>, 'projects'>;

/** The task run of that id, in any form, in one of the request's projects, its payload included. @throws NotFoundError */
export function findTask({ projects }: Request, ports: ApiPorts, given: string): Promise<FoundTask> {
  const id = ownId('run', given);
  assertId('run', id);
  return findInProjects(projects, (project) => readTask(ports, { project: project.id, run: id }));
}

/** Its recorded attempts, oldest first. */
export async function attemptsOf({ definition, state }: FoundTask, { runs }: ApiPorts): Promise<Attempt[]> {
  const rows = await runs.attempts(definition.project_id, state.later_attempts);
  const { first_attempt, last_attempt } = state;
  // The row of the last attempt follows its verdict.
  const isMissing = last_attempt && !rows.some(({ id }) => id === last_attempt.id);
  return [...(first_attempt ? [first_attempt] : []), ...rows, ...(isMissing ? [last_attempt] : [])];
}

/** An id of the wrong form is not there, like any other that nobody has. @throws NotFoundError */
export function assertId(prefix: IdPrefix, id: string): void {
  if (!isId(prefix, id)) throw new NotFoundError('There is no such object.');
}

async function readTask(ports: ApiPorts, key: RunKey): Promise<FoundTask | undefined> {
  const { definition, state } = await ports.runs.find(key);
  if (definition) return { definition, state: state ?? pendingState(definition), expired: false };
  const letter = await ports.deadLetters.find(key);
  if (letter === undefined) return undefined;
  if (state) return { definition: letter.run, state, expired: true };
  // Replayed and expired again: how it ended is forgotten.
  if (letter.status === 'replayed') return undefined;
  const { last_attempt } = letter;
  const remembered = {
    ...deadState(letter),
    finished_at: letter.created_at,
    ...(last_attempt && { first_attempt: last_attempt }),
  };
  return { definition: letter.run, state: remembered, expired: true };
}
