import * as z from 'zod/mini';
import { nullish } from '../../../functions/fields/nullish.js';

const patch = z.strictObject(nullish({ name: z.string(), count: z.int() }));

test.each([{}, { name: null }, { name: 'n', count: null }, { count: 1 }])('a merge patch may be %j', (given) => {
  expect(patch.parse(given)).toEqual(given);
});

test('a field that is given is checked', () => {
  expect(patch.safeParse({ count: 'one' }).success).toBe(false);
});
