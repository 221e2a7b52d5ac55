import { retired, secretsAt } from '../../../functions/primitives/signing-secrets.js';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

test('during its grace the secret before signs as well, after the newest', () => {
  const retiring = retired(['old'], [], NOW + HOUR, NOW);
  expect(secretsAt(['new'], retiring, NOW)).toEqual(['new', 'old']);
  expect(secretsAt(['new'], retiring, NOW + HOUR - 1)).toEqual(['new', 'old']);
  expect(secretsAt(['new'], retiring, NOW + HOUR)).toEqual(['new']);
});

test('a further rotation leaves each its own time, and no grace ends them all', () => {
  const first = retired(['a'], [], NOW + HOUR, NOW);
  const second = retired(['b'], first, NOW + 3 * HOUR, NOW + 1);
  expect(second).toEqual([
    { sealed: 'b', until: NOW + 3 * HOUR },
    { sealed: 'a', until: NOW + HOUR },
  ]);
  expect(retired(['c'], second, NOW + 2, NOW + 2)).toEqual([]);
});

test('the header does not grow for ever', () => {
  let retiring = retired(['0'], [], NOW + HOUR, NOW);
  for (let n = 1; n < 10; n++) retiring = retired([`${n}`], retiring, NOW + HOUR, NOW);
  expect(retiring.map(({ sealed }) => sealed)).toEqual(['9', '8', '7', '6']);
});
