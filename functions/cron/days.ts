import { onFirstUse } from '../primitives/once.js';
import {
  ascending,
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  itemsOf,
  MONTH,
  readByCronParser,
  valuePattern,
  valuesOf,
  valuesOfItem,
  wrong,
} from './field.js';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** The days that an expression names: the fields day of month, month and day of week together. */
export interface DayRule {
  readonly months: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly movingDays: readonly MovingDay[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  readonly nthWeekdays: readonly NthWeekday[];
  /** Whether both day fields have to match; otherwise one is enough. */
  readonly both: boolean;
}

/** `L`, `L-3`, `15W`, `LW`: a day that depends on the month. */
export interface MovingDay {
  readonly day: number;
  /** Whether `day` counts back from the last day of the month, which is 0. */
  readonly fromEnd: boolean;
  /** Whether the nearest day from Monday to Friday in the same month is meant. */
  readonly toWorkday: boolean;
}

/** `5#2`: the second Friday of the month; `5L`: its last. */
export interface NthWeekday {
  readonly weekday: number;
  readonly nth: number | 'last';
}

/** @throws InvalidCronError */
export function parseDays(dayOfMonth: string, month: string, dayOfWeek: string): DayRule {
  const both = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
  return { ...parseDaysOfMonth(dayOfMonth), months: valuesOf(MONTH, month), ...parseDaysOfWeek(dayOfWeek), both };
}

/** cron-parser knows `L`, but neither `L-3` nor `W`. */
const MOVING_DAY = /^(?:(L)(?:-(\d+))?|(\d+)(?=W))(W)?$/i;

function parseDaysOfMonth(text: string): Pick<DayRule, 'daysOfMonth' | 'movingDays'> {
  const items = itemsOf(DAY_OF_MONTH, text);
  const isMoving = (item: string) => MOVING_DAY.test(item);
  return {
    daysOfMonth: ascending(items.filter((item) => !isMoving(item)).flatMap((item) => valuesOfItem(DAY_OF_MONTH, item))),
    movingDays: items.filter(isMoving).map(movingDay),
  };
}

function movingDay(item: string): MovingDay {
  const [, last, before = '0', day = before, workday] = MOVING_DAY.exec(item)!;
  if (last !== undefined && Number(before) > 30)
    throw wrong(DAY_OF_MONTH, item, 'which goes back by more than 30 days');
  if (last === undefined) valuesOfItem(DAY_OF_MONTH, day);
  return { day: Number(day), fromEnd: last !== undefined, toWorkday: workday !== undefined };
}

/** `5#2`, `FRI#2`, `5L`, `FRIL`. */
const nthForm = /* @__PURE__ */ onFirstUse(() => new RegExp(`^(${valuePattern(DAY_OF_WEEK)})(?:#\\d+|L)$`, 'i'));

function parseDaysOfWeek(text: string): Pick<DayRule, 'weekdays' | 'nthWeekdays'> {
  const items = itemsOf(DAY_OF_WEEK, text);
  const isNth = (item: string) => nthForm().test(item);
  if (items.some((item) => item.includes('#')) && !items.every(isNth) && items.length > 1)
    throw wrong(
      DAY_OF_WEEK,
      text,
      'where a day beside one with # has no # of its own: write each with its own (1#2,3#2)',
    );
  const every = items.filter((item) => !isNth(item)).flatMap((item) => valuesOfItem(DAY_OF_WEEK, item));
  return { weekdays: ascending(every.map((value) => value % 7)), nthWeekdays: items.filter(isNth).map(nthWeekday) };
}

function nthWeekday(item: string): NthWeekday {
  const [, day] = nthForm().exec(item)!;
  const [weekday] = valuesOfItem(DAY_OF_WEEK, day!);
  const read = readByCronParser(DAY_OF_WEEK, item.toUpperCase());
  if (read === undefined) throw wrong(DAY_OF_WEEK, item, 'where # is not followed by 1 to 5');
  return { weekday: weekday! % 7, nth: read.nthDay || 'last' };
}

/** A weekday falls on 29 February again after at most 40 years (across a century without a leap year). */
const LONGEST_WAIT_DAYS = 41 * 366;

/**
 * The first day from `from` on (inclusive) that the rule names, in days since 1970-01-01, within `limit` days;
 * undefined if there is none.
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

/** Every kind of year (each weekday as its first day, leap or not) is among these: a missing day never comes. */
const EVERY_KIND_OF_YEAR = { from: Date.UTC(2000, 0, 1) / DAY_MS, days: 28 * 365 + 7 };

/** Whether the rule names any day: false for dates such as 30 February. */
export function everComes(rule: DayRule): boolean {
  return nextDay(rule, EVERY_KIND_OF_YEAR.from, EVERY_KIND_OF_YEAR.days) !== undefined;
}

function matches(rule: DayRule, date: Date): boolean {
  const day = date.getUTCDate();
  const weekday = date.getUTCDay();
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const inMonth =
    rule.daysOfMonth.includes(day) || rule.movingDays.some((moving) => dayOf(moving, day, weekday, lastDay) === day);
  const inWeek =
    rule.weekdays.includes(weekday) ||
    rule.nthWeekdays.some((its) => its.weekday === weekday && isNth(its, day, lastDay));
  return rule.both ? inMonth && inWeek : inMonth || inWeek;
}

function isNth({ nth }: NthWeekday, day: number, lastDay: number): boolean {
  return nth === 'last' ? day > lastDay - 7 : Math.ceil(day / 7) === nth;
}

/** The day that `moving` names in the month in which `day` is a `weekday`; undefined if the month has no such day. */
function dayOf(moving: MovingDay, day: number, weekday: number, lastDay: number): number | undefined {
  const named = moving.fromEnd ? lastDay - moving.day : moving.day;
  if (named < 1 || named > lastDay) return undefined;
  if (!moving.toWorkday) return named;
  const its = (weekday + named - day + 35) % 7;
  if (its === 6) return named > 1 ? named - 1 : named + 2;
  if (its === 0) return named < lastDay ? named + 1 : named - 2;
  return named;
}
