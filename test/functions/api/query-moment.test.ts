import { queryMoment } from '../../../functions/api/query-moment.js';

test.each([
  ['1893456001', 1_893_456_001_000],
  ['1893456001.25', 1_893_456_001_250],
  ['1893456001.0', 1_893_456_001_000],
  ['1.893456001e+09', 1_893_456_001_000],
  ['-1', -1000],
  ['2030-01-01T00:00:01Z', 1_893_456_001_000],
])('a time in a query is read however a client writes it: %s', (text, at) => {
  expect(queryMoment.parse(text)).toBe(at);
});

test.each(['', 'now', '1e999', '1893456001000', '0x10', '1,5'])('%p is no time', (text) => {
  expect(queryMoment.safeParse(text).success).toBe(false);
});
