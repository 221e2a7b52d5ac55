const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A stretch of time: after `from`, up to and with `until` (Unix milliseconds). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** By so much a queue has gone on beyond a message that never came, before it counts as lost. */
export const MISSED_MS = 10 * MINUTE_MS;

/** A copy of a message that failed comes back within this (`failedAgainMostSeconds` in lib/config.ts). */
export const COPY_WAITS_MS = 15 * MINUTE_MS;

/** Lists of what to look at later are kept by stretches of so much. */
const BUCKET_MS = 5 * MINUTE_MS;

/**
 * What should have come at `moment` is missed for the first time after ten minutes, then after an hour, two, four and so
 * on: the first of these moments after `at`. They follow from `moment` alone, so nothing has to remember what was sent
 * again, and a message that fails over and over is joined by ten copies at most in fourteen days.
 */
export function nextMiss(moment: number, at: number): number {
  if (at < moment + MISSED_MS) return moment + MISSED_MS;
  const hours = Math.max(0, Math.floor(Math.log2((at - moment) / HOUR_MS)) + 1);
  return moment + HOUR_MS * 2 ** hours;
}

/** Whether it is missed (again) in this stretch of its queue's time. */
export function isMissed(moment: number, { from, until }: Span): boolean {
  return nextMiss(moment, from) <= until;
}

/** Nothing lies in between. */
export function isEmpty({ from, until }: Span): boolean {
  return from >= until;
}

/** The end of the stretch whose list has what is to be looked at when the queue has got to `at`. */
export function bucketOf(at: number): number {
  return Math.ceil(at / BUCKET_MS) * BUCKET_MS;
}
