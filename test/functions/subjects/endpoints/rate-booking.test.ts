import { arrivalOf, decideBooking } from '../../../../functions/subjects/endpoints/rate-booking.js';

const NOW = 1_800_000_000_000;
const booked = (n: number, at: number) => ({ n, at });

test.each([
  ['no run has booked', undefined, undefined, { booking: 'seek', n: 0 }],
  ['its moment has come', booked(1, NOW), booked(1, NOW), { booking: 'seek', n: 1 }],
  ['it is there before its booking is recorded', booked(2, NOW), booked(1, NOW - 9_000), { booking: 'seek', n: 2 }],
  ['it is a moment early', booked(1, NOW + 50), booked(1, NOW + 50), { booking: 'seek', n: 1 }],
  ['it is early', booked(1, NOW + 500), booked(1, NOW + 500), { booking: 'wait', for: booked(1, NOW + 500) }],
  ['it is late', booked(1, NOW - 900_000), booked(1, NOW - 900_000), { booking: 'seek', n: 1 }],
  [
    'another copy has booked: wait with it',
    undefined,
    booked(1, NOW + 9_000),
    { booking: 'wait', for: booked(1, NOW + 9_000) },
  ],
  ['another copy is late for it', undefined, booked(3, NOW - 9_000), { booking: 'seek', n: 3 }],
  ['a later booking counts', booked(1, NOW), booked(2, NOW + 9_000), { booking: 'stale' }],
  ['the same number, booked by another copy', booked(2, NOW), booked(2, NOW + 9_000), { booking: 'stale' }],
])('%s', (_name, brought, recorded, expected) => {
  expect(decideBooking(brought, recorded, NOW)).toEqual(expected);
});

test('few calls a second come on their moment, many a little later', () => {
  expect(arrivalOf(booked(1, NOW), 10)).toBe(NOW);
  expect(arrivalOf(booked(1, NOW), 11)).toBeGreaterThan(NOW);
});
