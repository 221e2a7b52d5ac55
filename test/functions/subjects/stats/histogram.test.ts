import {
  addHistogram,
  type Histogram,
  noteValue,
  percentile,
} from '../../../../functions/subjects/stats/hour-stats.js';

function of(values: readonly number[]): Histogram {
  const histogram: Histogram = {};
  for (const value of values) noteValue(histogram, value);
  return histogram;
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

test.each([1, 2, 7, 41, 1_000, 29_999, 300_000, 86_400_000])('%d is told to within five per cent', (value) => {
  expect(Math.abs(percentile(of([value]), 0.5)! - value) / value).toBeLessThan(0.05);
});

test.each([0.5, 0.9, 0.99])('the share %d of a thousand values', (share) => {
  expect(Math.abs(percentile(of(upTo(1_000)), share)! / (share * 1_000) - 1)).toBeLessThan(0.05);
});

test('the percentiles of merged hours are those of all their values', () => {
  const all = upTo(500);
  const merged = of(all.filter((value) => value % 3 === 0));
  addHistogram(merged, of(all.filter((value) => value % 3 !== 0)), 1);
  expect(merged).toEqual(of(all));
  expect(percentile(of([]), 0.5)).toBeNull();
});

test('what stands for several weighs as much', () => {
  const merged = of([10, 10]);
  addHistogram(merged, of([1_000]), 3);
  expect(percentile(merged, 0.4)).toBe(percentile(of([10]), 1));
  expect(percentile(merged, 0.5)).toBe(percentile(of([1_000]), 1));
});
