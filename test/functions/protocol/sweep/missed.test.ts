import { bucketOf, isEmpty, isMissed, nextMiss } from '../../../../functions/protocol/sweep/sweep-ports.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('what never came is missed after ten minutes, after an hour, two, four and so on', () => {
  const missed: number[] = [];
  for (let at = 0; at < 14 * DAY; at = missed.at(-1)!) missed.push(nextMiss(0, at));
  expect(missed.map((at) => at / HOUR)).toEqual([1 / 6, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
});

test('it is missed once in each stretch that holds one of these moments, and in no other', () => {
  const rounds = Array.from({ length: 14 * 96 }, (_, n) => ({ from: n * 15 * MINUTE, until: (n + 1) * 15 * MINUTE }));
  for (const moment of [0, 1, 7 * MINUTE, 15 * MINUTE]) {
    const missed = rounds.filter((span) => isMissed(moment, span));
    expect(missed).toHaveLength(10);
    expect(missed[0]!.until - moment).toBeLessThanOrEqual(25 * MINUTE);
  }
  expect(isMissed(0, { from: 2 * DAY, until: 2 * DAY })).toBe(false);
});

test('a queue that jumps over several of them has missed it once', () => {
  expect(isMissed(0, { from: 0, until: 3 * DAY })).toBe(true);
  expect(isMissed(0, { from: 10 * MINUTE, until: HOUR - 1 })).toBe(false);
  expect(isMissed(0, { from: 10 * MINUTE, until: HOUR })).toBe(true);
});

test('a list is for a stretch that ends at its moment or up to five minutes later', () => {
  for (const at of [1, 5 * MINUTE, 5 * MINUTE + 1, 123_456_789]) {
    expect(bucketOf(at)).toBeGreaterThanOrEqual(at);
    expect(bucketOf(at) - at).toBeLessThan(5 * MINUTE);
  }
  expect([isEmpty({ from: 1, until: 1 }), isEmpty({ from: 0, until: 1 })]).toEqual([true, false]);
});
