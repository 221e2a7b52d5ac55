import { isTimeZone } from '../../cron/time-zone.js';
import { timeZoneHint } from '../../cron/time-zone-hint.js';
import { kindOf } from '../../destinations/registry.js';
import { MAX_AHEAD_MS, TOLERATED_PAST_MS, TOO_FAR_AHEAD } from '../../fields/moment-schema.js';
import { defined } from '../../primitives/defined.js';
import { assertNone } from '../../primitives/faults.js';
import type { ConfigReader } from '../endpoints/config-reader.js';
import { isDecided } from './change-plan.js';
import { occurrencesFrom, type Schedule, type ScheduleClock } from './schedule.js';
import type { ScheduleBody } from './schedule-schema.js';

/** The fields that only a dialect sets. */
export type ScheduleTerms = Pick<Schedule, 'retry_policy' | 'signing_key' | 'signing_key_id' | 'body_format'>;

/** The fields that a dialect has set; a change through any other API keeps them. */
export function termsOf({ retry_policy, signing_key, signing_key_id, body_format }: Schedule): ScheduleTerms {
  return defined({ retry_policy, signing_key, signing_key_id, body_format });
}

export interface ScheduleRequest {
  readonly id: string;
  readonly project: string;
  readonly body: ScheduleBody;
  readonly terms?: ScheduleTerms;
  /** For a change: the schedule as it was. Unchanged fields are not checked. */
  readonly before?: Schedule;
  readonly clock?: ScheduleClock;
  /** The schedule is created or resumed as active. */
  readonly starts: boolean;
  readonly created_at: number;
  readonly version: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The schedule that a request asks for.
 * @throws InvalidRequestError naming every field at fault, also if the schedule would never fire
 */
export async function planSchedule(config: ConfigReader, request: ScheduleRequest): Promise<Schedule> {
  const { id, project, body, terms, created_at, version, now } = request;
  const { status: _status, ...given } = body;
  const schedule = {
    ...defined(given),
    ...terms,
    id,
    project_id: project,
    created_at,
    updated_at: now,
    version,
  } as Schedule;
  await assertValid(config, schedule, request);
  return schedule;
}

/** The fields that decide when a schedule fires. */
const TIMES = ['cron', 'timezone', 'run_at', 'start_at', 'end_at'] as const;

/** @throws InvalidRequestError */
async function assertValid(
  config: ConfigReader,
  schedule: Schedule,
  { before, clock, starts, body, now }: ScheduleRequest,
): Promise<void> {
  const { project_id, endpoint_id, target, retry_policy_id, run_at, start_at, end_at } = schedule;
  const isNew = (name: keyof Schedule) => schedule[name] !== undefined && schedule[name] !== before?.[name];
  const isOtherTime = TIMES.some((name) => schedule[name] !== before?.[name]);
  const mustBeThere = starts || isNew('endpoint_id');
  const [endpoint, policy] = await Promise.all([
    endpoint_id === undefined || !(mustBeThere || isNew('payload')) || config.endpoint(project_id, endpoint_id),
    retry_policy_id === undefined || !isNew('retry_policy_id') || config.retryPolicy(project_id, retry_policy_id),
  ]);
  const destination = target ?? (endpoint === true ? undefined : endpoint);
  const unsendable = destination && kindOf(destination).payloadFault?.(schedule.payload);
  const isLooked = starts || isOtherTime;
  // Earlier releases stored time zone names with which no code computes.
  const hasZone = !isLooked || schedule.cron === undefined || isTimeZone(schedule.timezone);
  const isOver = isLooked && hasZone && body.status === 'active' && occurrencesFrom(schedule, now, 1).length === 0;
  // A moment that passed during a pause is left to the misfire policy, unless its run exists already.
  const isPast = isNew('run_at')
    ? run_at! < now - TOLERATED_PAST_MS
    : starts && clock !== undefined && isDecided(schedule, clock, now);
  const bounded =
    end_at !== undefined && (starts || isNew('start_at') || isNew('end_at')) && end_at <= Math.max(now, start_at ?? 0);
  const isFar = (at: number | undefined) => at !== undefined && at > now + MAX_AHEAD_MS;
  assertNone([
    !endpoint && mustBeThere && { pointer: '/endpoint_id', message: 'There is no such endpoint.' },
    !policy && { pointer: '/retry_policy_id', message: 'There is no such retry policy.' },
    unsendable !== undefined && { pointer: '/payload', message: unsendable },
    isNew('run_at') && isFar(run_at) && { pointer: '/run_at', message: TOO_FAR_AHEAD },
    isNew('start_at') && isFar(start_at) && { pointer: '/start_at', message: TOO_FAR_AHEAD },
    !hasZone && { pointer: '/timezone', message: timeZoneHint(schedule.timezone) },
    bounded && { pointer: '/end_at', message: 'The end lies before the start, or has passed.' },
    isPast && { pointer: '/run_at', message: 'This time has passed.' },
    isOver &&
      !bounded &&
      !isPast && {
        pointer: run_at === undefined ? '/end_at' : '/run_at',
        message:
          run_at === undefined
            ? 'Nothing would ever fire before the end.'
            : 'This time lies before start_at or after end_at.',
      },
  ]);
}
