import { isTimeZone, segmentAt } from '../../../functions/cron/time-zone.js';
import { timeZoneHint } from '../../../functions/cron/time-zone-hint.js';

test.each([
  'UTC',
  'Europe/Berlin',
  'america/new_york',
  'America/Argentina/Buenos_Aires',
  'Etc/GMT+5',
  'EST5EDT',
  'Asia/Calcutta',
])('%s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true);
  expect(segmentAt(name, 0).end).toBeGreaterThan(0);
});

test.each([
  '',
  ' ',
  'Europe/Nowhere',
  'Berlin',
  '+02:00',
  '-0500',
  'UTC ',
  'Europe/Berlin\n',
  '2026-01-01[Europe/Berlin]',
  'x'.repeat(10_000),
])('%j is none', (name) => {
  expect(isTimeZone(name)).toBe(false);
});

test('every zone that Intl knows has an offset today, as Intl tells it', () => {
  const now = Date.UTC(2026, 6, 1, 12);
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
      now,
    );
    expect([zone, segmentAt(zone, now).offset]).toEqual([zone, Date.parse(`${shown}Z`) - now]);
  }
});

describe('every abbreviation of three letters that Intl takes', () => {
  const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  // All that Intl takes beside the names of IANA end so.
  const taken = LETTERS.flatMap((a) => LETTERS.map((b) => `${a}${b}T`)).filter((timeZone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
    } catch {
      return false;
    }
  });
  const refused = taken.filter((name) => !isTimeZone(name));

  test('is computed with, or refused', () => {
    for (const name of taken.filter(isTimeZone)) expect(segmentAt(name, 0).end).toBeGreaterThan(0);
    expect(taken).toEqual(expect.arrayContaining(['CET', 'EST', 'MST']));
    expect(refused).toEqual(expect.arrayContaining(['BST', 'CST', 'IST', 'JST', 'PST']));
    expect(refused).toHaveLength(25);
  });

  test('or is told, in one that works, which place may be meant', () => {
    for (const name of refused) {
      const hint = timeZoneHint(name);
      expect(hint).toMatch(/^An abbreviation is no name of a time zone; give one such as ".*"\.$/);
      for (const [, place] of hint.matchAll(/"(.*?)"/g))
        expect([name, place, isTimeZone(place!)]).toEqual([name, place, true]);
    }
  });
});

test.each([
  [
    'IST',
    'An abbreviation is no name of a time zone; give one such as "Asia/Kolkata" or "Asia/Jerusalem" or "Europe/Dublin".',
  ],
  ['pdt', 'An abbreviation is no name of a time zone; give one such as "America/Los_Angeles".'],
  ['+05:30', 'An offset is no time zone; give a name such as "Asia/Kolkata" or "UTC".'],
  ['UTC+2', 'An offset is no time zone; give a name such as "Europe/Berlin" or "Etc/GMT-2".'],
  ['-0800', 'An offset is no time zone; give a name such as "Europe/Berlin" or "Etc/GMT+8".'],
  ['+15:00', 'An offset is no time zone; give a name such as "Asia/Kolkata" or "UTC".'],
  ['new york', 'Not a known time zone; give a name such as "America/New_York".'],
  ['Germany/Berlin', 'Not a known time zone; give a name such as "Europe/Berlin".'],
  ['localtime', 'Not a known time zone; give a name such as "Europe/Berlin" or "UTC".'],
  ['', 'Not a known time zone; give a name such as "Europe/Berlin" or "UTC".'],
  ['x'.repeat(99), 'Not a known time zone; give a name such as "Europe/Berlin" or "UTC".'],
])('%s: %s', (name, hint) => {
  expect(isTimeZone(name)).toBe(false);
  expect(timeZoneHint(name)).toBe(hint);
});

test('the moment of a clock change belongs to what comes after it', () => {
  const change = Date.parse('2026-03-29T01:00:00Z');
  const before = segmentAt('Europe/Berlin', change - 1);
  expect(before).toMatchObject({ end: change, offset: 3_600_000 });
  expect(segmentAt('Europe/Berlin', change)).toMatchObject({
    start: change,
    end: Date.parse('2026-10-25T01:00:00Z'),
    offset: 7_200_000,
  });
});

test('a zone may leave out a day', () => {
  const change = Date.parse('2011-12-30T10:00:00Z');
  expect(segmentAt('Pacific/Apia', change - 1).offset).toBe(-10 * 3_600_000);
  expect(segmentAt('Pacific/Apia', change).offset).toBe(14 * 3_600_000);
});

test('without clock changes, one segment goes on for ever', () => {
  expect(segmentAt('UTC', 0)).toMatchObject({ end: Infinity, offset: 0 });
});
