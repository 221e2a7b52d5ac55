import { ownId } from '../core/call/shown-id.js';
import { NotFoundError } from '../core/faults.js';
import type { ScheduleKey } from '../core/ports.js';
import type { Schedule, ScheduleClock } from '../core/schedule/schedule.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import { findInProjects } from './find-in-projects.js';
import { assertId } from './find-task.js';
import type { RouteRequest } from './route.js';

export interface FoundSchedule {
  readonly schedule: Schedule;
  readonly clock: ScheduleClock;
}

type Request = Pick<RouteRequest<unknown, unknown>, 'projects'>;

/** The schedule of that id, in any form, in one of the request's projects. @throws NotFoundError */
export async function findSchedule(request: Request, ports: ApiPorts, id: string): Promise<FoundSchedule> {
  const found = await findStoredSchedule(request, ports, id);
  if (found.clock.status === 'deleted') throw new NotFoundError('There is no such schedule any more.');
  return found;
}

/** The same, also one whose deletion died half-way. @throws NotFoundError */
export function findStoredSchedule(
  { projects }: Request,
  { schedules }: ApiPorts,
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
