import { batchesAfter, growthOf, minutesToRecover } from '../../../../local/bench/plan/recovery.js';

const capacity = { batchesAtFirst: 5, batchesMoreEachMinute: 300, mostBatches: 1_000, perBatch: 1, most: 1_000 };

test('a backlog is worked off by what is left over from what arrives', () => {
  const ready = { ...capacity, batchesAtFirst: 10, batchesMoreEachMinute: 0 };
  expect(minutesToRecover(60, 9, ready)).toBeCloseTo(1);
  expect(minutesToRecover(0, 9, ready)).toBe(0);
});

test('while the batches are still few, the backlog grows on', () => {
  // 5 a second of 100 in the first minute, 305 in the second: 5,700 come on top, of which 12,300 are done.
  expect(minutesToRecover(6_600, 100, capacity)).toBeCloseTo(2);
});

test('what bounds deliveries otherwise bounds the recovery', () => {
  expect(minutesToRecover(6_000, 100, { ...capacity, most: 200 })).toBeGreaterThan(1.9);
});

test('who has no more than arrives never recovers', () => {
  expect(minutesToRecover(1, 5, { ...capacity, batchesMoreEachMinute: 0 })).toBeUndefined();
});

test('pollers take the place of the maximum concurrency, and are ready at once', () => {
  expect(growthOf(500)).toEqual({ batchesAtFirst: 5, batchesMoreEachMinute: 300, mostBatches: 500 });
  const pollers = growthOf(500, { minimum: 10, maximum: 70 });
  expect(pollers).toEqual({ batchesAtFirst: 100, batchesMoreEachMinute: 1_000, mostBatches: 700 });
  expect([0, 0.5, 1, 9].map((minutes) => batchesAfter(minutes, pollers))).toEqual([100, 600, 700, 700]);
});
