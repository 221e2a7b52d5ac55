import { instantOf, wallClockAt } from './wall-clock.js';

const DAY_MS = 24 * 3600_000;
const LAST_YEAR = 2199;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

type Matcher = (value: number) => boolean;
type DayMatcher = (day: Date) => boolean;

/** AWS cron: minutes, hours, day of month, month, day of week (1 = Sunday), year. */
export interface Cron {
  minutes: number[];
  hours: number[];
  /** Whether it runs on this day (a UTC midnight standing for the wall-clock day). */
  runsOn: DayMatcher;
}

/** Throws a SyntaxError for what is no AWS cron expression. */
export function parseCron(fields: string): Cron {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year, ...more] = fields.trim().toUpperCase().split(/\s+/);
  if (!year || more.length > 0) throw new SyntaxError('six fields are needed');
  // "You can't use * in both the Day-of-month and Day-of-week fields": exactly one of them is the question mark.
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw new SyntaxError('one day field must be ?');
  const inMonth = matcher(month!, 1, 12, MONTHS);
  const inYear = matcher(year, 1970, LAST_YEAR);
  const onDay = dayOfWeek === '?' ? dayOfMonthMatcher(dayOfMonth!) : dayOfWeekMatcher(dayOfWeek!);
  return {
    minutes: range(0, 59).filter(matcher(minute!, 0, 59)),
    hours: range(0, 23).filter(matcher(hour!, 0, 23)),
    runsOn: (day) => inYear(day.getUTCFullYear()) && inMonth(day.getUTCMonth() + 1) && onDay(day),
  };
}

/** The first run after `after` (ms); a wall-clock time that clocks skip is skipped, one that comes twice counts once. */
export function nextCronRun(cron: Cron, after: number, zone: string): number | undefined {
  const firstDay = Math.floor(wallClockAt(after, zone) / DAY_MS) * DAY_MS;
  for (let day = firstDay; new Date(day).getUTCFullYear() <= LAST_YEAR; day += DAY_MS) {
    if (!cron.runsOn(new Date(day))) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const instant = instantOf(day + hour * 3600_000 + minute * 60_000, zone);
        if (instant !== undefined && instant > after) return instant;
      }
    }
  }
  return undefined;
}

function dayOfMonthMatcher(field: string): DayMatcher {
  if (field === 'L') return (day) => day.getUTCDate() === lastDateOf(day);
  const nearest = /^(\d{1,2})W$/.exec(field);
  if (nearest) {
    const date = bounded(nearest[1]!, 1, 31);
    return (day) => day.getUTCDate() === nearestWeekday(day, date);
  }
  const matches = matcher(field, 1, 31);
  return (day) => matches(day.getUTCDate());
}

function dayOfWeekMatcher(field: string): DayMatcher {
  const numbered = /^(\w+)#([1-5])$/.exec(field);
  if (numbered) {
    const weekday = numberOf(numbered[1]!, 1, 7, WEEKDAYS);
    return (day) => day.getUTCDay() + 1 === weekday && Math.ceil(day.getUTCDate() / 7) === Number(numbered[2]);
  }
  const last = /^([1-7]|[A-Z]{3})L$/.exec(field);
  if (last) {
    const weekday = numberOf(last[1]!, 1, 7, WEEKDAYS);
    return (day) => day.getUTCDay() + 1 === weekday && day.getUTCDate() > lastDateOf(day) - 7;
  }
  const matches = matcher(field === 'L' ? '7' : field, 1, 7, WEEKDAYS);
  return (day) => matches(day.getUTCDay() + 1);
}

/** Lists, ranges and steps: `1,3`, `MON-FRI`, `0/15`, `*`. */
function matcher(field: string, min: number, max: number, names: string[] = []): Matcher {
  const values = new Set(field.split(',').flatMap((part) => valuesOf(part, min, max, names)));
  return (value) => values.has(value);
}

function valuesOf(part: string, min: number, max: number, names: string[]): number[] {
  const [span, step, ...more] = part.split('/');
  const [from, to, ...rest] = span!.split('-');
  if (more.length > 0 || rest.length > 0) throw new SyntaxError(`${part} is no part of a cron field`);
  const first = from === '*' ? min : numberOf(from!, min, max, names);
  const last = to !== undefined ? numberOf(to, min, max, names) : from === '*' || step !== undefined ? max : first;
  const every = step === undefined ? 1 : bounded(step, 1, max);
  return first <= last
    ? range(first, last).filter((value) => (value - first) % every === 0)
    : [...range(first, max), ...range(min, last)];
}

function numberOf(text: string, min: number, max: number, names: string[]): number {
  const name = names.indexOf(text);
  return name >= 0 ? name + 1 : bounded(text, min, max);
}

function bounded(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw new SyntaxError(`${text} is not in ${min}-${max}`);
  return value;
}

/** The weekday nearest to `date` without leaving the month. */
function nearestWeekday(day: Date, date: number): number {
  const last = lastDateOf(day);
  const wanted = Math.min(date, last);
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === last ? wanted - 2 : wanted + 1;
  return wanted;
}

function lastDateOf(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}
