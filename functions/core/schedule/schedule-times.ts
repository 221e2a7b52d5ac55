import { parseCron } from '../cron/expression.js';
import { nextOccurrences } from '../cron/occurrences.js';
import type { Schedule } from './schedule.js';

type Times = Pick<Schedule, 'cron' | 'timezone' | 'run_at' | 'start_at' | 'end_at'>;

/** At most `count` occurrences strictly after `after`, within the schedule's start and end. */
export function occurrencesAfter(times: Times, after: number, count: number): number[] {
  const from = Math.max(after, (times.start_at ?? 0) - 1);
  const end = times.end_at ?? Infinity;
  return unbounded(times, from, count).filter((at) => at <= end);
}

/**
 * The first `count` occurrences of a chain that begins now, or goes on. The one moment of a schedule is among them also when
 * it has passed: whether it still runs then is for the misfire policy.
 */
export function occurrencesFrom(times: Times, now: number, count: number): number[] {
  return occurrencesAfter(times, Math.min(now, (times.run_at ?? Infinity) - 1), count);
}

/** Whether the schedule, as it is now, has an occurrence at this moment. */
export function isOccurrence(times: Times, at: number): boolean {
  return occurrencesAfter(times, at - 1, 1)[0] === at;
}

function unbounded({ cron, timezone, run_at }: Times, after: number, count: number): number[] {
  if (cron === undefined) return run_at !== undefined && run_at > after ? [run_at] : [];
  return nextOccurrences(parseCron(cron), timezone, after, count).map(({ at }) => at);
}
