/** What `aws scheduler get-schedule` prints, as far as a schedule here can say it. */
export interface AwsSchedule {
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly Target?: { readonly Arn?: string; readonly Input?: string };
}

export interface ReadSchedule {
  readonly name: string;
  /** Fields of punctual.yaml but the target. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What the schedule calls now. */
  readonly target: string;
}

export interface ReadSchedules {
  readonly schedules: readonly ReadSchedule[];
  /** Names of those that cannot be said here, each with the reason. */
  readonly left: readonly string[];
}

/** Reads schedules of EventBridge Scheduler. */
export function readAwsSchedules(given: readonly AwsSchedule[]): ReadSchedules {
  const schedules: ReadSchedule[] = [];
  const left: string[] = [];
  for (const schedule of given) {
    const { Name: name, ScheduleExpression: expression, ScheduleExpressionTimezone: zone = 'UTC' } = schedule;
    const when = timesOf(expression, zone);
    if (typeof when === 'string') left.push(`${name}: ${expression} ${when}`);
    else
      schedules.push({ name, fields: { ...when, ...othersOf(schedule) }, target: schedule.Target?.Arn ?? 'no target' });
  }
  return { schedules, left };
}

function othersOf({ State, StartDate, EndDate, Target }: AwsSchedule): object {
  return {
    ...(StartDate && { start_at: new Date(StartDate).toISOString() }),
    ...(EndDate && { end_at: new Date(EndDate).toISOString() }),
    ...(State === 'DISABLED' && { status: 'paused' }),
    ...(Target?.Input !== undefined && { payload: parsed(Target.Input) }),
  };
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

/** The fields that say when, or why it cannot be said. */
function timesOf(expression: string, zone: string): object | string {
  const [, kind, inside = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  const timezone = zone === 'UTC' ? {} : { timezone: zone };
  if (kind === 'cron') return cronOf(inside.trim().split(/\s+/), timezone);
  if (kind === 'rate') return stepOf(inside.trim(), timezone);
  if (kind !== 'at') return 'is of no known form';
  return zone === 'UTC' ? { run_at: `${inside}Z` } : `is a local time of ${zone}: give run_at with its offset`;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** AWS counts the days of the week from 1, Sunday, and ends with a year. */
function cronOf(fields: readonly string[], timezone: object): object | string {
  const [minute, hour, day, month, weekday, year] = fields;
  if (fields.length !== 6) return 'has not six fields';
  if (year !== '*') return 'names years: say them as start_at and end_at';
  const named = weekday!.replace(/(?<![#/\d])[1-7](?!\d)/g, (digit) => DAYS[Number(digit) - 1]!);
  return { cron: [minute, hour, day, month, named].join(' '), ...timezone };
}

/** A rate counts from its schedule's beginning, a step of cron from the full hour or day: only an even part of these is the same pace. */
function stepOf(rate: string, timezone: object): object | string {
  const [, digits, unit] = /^(\d+)\s+(minute|hour|day)s?$/.exec(rate) ?? [];
  const number = Number(digits);
  if (unit === 'minute' && number < 60 && 60 % number === 0) return { cron: `*/${number} * * * *`, ...timezone };
  if (unit === 'hour' && number < 24 && 24 % number === 0) return { cron: `0 */${number} * * *`, ...timezone };
  if (rate === '60 minutes') return { cron: '0 * * * *', ...timezone };
  if (rate === '1 day' || rate === '24 hours') return { cron: '0 0 * * *', ...timezone };
  return 'is a pace that no cron expression has';
}
