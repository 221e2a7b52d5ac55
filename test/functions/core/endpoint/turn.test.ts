import { arrivalOf, decideTurn } from '../../../../functions/core/endpoint/turn.js';

const NOW = 1_800_000_000_000;
const turn = (n: number, at: number) => ({ n, at });

test.each([
  ['nobody has booked', undefined, undefined, { turn: 'book', n: 1 }],
  ['the turn has come', turn(1, NOW), turn(1, NOW), { turn: 'now', at: NOW }],
  ['it is there before its booking is recorded', turn(2, NOW), turn(1, NOW - 9_000), { turn: 'now', at: NOW }],
  ['it is a moment early', turn(1, NOW + 50), turn(1, NOW + 50), { turn: 'now', at: NOW + 50 }],
  ['it is early', turn(1, NOW + 500), turn(1, NOW + 500), { turn: 'wait', for: turn(1, NOW + 500) }],
  ['it is a little late', turn(1, NOW - 2_400), turn(1, NOW - 2_400), { turn: 'now', at: NOW - 2_400 }],
  ['it was missed', turn(1, NOW - 2_600), turn(1, NOW - 2_600), { turn: 'book', n: 2 }],
  [
    'another copy has booked: wait with it',
    undefined,
    turn(1, NOW + 9_000),
    { turn: 'wait', for: turn(1, NOW + 9_000) },
  ],
  ['another copy has missed it', undefined, turn(3, NOW - 9_000), { turn: 'book', n: 4 }],
  ['a later booking counts', turn(1, NOW), turn(2, NOW + 9_000), { turn: 'stale' }],
  ['the same number, booked by another copy', turn(2, NOW), turn(2, NOW + 9_000), { turn: 'stale' }],
])('%s', (_name, brought, recorded, expected) => {
  expect(decideTurn(brought, recorded, NOW)).toEqual(expected);
});

test('few calls a second come on their moment, many a little later', () => {
  expect(arrivalOf(turn(1, NOW), 10)).toBe(NOW);
  expect(arrivalOf(turn(1, NOW), 11)).toBeGreaterThan(NOW);
});
