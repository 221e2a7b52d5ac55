import { queryMoment } from '../../../../functions/api/http/query-moment.js';

const read = (text: string) => queryMoment.safeParse(text).data;

test.each([
  ['1893488400', Date.UTC(2030, 0, 1, 9)],
  ['1893488400.5', Date.UTC(2030, 0, 1, 9) + 500],
  ['-1', -1000],
  ['2030-01-01T09:00Z', Date.UTC(2030, 0, 1, 9)],
  // A plus sign that was not written as %2B.
  ['2030-01-01T09:00:00 02:00', Date.UTC(2030, 0, 1, 7)],
  ['2030-01-01 09:00 0530', Date.UTC(2030, 0, 1, 3, 30)],
])('%p in a query is a moment', (text, at) => {
  expect(read(text)).toBe(at);
});

test.each(['1893488400000', '2030-01-01', '2030-01-01 09:00', '1e9', ''])('%p in a query is none', (text) => {
  expect(read(text)).toBeUndefined();
});
