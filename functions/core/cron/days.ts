import {
  ascending,
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  itemsOf,
  MONTH,
  numberOf,
  valuesOf,
  valuesOfItem,
  wrong,
} from './field.js';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Which days an expression names: the fields day of month, month and day of week together. */
export interface DayRule {
  readonly months: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** `L`: the last day of the month, whichever it is. */
  readonly lastDay: boolean;
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** `5L`: the last Friday of the month. */
  readonly lastWeekdays: readonly number[];
  /** `5#2`: only the second one of the month. */
  readonly nth: number | undefined;
  /** Both fields have to match; otherwise one is enough. */
  readonly both: boolean;
}

/** @throws InvalidCronError */
export function parseDays(dayOfMonth: string, month: string, dayOfWeek: string): DayRule {
  const both = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
  return { ...parseDaysOfMonth(dayOfMonth), months: valuesOf(MONTH, month), ...parseDaysOfWeek(dayOfWeek), both };
}

function parseDaysOfMonth(text: string): Pick<DayRule, 'daysOfMonth' | 'lastDay'> {
  const items = itemsOf(DAY_OF_MONTH, text);
  const days = items.filter((item) => item !== 'L').flatMap((item) => valuesOfItem(DAY_OF_MONTH, item));
  return { daysOfMonth: ascending(days), lastDay: items.includes('L') };
}

function parseDaysOfWeek(text: string): Pick<DayRule, 'weekdays' | 'lastWeekdays' | 'nth'> {
  const [, numbered, nth] = /^(\w+)#([^#]*)$/.exec(text) ?? [];
  if (numbered !== undefined && nth !== undefined) {
    if (!/^[1-5]$/.test(nth)) throw wrong(DAY_OF_WEEK, text, 'where # is not followed by 1 to 5');
    return { weekdays: [weekday(numbered)], lastWeekdays: [], nth: Number(nth) };
  }
  const items = itemsOf(DAY_OF_WEEK, text);
  const isLast = (item: string) => /^\w+L$/.test(item);
  const every = items.filter((item) => !isLast(item)).flatMap((item) => valuesOfItem(DAY_OF_WEEK, item));
  const last = items.filter(isLast).map((item) => weekday(item.slice(0, -1)));
  return { weekdays: ascending(every.map((value) => value % 7)), lastWeekdays: ascending(last), nth: undefined };
}

function weekday(text: string): number {
  return numberOf(DAY_OF_WEEK, text) % 7;
}

/** A weekday falls on 29 February again after at most 40 years (across a century without a leap year). */
const LONGEST_WAIT_DAYS = 41 * 366;

/**
 * The first day from `from` on (included) that the rule names, in days since 1970-01-01, within `limit` days; undefined
 * when there is none.
 */
export function nextDay(rule: DayRule, from: number, limit = LONGEST_WAIT_DAYS): number | undefined {
  for (let day = from; day < from + limit; ) {
    const date = new Date(day * DAY_MS);
    if (!rule.months.includes(date.getUTCMonth() + 1)) {
      day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
    } else if (matches(rule, date)) return day;
    else day += 1;
  }
  return undefined;
}

/** Every kind of year (each weekday as its first day, leap or not) is among these: what they lack never comes. */
const EVERY_KIND_OF_YEAR = { from: Date.UTC(2000, 0, 1) / DAY_MS, days: 28 * 365 + 7 };

/** False for dates such as 30 February. */
export function everComes(rule: DayRule): boolean {
  return nextDay(rule, EVERY_KIND_OF_YEAR.from, EVERY_KIND_OF_YEAR.days) !== undefined;
}

function matches(rule: DayRule, date: Date): boolean {
  const day = date.getUTCDate();
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const weekday = date.getUTCDay();
  const inMonth = rule.daysOfMonth.includes(day) || (rule.lastDay && day === lastDay);
  const isNth = rule.nth === undefined || Math.ceil(day / 7) === rule.nth;
  const inWeek =
    (rule.weekdays.includes(weekday) && isNth) || (rule.lastWeekdays.includes(weekday) && day > lastDay - 7);
  return rule.both ? inMonth && inWeek : inMonth || inWeek;
}
