import { listPage, newestOf, pageOnly } from '../../../../functions/api/http/pages.js';
import { findInProjects } from '../../../../functions/api/requests/find.js';
import { InvalidRequestError, NotFoundError } from '../../../../functions/primitives/faults.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';

const rowAt = (at: number) => ({ id: makeId('run', at, Buffer.alloc(8)) });
const rows = Array.from({ length: 1_234 }, (_, index) => rowAt(10_000 - index));

async function read(before: string | undefined, limit: number) {
  return rows.filter(({ id }) => before === undefined || id < before).slice(0, limit);
}

test('pages and cursor give the same rows', async () => {
  const second = await listPage({ page: 2, page_size: 100 }, read);
  expect(second).toMatchObject({ page: 2, page_size: 100 });
  expect(second.data).toEqual(rows.slice(100, 200));
  const third = await listPage({ cursor: second.next_cursor!, page_size: 100 }, read);
  expect(third.data).toEqual(rows.slice(200, 300));
});

test('the cursor walks every row once', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPage({ cursor, page_size: 100 }, read);
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(rows.map(({ id }) => id));
});

test('the last full page has no next one', async () => {
  const page = await listPage({ page_size: 10 }, async () => rows.slice(0, 10));
  expect(page).toMatchObject({ next_cursor: null });
  expect(page.data).toHaveLength(10);
});

test('a walk that gave up goes on where it stopped', async () => {
  const page = await listPage({ page_size: 10 }, async () => ({ rows: rows.slice(0, 3), end: rows[50]!.id }));
  expect(page.data).toHaveLength(3);
  expect(page.next_cursor).toBe(rows[50]!.id);
});

test('pages end at the thousandth row, and go without a cursor', async () => {
  await expect(listPage({ page: 50 }, read)).resolves.toMatchObject({ page: 50 });
  // The fifty-first page of 20 rows, and one that no size of page reaches.
  const beyond = await listPage({ page: 51 }, read).catch((error) => error.faults[0]);
  expect(beyond).toEqual({ pointer: 'page', message: expect.stringContaining('Send cursor with the next_cursor of') });
  const [issue] = pageOnly.safeParse({ page: '1001' }).error!.issues;
  expect(issue).toMatchObject({ path: ['page'], message: beyond.message });
  await expect(listPage({ page: 1, cursor: rows[0]!.id }, read)).rejects.toThrow(InvalidRequestError);
});

test.each([
  { page: '0' },
  { page: '-1' },
  { page: '1.5' },
  { page: 'x' },
  { page_size: '101' },
  { page_size: '' },
  { cursor: 'x' },
  { cursor: `run_${'0'.repeat(31)}\u0000` },
  { limit: '5' },
])('refuses %j', (query) => {
  expect(pageOnly.safeParse(query).success).toBe(false);
});

const projects = Array.from({ length: 25 }, (_, index) => ({ id: `proj_${index}`, shards: 1 }) as Project);

test('projects are merged, newest first', async () => {
  const found = await newestOf(projects, 30, async ({ id }) => {
    const index = Number(id.slice(5));
    return [rowAt(1_000 + index), rowAt(index)];
  });
  const newest = Array.from({ length: 25 }, (_, index) => rowAt(1_024 - index));
  expect(found).toEqual([...newest, ...[24, 23, 22, 21, 20].map(rowAt)]);
});

test('an object is found in whichever project has it', async () => {
  await expect(findInProjects(projects, async ({ id }) => (id === 'proj_17' ? id : undefined))).resolves.toBe(
    'proj_17',
  );
  await expect(findInProjects(projects, async () => undefined)).rejects.toThrow(NotFoundError);
  await expect(findInProjects([], async () => 'x')).rejects.toThrow(NotFoundError);
});
