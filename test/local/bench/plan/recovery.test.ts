import { minutesToRecover } from '../../../../local/bench/plan/recovery.js';

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
