import { isTimeZone, segmentAt } from '../../../../functions/core/cron/time-zone.js';

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
