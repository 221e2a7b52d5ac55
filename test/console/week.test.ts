import type { InWeek } from '../../console/pages/schedules/week.js';
import { dayOf, daysOf, weekFrom } from '../../console/pages/schedules/week.js';

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
