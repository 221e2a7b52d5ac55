import { allPages } from '../../console/api/all-pages.js';

const LAST = 7;
const pageAt = async (cursor = '0') => {
  const page = Number(cursor);
  return { data: [page * 2, page * 2 + 1], next_cursor: page < LAST ? String(page + 1) : null };
};

test.each([
  [undefined, 16, false],
  [8, 16, false],
  [3, 6, true],
])('of a list come at most %s pages, and whether there are more', async (most, count, more) => {
  const found = await allPages(pageAt, most);
  expect(found).toEqual({ rows: Array.from({ length: count }, (_, n) => n), more });
});
