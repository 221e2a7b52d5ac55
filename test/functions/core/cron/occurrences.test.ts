import { parseCron } from '../../../../functions/core/cron/expression.js';
import { nextOccurrence, nextOccurrences } from '../../../../functions/core/cron/occurrences.js';

const first = (expression: string, zone: string, from: string) =>
  nextOccurrence(parseCron(expression), zone, Date.parse(from));
const times = (expression: string, zone: string, from: string, count: number) =>
  nextOccurrences(parseCron(expression), zone, Date.parse(from), count).map(({ at }) => new Date(at).toISOString());

const GAP_END = Date.parse('2026-03-29T01:00:00Z');

test.each([
  ['the time that was meant does not exist', '30 2 * * *', true],
  ['several of them are one', '0,30 2 * * *', true],
  ['it would run then anyway', '0 2,3 * * *', false],
  ['a wildcard job has nothing made up for', '0 */3 * * *', false],
])('at the end of a gap, %s: %s', (_name, expression, shifted) => {
  expect(first(expression, 'Europe/Berlin', '2026-03-29T00:59:59.999Z')).toEqual({ at: GAP_END, shifted });
  expect(first(expression, 'Europe/Berlin', '2026-03-29T01:00:00Z').at).toBeGreaterThan(GAP_END);
});

test('seconds alone make no wildcard: in a repeated hour the first pass counts', () => {
  const last = '2026-11-01T05:30:59Z';
  expect(times('* 30 1 * * *', 'America/New_York', last, 1)).toEqual(['2026-11-02T06:30:00.000Z']);
  expect(times('* 30 * * * *', 'America/New_York', last, 1)).toEqual(['2026-11-01T06:30:00.000Z']);
});

test('a day that comes twice, over the date line, runs twice', () => {
  // Kwajalein changed sides at the end of September 1969.
  const runs = times('0 12 30 9 *', 'Pacific/Kwajalein', '1969-09-01T00:00:00Z', 2);
  expect(runs.map((run) => run.slice(0, 10))).toEqual(['1969-09-30', '1969-10-01']);
});

test('a leap day on one weekday is found over forty years', () => {
  expect(times('0 0 * 2 1#5', 'UTC', '2072-03-01T00:00:00Z', 1)).toEqual(['2112-02-29T00:00:00.000Z']);
});

test('where dates end, it says so', () => {
  expect(() => nextOccurrence(parseCron('0 0 1 1 *'), 'UTC', 8.64e15 - 1)).toThrow(RangeError);
});
