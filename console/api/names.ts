import { allPages } from './all-pages.js';
import { type Api, answerOf } from './client.js';
import { useProject } from './project.js';
import { useLive } from './use-live.js';

/** Lists of objects that other objects refer to by id and users know by name. */
export type Collection = 'endpoints' | 'schedules' | 'retry-policies';

const PAGE_SIZE = 100;
/** Names are read from this many pages, newest first; older objects are shown by id. */
const MOST_PAGES = 3;
const NONE: ReadonlyMap<string, string> = new Map();
/** Milliseconds for which names are cached: names change seldom. */
const FRESH_MS = 60_000;

/** The names of a project's objects by id; empty until the first answer. */
export function useNames(collection: Collection): ReadonlyMap<string, string> {
  const { api, project } = useProject();
  const { data } = useLive(`${project.id} ${collection}`, () => allNames(api, collection), { everyMs: FRESH_MS });
  return data ? new Map(data) : NONE;
}

async function allNames(api: Api, collection: Collection): Promise<(readonly [string, string])[]> {
  const pageAt = (cursor: string | undefined) =>
    answerOf(api.GET(`/v1/${collection}`, { params: { query: { page_size: PAGE_SIZE, ...(cursor && { cursor }) } } }));
  const { rows } = await allPages<{ readonly id: string; readonly name: string }>(pageAt, MOST_PAGES);
  return rows.map(({ id, name }) => [id, name] as const);
}
