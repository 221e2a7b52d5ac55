import { DAY_MS, nextDay } from './days.js';
import type { CronExpression } from './expression.js';
import { type Segment, segmentAt } from './time-zone.js';

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

export interface Occurrence {
  /** Unix milliseconds. */
  readonly at: number;
  /** A clock change moved it: the time that was meant does not exist on that day. */
  readonly shifted: boolean;
}

/** What a larger clock change skips or repeats (a date line crossed) is neither made up for nor held back. */
const MAX_MADE_UP_MS = 3 * 60 * 60 * 1000;

/** The next `count` occurrences strictly after `after` (Unix milliseconds), ascending; the zone must be a known one. */
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
 * The first occurrence strictly after `after`. Within one offset it is a matter of wall-clock times; so it goes from
 * offset to offset until one holds the time it looks for, or the gap between two swallowed it.
 * @throws RangeError beyond the reach of dates (the year 275760)
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

/** For fixed times in a repeated hour, the second pass begins where the first ended. */
function firstWallTime(cron: CronExpression, zone: string, segment: Segment, from: number): number {
  const wall = from + segment.offset;
  if (cron.isWildcard) return wall;
  const before = segmentAt(zone, from - MAX_MADE_UP_MS);
  const repeated = before.offset - segment.offset;
  return before.end <= from && repeated <= MAX_MADE_UP_MS ? Math.max(wall, before.end + before.offset) : wall;
}

/** Whether the clocks jump over `wall` where `segment` ends, by so little that it is made up for. */
function isSwallowed(wall: number, segment: Segment, next: Segment): boolean {
  const gap = next.offset - segment.offset;
  return gap > 0 && gap <= MAX_MADE_UP_MS && wall < segment.end + next.offset;
}

function isNamed(cron: CronExpression, zone: string, at: number): boolean {
  const wall = at + segmentAt(zone, at).offset;
  return nextWallTime(cron, wall) === wall;
}

/**
 * Where to look on when the segment ends before `wall`: at its end or, sparing the clock changes between, a day before
 * `wall`, as clocks are never a day off UTC. Not right before a change, though, that may turn back behind `from`.
 */
function resume(segment: Segment, from: number, wall: number): number {
  return segment.end - from > 2 * DAY_MS ? Math.max(segment.end, wall - DAY_MS) : segment.end;
}
