import { secondsSchema } from '../../../functions/fields/moment-schema.js';

test.each([
  [0, 0],
  [2.2e-311, 0],
  [0.0004, 0],
  [1.0005, 1.001],
  [99.9999, 100],
  [100, 100],
])('%p seconds are kept as %p', (given, kept) => {
  expect(secondsSchema(100).parse(given)).toBe(kept);
});

test.each([-0.1, 100.1, Number.NaN, Infinity, '1'])('%p is refused', (given) => {
  expect(secondsSchema(100).safeParse(given).success).toBe(false);
});
