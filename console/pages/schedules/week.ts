import type { components } from '../../api/schema.js';
import { formatted } from '../../components/zones.js';

type Schedule = components['schemas']['Schedule'];

export const DAY_MS = 86_400_000;
export const DAYS = 7;

export interface Fires {
  /** Unix milliseconds, the earliest first. */
  readonly at: readonly number[];
  /** The stretch has more than were asked for. */
  readonly more: boolean;
}

/** A schedule with its occurrences in the week. */
export interface InWeek {
  readonly schedule: Schedule;
  readonly fires: Fires;
}

/** What a schedule does on one day. */
export interface Entry {
  readonly schedule: Schedule;
  /** Unix milliseconds, the earliest first. */
  readonly at: readonly number[];
}

export interface Day {
  /** A moment of the day. */
  readonly at: number;
  /** By their first occurrences. */
  readonly entries: readonly Entry[];
}

/** The day of a moment by the clock of a zone, such as `15 Jan 2027`. */
export const dayOf = (at: number, zone: string): string =>
  formatted(new Date(at), zone, { day: 'numeric', month: 'short', year: 'numeric' });

/** The first moment of a day. A clock change makes a day an hour shorter or longer, so it is looked for in its own zone. */
export function dayStart(at: number, zone: string): number {
  const day = dayOf(at, zone);
  let [before, within] = [at - 1.5 * DAY_MS, at];
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayOf(middle, zone) === day) within = middle;
    else before = middle;
  }
  return within;
}

/** The starts of a week's days, and the start of the day after them. */
export function weekFrom(at: number, zone: string): readonly number[] {
  const starts = [dayStart(at, zone)];
  // A day and a half after the start of a day is within the next day.
  while (starts.length <= DAYS) starts.push(dayStart(starts.at(-1)! + 1.5 * DAY_MS, zone));
  return starts;
}

/** The days of a week with what fires on each. */
export function daysOf(starts: readonly number[], found: readonly InWeek[]): readonly Day[] {
  return starts.slice(0, DAYS).map((start, index) => {
    const entries = found
      .map(({ schedule, fires }) => ({ schedule, at: fires.at.filter((at) => at >= start && at < starts[index + 1]!) }))
      .filter(({ at }) => at.length > 0)
      .sort((a, b) => a.at[0]! - b.at[0]!);
    return { at: start, entries };
  });
}

/** Schedules with the same occurrences together; those that fire soonest first. */
export function byTimes(schedules: readonly Schedule[]): readonly (readonly Schedule[])[] {
  const groups = new Map<string, Schedule[]>();
  for (const schedule of schedules.toSorted((a, b) => (a.next_run_at! < b.next_run_at! ? -1 : 1))) {
    const { cron, timezone, run_at, start_at, end_at, max_runs, runs } = schedule;
    const times = JSON.stringify([cron, timezone, run_at, start_at, end_at, max_runs !== null && max_runs - runs]);
    groups.set(times, [...(groups.get(times) ?? []), schedule]);
  }
  return [...groups.values()];
}
