import { coveredBy, dueOf } from './fire-plan.js';
import { isOccurrence, occurrencesAfter, occurrencesFrom, type Schedule, type ScheduleClock } from './schedule.js';

/**
 * A run that is due within this time of a change belongs to the schedule as it was, since it may have passed the gate.
 * The gate comes half a second before the due moment; the rest is for the time until the change commits.
 */
export const BEGUN_MS = 1_000;
/** A fire may be in progress this long before its position; the change will refuse its commit. */
const UNDER_WAY_MS = 10_000;
/** Occurrences that have become due stay in `ahead` for as long as the clocks of two machines may differ. */
const STAYS_MS = 5_000;
/** So the clock's row stays within the kilobyte of one write unit. */
const AHEAD_MOST = 70;

/** From where a change continues the chain. */
export interface ChangePlan extends Pick<ScheduleClock, 'runs' | 'next_at'> {
  readonly ahead: readonly number[];
  readonly dropped: readonly number[];
}

/** A schedule as it was, with all fires committed that are due until shortly after `now`. */
export interface Before {
  readonly schedule: Schedule;
  readonly clock: ScheduleClock;
  readonly now: number;
}

/**
 * What a change keeps of the runs made ahead. The new chain continues from its first occurrence that has no run yet.
 * Runs that were made up to there stay, and stay counted. All other open runs are dropped: they leave the count, and
 * must not be called unless the new chain makes them again (under the same id, and counted then).
 * @param schedule as it is to be; absent if no run is to be made
 */
export function planChange(schedule: Schedule | undefined, { schedule: old, clock, now }: Before): ChangePlan {
  const isOpen = (at: number) => dueOf(old, at) >= now + BEGUN_MS;
  const { ahead = impliedAhead(old, clock, now), dropped = [] } = clock;
  const open = ahead.filter(isOpen);
  const begun = ahead.filter((at) => !isOpen(at));
  const counted = clock.runs - open.length;
  const { kept, next_at } = schedule
    ? goOn(schedule, now, {
        open,
        // The gate may just have cancelled the runs of dropped occurrences near now.
        decided: [...begun, ...dropped.filter((at) => at < now + BEGUN_MS)],
        left: (schedule.max_runs ?? Infinity) - counted,
      })
    : { kept: [] };
  const takenBack = [...open, ...underWay(old, clock, now).filter(isOpen)];
  return {
    runs: counted + kept.length,
    ahead: [...begun, ...kept],
    dropped: [...new Set([...dropped, ...takenBack])].filter((at) => !kept.includes(at)),
    ...(next_at !== undefined && { next_at }),
  };
}

/** For a clock of an earlier release, which did not write `ahead`: occurrences before its position have a run. */
function impliedAhead(old: Schedule, { next_at = 0, runs }: ScheduleClock, now: number): number[] {
  if (old.run_at !== undefined) return runs > 0 ? [old.run_at] : [];
  return occurrencesAfter(old, now, Math.min(runs, AHEAD_MOST)).filter((at) => at < next_at);
}

/** Whether the one moment of a schedule needs no run any more: its run exists, or was dropped and cancelled. */
export function isDecided({ run_at }: Schedule, { runs, ahead, dropped = [] }: ScheduleClock, now: number): boolean {
  if (run_at === undefined || run_at >= now + BEGUN_MS) return false;
  return (ahead ?? (runs > 0 ? [run_at] : [])).includes(run_at) || dropped.includes(run_at);
}

interface Made {
  /** Occurrences whose runs were made ahead and have not begun. */
  readonly open: readonly number[];
  /** Occurrences whose runs must neither be made again nor dropped. */
  readonly decided: readonly number[];
  /** How many more runs there may be, including those of `open`. */
  readonly left: number;
}

/** Which open occurrences the schedule keeps, and its first occurrence that has no run yet. */
function goOn(schedule: Schedule, now: number, { open, decided, left }: Made): { kept: number[]; next_at?: number } {
  // Past occurrences whose runs are still delayed by jitter.
  const kept = open.filter((at) => at <= now && isOccurrence(schedule, at)).slice(0, Math.max(0, left));
  for (const at of occurrencesFrom(schedule, now, open.length + decided.length + 1)) {
    if (decided.includes(at)) continue;
    if (kept.length >= left) break;
    if (!open.includes(at)) return { kept, next_at: at };
    kept.push(at);
  }
  return { kept };
}

/** The occurrences whose runs a fire of the old chain may have made just now, although its commit will be refused. */
function underWay(old: Schedule, clock: ScheduleClock, now: number): readonly number[] {
  const { status, next_at } = clock;
  if (status !== 'active' || next_at === undefined || next_at > now + UNDER_WAY_MS) return [];
  return coveredBy(old, { ...clock, next_at });
}

/** The clock's lists after the occurrences `made` have got their runs. */
export function listsAfter(
  schedule: Schedule,
  { ahead = [], dropped = [] }: ScheduleClock,
  made: readonly number[],
  now: number,
): Required<Pick<ScheduleClock, 'ahead' | 'dropped'>> {
  const recent = ahead.filter((at) => dueOf(schedule, at) > now - STAYS_MS);
  return {
    ahead: [...new Set([...recent, ...made])].slice(-AHEAD_MOST),
    dropped: dropped.filter((at) => !made.includes(at)),
  };
}

/** Whether the chain wants the run of this occurrence: it or its next fire (which may have died) makes the run. */
export function wants(schedule: Schedule, clock: ScheduleClock, occurrence: number): boolean {
  const { status, next_at, ahead = [], dropped = [] } = clock;
  if (status !== 'active' && status !== 'completed') return false;
  if (ahead.includes(occurrence)) return true;
  if (next_at === undefined || occurrence < next_at)
    return !dropped.includes(occurrence) && isOccurrence(schedule, occurrence);
  return coveredBy(schedule, { ...clock, next_at }).includes(occurrence);
}
