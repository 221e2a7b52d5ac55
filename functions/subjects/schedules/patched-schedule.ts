import { hasOneDestination, ONE_DESTINATION, patchedDestination } from '../../destinations/destination-schema.js';
import { knownFields } from '../../fields/unknown-fields.js';
import { assertNone } from '../../primitives/faults.js';
import type { Schedule, ScheduleStatus } from './schedule.js';
import {
  GIVEN_FIELDS,
  hasOneTime,
  ONE_TIME,
  SCHEDULE_DEFAULTS,
  type ScheduleBody,
  type SchedulePatch,
} from './schedule-schema.js';

/** The request body that would create the schedule as it is. A completed schedule counts as active. */
export function bodyOfSchedule(schedule: Schedule, status: ScheduleStatus): ScheduleBody {
  return { ...knownFields(schedule, GIVEN_FIELDS), status: status === 'paused' ? 'paused' : 'active' } as ScheduleBody;
}

/**
 * The schedule's body after a merge patch. Only the fields that the patch names are checked and changed; payload and
 * headers are replaced as a whole.
 * @throws InvalidRequestError for faults that only the result shows
 */
export function patchedSchedule(body: ScheduleBody, { target, payload, ...plain }: SchedulePatch): ScheduleBody {
  const named = Object.entries(plain).filter(([, value]) => value !== undefined);
  const set = named.filter(([, value]) => value !== null);
  const gone: Readonly<Record<string, undefined>> = Object.fromEntries(named.map(([name]) => [name, undefined]));
  const changed = {
    ...body,
    ...gone,
    ...Object.fromEntries(Object.entries(SCHEDULE_DEFAULTS).filter(([name]) => name in gone)),
    ...Object.fromEntries(set),
    ...(target !== undefined && {
      target: target === null ? undefined : patchedDestination(body.target, target, '/target'),
    }),
    ...(payload !== undefined && { payload: isNull(payload) ? undefined : payload }),
  } as ScheduleBody;
  assertNone([
    !hasOneTime(changed) && { pointer: '/cron', message: ONE_TIME },
    !hasOneDestination(changed) && { pointer: '/endpoint_id', message: ONE_DESTINATION },
  ]);
  return changed;
}

/** In a merge patch null removes the payload. */
function isNull(payload: SchedulePatch['payload']): boolean {
  return payload === null || (payload?.format === 'json' && payload.body === 'null');
}
