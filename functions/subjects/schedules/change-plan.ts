import { coveredBy, dueOf } from './fire-plan.js';
import { isOccurrence, occurrencesAfter, occurrencesFrom, type Schedule, type ScheduleClock } from './schedule.js';

/**
 * What is due within this of a change belongs to the schedule as it was, for its run may have passed the gate: that stands
 * half a second before the due moment, and the rest is for the change's own way to its commit.
 */
export const BEGUN_MS = 1_000;
/** So far before its position a fire may be under way, whose commit the change will refuse. */
const UNDER_WAY_MS = 10_000;
/** As long as clocks may differ, what has become due stays among what was made last. */
const STAYS_MS = 5_000;
/** The clock's row stays within the kilobyte of one write unit. */
const AHEAD_MOST = 70;

/** Where a change lets the chain go on. */
export interface ChangePlan extends Pick<ScheduleClock, 'runs' | 'next_at'> {
  readonly ahead: readonly number[];
  readonly dropped: readonly number[];
}

/** A schedule as it was, caught up with until shortly after `now`. */
export interface Before {
  readonly schedule: Schedule;
  readonly clock: ScheduleClock;
  readonly now: number;
}

/**
 * What a change makes of what was made ahead. From its own first occurrence on that has no run yet, the new chain makes all
 * of them; those that were made up to there stay, and stay counted. All others are dropped: out of the count, and not to
 * be called unless the new chain makes them (under the same id, and counted then).
 * @param schedule as it is to be; absent when nothing is to be made
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
        // Of those near now that were dropped, the gate may just have cancelled the runs.
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

/** Of a clock that does not say, for a release before this one wrote it: what lies before its position has been made. */
function impliedAhead(old: Schedule, { next_at = 0, runs }: ScheduleClock, now: number): number[] {
  if (old.run_at !== undefined) return runs > 0 ? [old.run_at] : [];
  return occurrencesAfter(old, now, Math.min(runs, AHEAD_MOST)).filter((at) => at < next_at);
}

/** Whether the one moment of a schedule needs no run any more: it has one, or that was taken back, and has been cancelled. */
export function isDecided({ run_at }: Schedule, { runs, ahead, dropped = [] }: ScheduleClock, now: number): boolean {
  if (run_at === undefined || run_at >= now + BEGUN_MS) return false;
  return (ahead ?? (runs > 0 ? [run_at] : [])).includes(run_at) || dropped.includes(run_at);
}

interface Made {
  /** Made ahead, and not begun. */
  readonly open: readonly number[];
  /** Neither to be made anew, nor to be taken back. */
  readonly decided: readonly number[];
  /** How many more runs there may be, those of `open` included. */
  readonly left: number;
}

/** Which of what was made the schedule keeps, and its first occurrence that is still to be made. */
function goOn(schedule: Schedule, now: number, { open, decided, left }: Made): { kept: number[]; next_at?: number } {
  // Put off by their jitter.
  const kept = open.filter((at) => at <= now && isOccurrence(schedule, at)).slice(0, Math.max(0, left));
  for (const at of occurrencesFrom(schedule, now, open.length + decided.length + 1)) {
    if (decided.includes(at)) continue;
    if (kept.length >= left) break;
    if (!open.includes(at)) return { kept, next_at: at };
    kept.push(at);
  }
  return { kept };
}

/** What a fire of the old chain may have made just now: its commit will be refused, but its runs may lie there. */
function underWay(old: Schedule, clock: ScheduleClock, now: number): readonly number[] {
  const { status, next_at } = clock;
  if (status !== 'active' || next_at === undefined || next_at > now + UNDER_WAY_MS) return [];
  return coveredBy(old, { ...clock, next_at });
}

/** The clock's lists after `made` got their runs. */
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

/** Whether the chain wants the run of this occurrence: it has made it, or its next fire does, or did before it died. */
export function wants(schedule: Schedule, clock: ScheduleClock, occurrence: number): boolean {
  const { status, next_at, ahead = [], dropped = [] } = clock;
  if (status !== 'active' && status !== 'completed') return false;
  if (ahead.includes(occurrence)) return true;
  if (next_at === undefined || occurrence < next_at)
    return !dropped.includes(occurrence) && isOccurrence(schedule, occurrence);
  return coveredBy(schedule, { ...clock, next_at }).includes(occurrence);
}
