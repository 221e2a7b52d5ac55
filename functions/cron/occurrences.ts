import { DAY_MS, nextDay } from './days.js';
import type { CronExpression } from './expression.js';
import { type Segment, segmentAt } from './time-zone.js';

/**
 * The first wall-clock time from `from` on (inclusive) that the expression names. A wall-clock time is represented as
 * the Unix milliseconds at which a clock in UTC shows it. Undefined only beyond the range of dates.
 */
export function nextWallTime(cron: CronExpression, from: number): number | undefined {
  const second = Math.ceil(from / 1000);
  const day = Math.floor(second / 86_400);
  const today = nextDay(cron.days, day, 1) === day ? nextTimeOfDay(cron, second - day * 86_400) : undefined;
  if (today !== undefined) return day * DAY_MS + today * 1000;
  const later = nextDay(cron.days, day + 1);
  return later === undefined ? undefined : later * DAY_MS + nextTimeOfDay(cron, 0)! * 1000;
}

/** In seconds since midnight; undefined if no time follows on this day. */
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

export interface Occurrence {
  /** Unix milliseconds. */
  readonly at: number;
  /** A clock change moved the occurrence: its wall-clock time does not exist on that day. */
  readonly shifted: boolean;
}

/** If a larger clock change (a date line crossed) skips times, they are lost; if it repeats times, they run twice. */
const MAX_MADE_UP_MS = 3 * 60 * 60 * 1000;

/** The next `count` occurrences strictly after `after` (Unix milliseconds), ascending; the zone must be known. */
export function nextOccurrences(cron: CronExpression, zone: string, after: number, count: number): Occurrence[] {
  const occurrences: Occurrence[] = [];
  for (let last = after; occurrences.length < count; ) {
    const next = nextOccurrence(cron, zone, last);
    occurrences.push(next);
    last = next.at;
  }
  return occurrences;
}

/**
 * The first occurrence strictly after `after`. Within one UTC offset only wall-clock times are compared. So the search
 * goes from offset to offset, until one contains the next time, or the gap between two of them skips it.
 * @throws RangeError beyond the range of dates (the year 275760)
 */
export function nextOccurrence(cron: CronExpression, zone: string, after: number): Occurrence {
  let segment = segmentAt(zone, after);
  for (let from = after + 1; ; segment = segmentAt(zone, from)) {
    const wall = nextWallTime(cron, firstWallTime(cron, zone, segment, from));
    if (wall === undefined) throw new RangeError('No date is as late as that.');
    if (wall - segment.offset < segment.end) return { at: wall - segment.offset, shifted: false };
    if (!cron.isWildcard && isSwallowed(wall, segment, segmentAt(zone, segment.end)))
      return { at: segment.end, shifted: !isNamed(cron, zone, segment.end) };
    from = resume(segment, from, wall);
  }
}

/** For fixed times, the second pass of a repeated hour is left out: the search begins where the first pass ended. */
function firstWallTime(cron: CronExpression, zone: string, segment: Segment, from: number): number {
  const wall = from + segment.offset;
  if (cron.isWildcard) return wall;
  const before = segmentAt(zone, from - MAX_MADE_UP_MS);
  const repeated = before.offset - segment.offset;
  return before.end <= from && repeated <= MAX_MADE_UP_MS ? Math.max(wall, before.end + before.offset) : wall;
}

/** Whether the clocks skip `wall` at the end of `segment`, by a gap small enough to be made up. */
function isSwallowed(wall: number, segment: Segment, next: Segment): boolean {
  const gap = next.offset - segment.offset;
  return gap > 0 && gap <= MAX_MADE_UP_MS && wall < segment.end + next.offset;
}

function isNamed(cron: CronExpression, zone: string, at: number): boolean {
  const wall = at + segmentAt(zone, at).offset;
  return nextWallTime(cron, wall) === wall;
}

/**
 * Where the search continues if the segment ends before `wall`: at its end; or, far from its end, a day before `wall`
 * (clocks are never a day off UTC), past the changes between. A near change may turn back behind `from`.
 */
function resume(segment: Segment, from: number, wall: number): number {
  return segment.end - from > 2 * DAY_MS ? Math.max(segment.end, wall - DAY_MS) : segment.end;
}
