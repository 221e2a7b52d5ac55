import { arrivalOf, decideTurn } from '../../../../functions/core/endpoint/turn.js';

const NOW = 1_800_000_000_000;
const turn = (n: number, at: number) => ({ n, at });

test.each([
  ['nobody has booked', undefined, undefined, { turn: 'seek', n: 0 }],
  ['the turn has come', turn(1, NOW), turn(1, NOW), { turn: 'seek', n: 1 }],
  ['it is there before its booking is recorded', turn(2, NOW), turn(1, NOW - 9_000), { turn: 'seek', n: 2 }],
  ['it is a moment early', turn(1, NOW + 50), turn(1, NOW + 50), { turn: 'seek', n: 1 }],
  ['it is early', turn(1, NOW + 500), turn(1, NOW + 500), { turn: 'wait', for: turn(1, NOW + 500) }],
  ['it is late', turn(1, NOW - 900_000), turn(1, NOW - 900_000), { turn: 'seek', n: 1 }],
  [
    'another copy has booked: wait with it',
    undefined,
    turn(1, NOW + 9_000),
    { turn: 'wait', for: turn(1, NOW + 9_000) },
  ],
  ['another copy is late for it', undefined, turn(3, NOW - 9_000), { turn: 'seek', n: 3 }],
  ['a later booking counts', turn(1, NOW), turn(2, NOW + 9_000), { turn: 'stale' }],
  ['the same number, booked by another copy', turn(2, NOW), turn(2, NOW + 9_000), { turn: 'stale' }],
])('%s', (_name, brought, recorded, expected) => {
  expect(decideTurn(brought, recorded, NOW)).toEqual(expected);
});

test('few calls a second come on their moment, many a little later', () => {
  expect(arrivalOf(turn(1, NOW), 10)).toBe(NOW);
  expect(arrivalOf(turn(1, NOW), 11)).toBeGreaterThan(NOW);
});
