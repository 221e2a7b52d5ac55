/** How many values fell into which bucket. Histograms of any hours add up to one of all their values. */
export type Histogram = Record<number, number>;

/** Buckets per doubling: a value is told to within five per cent. */
const STEPS = 8;

/** Notes a number of milliseconds; what is below one counts as one. */
export function noteValue(histogram: Histogram, value: number): void {
  const bucket = Math.round(Math.log2(Math.max(1, value)) * STEPS);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** Adds `more` to a histogram, each of its values `times` times. */
export function addHistogram(histogram: Histogram, more: Histogram, times: number): void {
  for (const [bucket, count] of Object.entries(more))
    histogram[Number(bucket)] = (histogram[Number(bucket)] ?? 0) + count * times;
}

/** The value, in milliseconds, that a `share` of all values does not exceed; null of none. */
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
