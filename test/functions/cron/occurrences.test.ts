import { parseCron } from '../../../functions/cron/expression.js';
import { nextOccurrence, nextOccurrences } from '../../../functions/cron/occurrences.js';

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

test.each([
  // 1 August 2026 is a Saturday, its last day a Monday; 31 January 2027 a Sunday; 28 February 2026 a Saturday.
  ['1W', '2026-08-01', '2026-08-03'],
  ['15W', '2026-08-01', '2026-08-14'],
  ['16W', '2026-08-01', '2026-08-17'],
  ['17W', '2026-08-01', '2026-08-17'],
  ['31W', '2027-01-01', '2027-01-29'],
  ['31W', '2026-11-01', '2026-12-31'],
  ['LW', '2026-02-01', '2026-02-27'],
  ['LW', '2026-08-01', '2026-08-31'],
  ['LW', '2027-01-01', '2027-01-29'],
  ['L-3', '2026-02-01', '2026-02-25'],
  ['L-3', '2028-02-01', '2028-02-26'],
  ['L-30', '2026-02-01', '2026-03-01'],
  ['L-1W', '2026-05-01', '2026-05-29'],
  ['L-27W', '2026-08-01', '2026-08-04'],
  ['L-30W', '2026-08-01', '2026-08-03'],
  ['20,15W', '2026-08-15', '2026-08-20'],
])('%s from %s on is %s', (dayOfMonth, from, day) => {
  const before = new Date(Date.parse(from) - 1).toISOString();
  expect(times(`0 0 ${dayOfMonth} * *`, 'UTC', before, 1)).toEqual([`${day}T00:00:00.000Z`]);
});

test.each([1, 2, 15, 27, 28])('%sW is the nearest day from Monday to Friday of its month', (day) => {
  const nearest = Array.from({ length: 90 }, (_, month) => {
    const days = Array.from({ length: 28 }, (_, index) => new Date(Date.UTC(2026, month, index + 1)));
    const last = new Date(Date.UTC(2026, month + 1, 0)).getUTCDate();
    const workdays = [
      ...days,
      ...[29, 30, 31].filter((more) => more <= last).map((more) => new Date(Date.UTC(2026, month, more))),
    ]
      .filter((date) => date.getUTCDay() % 6 !== 0)
      .map((date) => date.getUTCDate());
    const found = workdays.reduce((best, other) => (Math.abs(other - day) < Math.abs(best - day) ? other : best));
    return new Date(Date.UTC(2026, month, found)).toISOString();
  });
  expect(times(`0 0 ${day}W * *`, 'UTC', '2025-12-31T00:00:00Z', 90)).toEqual(nearest);
});

test('several nth weekdays of a month', () => {
  expect(times('0 9 * * MON#1,MON#3,FRIL', 'UTC', '2026-03-01T00:00:00Z', 4).map((run) => run.slice(0, 10))).toEqual([
    '2026-03-02',
    '2026-03-16',
    '2026-03-27',
    '2026-04-06',
  ]);
});

test('where dates end, it says so', () => {
  expect(() => nextOccurrence(parseCron('0 0 1 1 *'), 'UTC', 8.64e15 - 1)).toThrow(RangeError);
});
