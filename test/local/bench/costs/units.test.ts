import { billOf, dollarsPerMillion, sum, times, units } from '../../../../local/bench/costs/units.js';

test('a million of each is what its price says', () => {
  expect(dollarsPerMillion('writeUnits', 1)).toBeCloseTo(0.625);
  expect(dollarsPerMillion('readUnits', 0.5)).toBeCloseTo(0.0625);
  expect(dollarsPerMillion('sqsRequests', 1)).toBeCloseTo(0.4);
  expect(dollarsPerMillion('gbSeconds', 0.05)).toBeCloseTo(0.66667);
  // A KB each of a million is a good part of a GB.
  expect(dollarsPerMillion('logBytes', 1024)).toBeCloseTo((1024 * 1e6 * 0.5) / 2 ** 30);
});

test('storage and egress are not part of the bill', () => {
  const delivered = units({ apiRequests: 1, writeUnits: 4, storedBytes: 1e6, egressBytes: 1e6 });
  expect(billOf(delivered)).toBeCloseTo(1 + 4 * 0.625);
});

test('units add up and scale', () => {
  const total = sum([{ writeUnits: 2 }, { writeUnits: 1, readUnits: 3 }, {}]);
  expect(times(0.5, total)).toMatchObject({ writeUnits: 1.5, readUnits: 1.5, apiRequests: 0 });
});
