import * as z from 'zod/mini';
import { invalid } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Page as WalkedPage } from '../../primitives/newest-first.js';
import type { Project } from '../../subjects/projects/project.js';
import type { RouteAnswer } from './route.js';

/** Rows that `page` reaches. Later rows need the cursor, whose cost is the same on every page. */
const PAGED_ROWS = 1000;
const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;
/** Number of projects that are read at the same time. */
export const PARALLEL_PROJECTS = 10;

/** The message for a page beyond these rows. */
const BEYOND_PAGES = `Pages reach the first ${PAGED_ROWS} rows. Send cursor with the next_cursor of the page before, instead of page.`;

/** A query parameter from 1 to `max`. */
export const wholeNumber = (max: number, beyond?: string) =>
  z.pipe(
    z.pipe(
      z.string().check(z.regex(/^[1-9]\d{0,8}$/, `Must be a whole number from 1 to ${max}.`)),
      z.transform(Number),
    ),
    z.int().check(z.gte(1), z.lte(max, beyond)),
  );

/** Query parameters of every list; spread them into the list's own `z.strictObject`. */
export const pageQuery = {
  page: z.optional(wholeNumber(PAGED_ROWS, BEYOND_PAGES)),
  page_size: z.optional(wholeNumber(MAX_PAGE_SIZE)),
  cursor: z.optional(
    z.string().check(z.regex(/^[a-z]{2,4}_[0-9a-f]{32}$/, 'Must be the next_cursor of an earlier page.')),
  ),
};

/** The query of a list without filters. */
export const pageOnly = z.strictObject(pageQuery);

export interface PageQuery {
  readonly page?: number | undefined;
  readonly page_size?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<Row> {
  readonly data: Row[];
  readonly page: number;
  readonly page_size: number;
  /** The last id of this page: the next page starts behind it. Null on the last page. */
  readonly next_cursor: string | null;
}

/**
 * At most `limit` rows, newest first, strictly before the id `before`. A filtered walk may stop early; the next page
 * then continues before its `end`.
 */
type ReadRows<Row> = (before: string | undefined, limit: number) => Promise<Row[] | WalkedPage<Row>>;

/**
 * One page of a list.
 * @throws InvalidRequestError for a page beyond the first 1,000 rows, or a page together with a cursor
 */
export async function listPage<Row extends { id: string }>(query: PageQuery, read: ReadRows<Row>): Promise<Page<Row>> {
  const { page = 1, page_size = DEFAULT_PAGE_SIZE, cursor } = query;
  if (cursor !== undefined && query.page !== undefined) throw invalid('page', 'Give either page or cursor.');
  if (page * page_size > PAGED_ROWS) throw invalid('page', BEYOND_PAGES);
  const last = page * page_size;
  const found = await read(cursor, last + 1); // one more row tells whether a next page exists
  const { rows, end }: WalkedPage<Row> = Array.isArray(found) ? { rows: found } : found;
  const data = rows.slice(last - page_size, last);
  const next_cursor = rows.length > last ? rows[last - 1]!.id : (end ?? null);
  return { data, page, page_size, next_cursor };
}

/** The answer with one page of a list, each row as `present` shows it. */
export async function listAnswer<Shown, Row extends Shown & { id: string }>(
  query: PageQuery,
  present: (row: Shown) => unknown,
  read: ReadRows<Row>,
): Promise<RouteAnswer> {
  const page = await listPage(query, read);
  return { status: 200, body: { ...page, data: page.data.map(present) } };
}

/** Rows that a filter without an index looks into, for each page. */
const LOOKED_INTO = 200;

/** The first `limit` rows that fit, among the next rows of `read`: a page may be short and go on. */
export async function fitting<Row extends { id: string }>(
  limit: number,
  read: (limit: number) => Promise<Row[]>,
  fits: ((row: Row) => boolean) | undefined,
): Promise<WalkedPage<Row>> {
  if (fits === undefined) return { rows: await read(limit) };
  const found = await read(LOOKED_INTO);
  const rows = found.filter(fits).slice(0, limit);
  const last = rows.length === limit ? rows.at(-1) : found.length === LOOKED_INTO ? found.at(-1) : undefined;
  return { rows, ...(last && { end: last.id }) };
}

/** The newest `limit` rows of several projects, by their ids; `read` reads one project, as in `listPage`. */
export async function newestOf<Row extends { id: string }>(
  projects: readonly Project[],
  limit: number,
  read: (project: Project) => Promise<Row[]>,
): Promise<Row[]> {
  let newest: Row[] = [];
  await mapBounded(projects, PARALLEL_PROJECTS, async (project) => {
    const found = await read(project);
    newest = [...newest, ...found].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
  });
  return newest;
}
