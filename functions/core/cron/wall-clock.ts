import { DAY_MS, nextDay } from './days.js';
import type { CronExpression } from './expression.js';

/**
 * The first wall-clock time from `from` on (included) that the expression names. Wall-clock times are written as the
 * Unix milliseconds at which a clock in UTC shows them. Undefined only beyond the reach of dates.
 */
export function nextWallTime(cron: CronExpression, from: number): number | undefined {
  const second = Math.ceil(from / 1000);
  const day = Math.floor(second / 86_400);
  const today = nextDay(cron.days, day, 1) === day ? nextTimeOfDay(cron, second - day * 86_400) : undefined;
  if (today !== undefined) return day * DAY_MS + today * 1000;
  const later = nextDay(cron.days, day + 1);
  return later === undefined ? undefined : later * DAY_MS + nextTimeOfDay(cron, 0)! * 1000;
}

/** In seconds since midnight; undefined when no more comes today. */
function nextTimeOfDay({ hours, minutes, seconds }: CronExpression, from: number): number | undefined {
  const hour = Math.floor(from / 3600);
  const minute = Math.floor(from / 60) % 60;
  if (hours.includes(hour)) {
    const inMinute = minutes.includes(minute) ? atLeast(seconds, from % 60) : undefined;
    if (inMinute !== undefined) return hour * 3600 + minute * 60 + inMinute;
    const inHour = atLeast(minutes, minute + 1);
    if (inHour !== undefined) return hour * 3600 + inHour * 60 + seconds[0]!;
  }
  const laterHour = atLeast(hours, hour + 1);
  return laterHour === undefined ? undefined : laterHour * 3600 + minutes[0]! * 60 + seconds[0]!;
}

function atLeast(values: readonly number[], least: number): number | undefined {
  return values.find((value) => value >= least);
}
