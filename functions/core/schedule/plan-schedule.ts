import { type Fault, InvalidRequestError } from '../faults.js';
import { MAX_AHEAD_MS, TOLERATED_PAST_MS, TOO_FAR_AHEAD } from '../moment-schema.js';
import type { ConfigReader } from '../ports.js';
import type { Schedule } from './schedule.js';
import type { ScheduleBody } from './schedule-schema.js';
import { occurrencesFrom } from './schedule-times.js';

/** What only a dialect asks for. */
export type ScheduleTerms = Pick<Schedule, 'retry_policy' | 'signing_key'>;

export interface ScheduleRequest {
  readonly id: string;
  readonly project: string;
  readonly body: ScheduleBody;
  readonly terms?: ScheduleTerms;
  /** The schedule as it was, for a change. */
  readonly before?: Schedule;
  readonly created_at: number;
  readonly version: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The schedule that a request asks for.
 * @throws InvalidRequestError naming every field at fault, also when nothing would ever fire
 */
export async function planSchedule(config: ConfigReader, request: ScheduleRequest): Promise<Schedule> {
  const { id, project, body, terms, before, created_at, version, now } = request;
  const { status: _status, ...given } = body;
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const schedule = {
    ...(present as typeof given),
    ...terms,
    id,
    project_id: project,
    created_at,
    updated_at: now,
    version,
  } as Schedule;
  const faults = await faultsOf(config, schedule, before, body.status === 'active', now);
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return schedule;
}

async function faultsOf(
  config: ConfigReader,
  schedule: Schedule,
  before: Schedule | undefined,
  isActive: boolean,
  now: number,
): Promise<Fault[]> {
  const { project_id, endpoint_id, retry_policy_id, run_at, start_at, end_at } = schedule;
  const [endpoint, policy] = await Promise.all([
    endpoint_id === undefined || config.endpoint(project_id, endpoint_id),
    retry_policy_id === undefined || config.retryPolicy(project_id, retry_policy_id),
  ]);
  const isOver = isActive && occurrencesFrom(schedule, now, 1).length === 0;
  // One that passed while the schedule was paused is for its misfire policy.
  const isPast = run_at !== undefined && run_at !== before?.run_at && run_at < now - TOLERATED_PAST_MS;
  const bounded = end_at !== undefined && end_at <= Math.max(now, start_at ?? 0);
  const isFar = (at: number | undefined) => at !== undefined && at > now + MAX_AHEAD_MS;
  const found: (Fault | false)[] = [
    !endpoint && { pointer: '/endpoint_id', message: 'There is no such endpoint.' },
    !policy && { pointer: '/retry_policy_id', message: 'There is no such retry policy.' },
    isFar(run_at) && { pointer: '/run_at', message: TOO_FAR_AHEAD },
    isFar(start_at) && { pointer: '/start_at', message: TOO_FAR_AHEAD },
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
  ];
  return found.filter((fault) => fault !== false);
}
