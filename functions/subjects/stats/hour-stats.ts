import type { Attempt, RunState } from '../task-runs/task-run.js';

/** Bucket to number of values. The sum of several histograms is the histogram of all their values. */
export type Histogram = Record<number, number>;

/** Buckets per doubling: a bucket gives a value to within five per cent. */
const STEPS = 8;

/** Counts a value in milliseconds; a value below 1 counts as 1. */
export function noteValue(histogram: Histogram, value: number): void {
  const bucket = Math.round(Math.log2(Math.max(1, value)) * STEPS);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** Adds `more` to a histogram, every count multiplied by `times`. */
export function addHistogram(histogram: Histogram, more: Histogram, times: number): void {
  for (const [bucket, count] of Object.entries(more))
    histogram[Number(bucket)] = (histogram[Number(bucket)] ?? 0) + count * times;
}

/** The value, in milliseconds, that a `share` of all values does not exceed; null without values. */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = Object.entries(histogram).map(([bucket, count]) => [Number(bucket), count] as const);
  buckets.sort(([a], [b]) => a - b);
  let left = share * buckets.reduce((sum, [, count]) => sum + count, 0);
  for (const [bucket, count] of buckets) {
    left -= count;
    if (left <= 1e-6) return Math.round(2 ** (bucket / STEPS));
  }
  return null;
}

/** Attempts by their outcome, and runs that ended without success. */
export const OUTCOMES = ['success', 'failed', 'timed_out', 'blocked', 'dead_letters', 'skipped', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The statistics of one hour or of several. */
export interface HourStats {
  readonly outcomes: Record<Outcome, number>;
  readonly latency: Histogram;
  /** Of first attempts alone: the moment of a retry is our own choice, and less exact. */
  readonly lateness: Histogram;
  /** Attempts without success by endpoint. */
  readonly failing: Record<string, number>;
}

export function noStats(): HourStats {
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  return { outcomes, latency: {}, lateness: {}, failing: {} };
}

/** An attempt that a cancel aborted says nothing of the receiver; the end of its run is counted instead. */
export function countAttempt(stats: HourStats, attempt: Attempt): void {
  const { status, endpoint_id, started_at, finished_at, lateness_ms } = attempt;
  if (status === 'cancelled') return;
  stats.outcomes[status] += 1;
  noteValue(stats.latency, finished_at - started_at);
  if (attempt.attempt === 1) noteValue(stats.lateness, lateness_ms);
  if (status !== 'success' && endpoint_id !== undefined) addTo(stats.failing, endpoint_id, 1);
}

const ENDS: Partial<Record<RunState['status'], Outcome>> = {
  dead_letter: 'dead_letters',
  skipped: 'skipped',
  cancelled: 'cancelled',
};

/** A success is not counted here: its attempt is. */
export function countEnd(stats: HourStats, { status }: RunState): void {
  const outcome = ENDS[status];
  if (outcome !== undefined) stats.outcomes[outcome] += 1;
}

/** Adds `more` to `stats`, every count multiplied by `times`. */
export function addStats(stats: HourStats, more: HourStats, times: number): void {
  for (const outcome of OUTCOMES) stats.outcomes[outcome] += more.outcomes[outcome] * times;
  addHistogram(stats.latency, more.latency, times);
  addHistogram(stats.lateness, more.lateness, times);
  for (const [endpoint, count] of Object.entries(more.failing)) addTo(stats.failing, endpoint, count * times);
}

/** The endpoints with the most failures, in descending order. */
export function worst({ failing }: HourStats, limit: number): [endpoint: string, failures: number][] {
  return Object.entries(failing)
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit);
}

function addTo(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}
