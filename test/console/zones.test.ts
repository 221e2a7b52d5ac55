import { clockText, wholeText, zoneChoice, zoneFor, zoneName } from '../../console/components/zones.js';

const at = new Date('2027-01-15T01:30:00.000Z');

test('a moment stands by the clock of its zone, and as short as its day lets it', () => {
  const shown = (zone: string, now: string) => `${clockText(at, zone, new Date(now))} ${zoneName(at, zone)}`;
  expect(shown('Europe/Berlin', '2027-01-15T20:00:00Z')).toBe('02:30:00 CET');
  // In New York that moment is of the day before.
  expect(shown('America/New_York', '2027-01-15T20:00:00Z')).toBe('14 Jan, 20:30:00 GMT-5');
  expect(shown('America/New_York', '2027-01-15T03:00:00Z')).toBe('20:30:00 GMT-5');
  expect(shown('Asia/Kolkata', '2026-12-31T23:00:00Z')).toBe('15 Jan, 07:00:00 GMT+5:30');
  expect(shown('UTC', '2026-12-31T23:00:00Z')).toBe('15 Jan 2027, 01:30:00 UTC');
  expect(wholeText(new Date('2027-07-15T01:30:00.000Z'), 'Europe/Berlin')).toBe('15 Jul 2027, 03:30:00 CEST');
});

test('the switch names the zone; a moment without a schedule has none of its own', () => {
  const viewers = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect([undefined, 'mars', 'utc', 'schedule'].map(zoneChoice)).toEqual(['mine', 'mine', 'utc', 'schedule']);
  expect(zoneFor('utc', 'Asia/Kolkata')).toBe('UTC');
  expect(zoneFor('schedule', 'Asia/Kolkata')).toBe('Asia/Kolkata');
  expect([zoneFor('schedule'), zoneFor('mine', 'Asia/Kolkata')]).toEqual([viewers, viewers]);
});
