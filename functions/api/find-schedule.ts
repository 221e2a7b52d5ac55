import type { ScheduleKey } from '../core/ports.js';
import type { Schedule, ScheduleClock } from '../core/schedule/schedule.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import { findIn } from './find-in.js';
import { assertId } from './find-task.js';
import type { RouteRequest } from './route.js';

export interface FoundSchedule {
  readonly schedule: Schedule;
  readonly clock: ScheduleClock;
}

/** The schedule of that id in one of the request's projects. @throws NotFoundError */
export function findSchedule(
  { projects }: Pick<RouteRequest<unknown, unknown>, 'projects'>,
  { schedules }: ApiPorts,
  id: string,
): Promise<FoundSchedule> {
  assertId('sch', id);
  return findIn(projects, async (project) => {
    const { schedule, clock } = await schedules.find({ project: project.id, schedule: id });
    return schedule && clock && clock.status !== 'deleted' ? { schedule, clock } : undefined;
  });
}

export function keyOf({ id, project_id }: Schedule): ScheduleKey {
  return { project: project_id, schedule: id };
}
