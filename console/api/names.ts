import { type Api, answerOf } from './client.js';
import { useProject } from './project.js';
import { useLive } from './use-live.js';

/** Lists of objects that others refer to by id and people know by name. */
export type Collection = 'endpoints' | 'schedules' | 'retry-policies';

const PAGE_SIZE = 100;
/** Who has more than these, newest first, sees ids for the rest. */
const MOST_PAGES = 3;
const NONE: ReadonlyMap<string, string> = new Map();
/** Names change seldom. */
const FRESH_MS = 60_000;

/** The names of a project's objects by their ids; none until the first answer. */
export function useNames(collection: Collection): ReadonlyMap<string, string> {
  const { api, project } = useProject();
  const { data } = useLive(`${project.id} ${collection}`, () => allNames(api, collection), { everyMs: FRESH_MS });
  return data ? new Map(data) : NONE;
}

async function allNames(api: Api, collection: Collection): Promise<(readonly [string, string])[]> {
  const names: (readonly [string, string])[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { page_size: PAGE_SIZE, ...(cursor && { cursor }) };
    const { data, next_cursor } = await answerOf(api.GET(`/v1/${collection}`, { params: { query } }));
    names.push(...data.map(({ id, name }) => [id, name] as const));
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return names;
}
