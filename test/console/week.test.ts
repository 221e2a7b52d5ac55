import type { InWeek } from '../../console/pages/schedules/week.js';
import { byTimes, dayOf, daysOf, weekFrom } from '../../console/pages/schedules/week.js';

const iso = (moments: readonly number[]) => moments.map((at) => new Date(at).toISOString());

test('days begin at midnight of their zone, also where the clocks change', () => {
  expect(iso(weekFrom(Date.parse('2027-03-26T13:00:00Z'), 'Europe/Berlin'))).toEqual([
    '2027-03-25T23:00:00.000Z',
    '2027-03-26T23:00:00.000Z',
    '2027-03-27T23:00:00.000Z',
    '2027-03-28T22:00:00.000Z',
    '2027-03-29T22:00:00.000Z',
    '2027-03-30T22:00:00.000Z',
    '2027-03-31T22:00:00.000Z',
    '2027-04-01T22:00:00.000Z',
  ]);
  // A day of 25 hours.
  expect(iso(weekFrom(Date.parse('2027-10-30T13:00:00Z'), 'Europe/Berlin')).slice(0, 3)).toEqual([
    '2027-10-29T22:00:00.000Z',
    '2027-10-30T22:00:00.000Z',
    '2027-10-31T23:00:00.000Z',
  ]);
  expect(iso(weekFrom(Date.parse('2027-01-15T18:30:00Z'), 'Asia/Kolkata')).slice(0, 2)).toEqual([
    '2027-01-15T18:30:00.000Z',
    '2027-01-16T18:30:00.000Z',
  ]);
});

test('each occurrence is in its day, and the schedules of a day are in the order of their first', () => {
  const starts = weekFrom(Date.parse('2027-01-15T12:00:00Z'), 'UTC');
  const of = (name: string, ...at: string[]) =>
    ({ schedule: { name }, fires: { at: at.map((one) => Date.parse(one)), more: false } }) as unknown as InWeek;
  const days = daysOf(starts, [
    of('late', '2027-01-15T23:59:59Z', '2027-01-16T00:00:00Z'),
    of('early', '2027-01-15T06:00:00Z'),
    of('after', '2027-01-22T00:00:00Z'),
  ]);
  expect(days.map(({ entries }) => entries.map(({ schedule, at }) => `${schedule.name} ${at.length}`))).toEqual([
    ['early 1', 'late 1'],
    ['late 1'],
    ...Array(5).fill([]),
  ]);
  expect(dayOf(days[6]!.at, 'UTC')).toBe('21 Jan 2027');
});

test('schedules with the same occurrences are together, and those that fire soonest come first', () => {
  const of = (name: string, next_run_at: string, more: object = {}) => ({
    ...{ name, next_run_at, cron: '0 3 * * *', timezone: 'UTC', run_at: null, start_at: null, end_at: null },
    ...{ max_runs: null, runs: 0, ...more },
  });
  const groups = byTimes([
    of('a', '2027-01-16T03:00:00Z'),
    of('b', '2027-01-15T02:00:00Z', { timezone: 'Europe/Berlin' }),
    of('c', '2027-01-16T03:00:00Z', { runs: 7 }),
    of('d', '2027-01-16T03:00:00Z', { max_runs: 9, runs: 7 }),
    of('e', '2027-01-16T03:00:00Z', { max_runs: 3, runs: 1 }),
    of('f', '2027-01-16T03:00:00Z', { end_at: '2027-01-20T00:00:00Z' }),
  ] as never);
  expect(groups.map((group) => group.map(({ name }) => name).join(' '))).toEqual(['b', 'a c', 'd e', 'f']);
});
