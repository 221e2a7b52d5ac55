import { allPages } from './all-pages.js';
import { type Api, answerOf, type Schemas } from './client.js';
import { useProject } from './project.js';
import { useLive } from './use-live.js';

/** Lists of objects that other objects refer to by id and users know by name. */
export type Collection = 'endpoints' | 'schedules' | 'retry-policies';

interface Named {
  readonly id: string;
  readonly name: string;
}

const PAGE_SIZE = 100;
/** Objects are read from this many pages, newest first; older objects are shown by id. */
const MOST_PAGES = 3;
const NONE = new Map<string, never>();
/** Milliseconds for which names are cached: names change seldom. */
const FRESH_MS = 60_000;

/** The names of a project's objects by id; empty until the first answer. */
export function useNames(collection: Collection): ReadonlyMap<string, string> {
  const named = useNewest(collection);
  return new Map([...named].map(([id, { name }]) => [id, name]));
}

/** The newest endpoints of the project by id; empty until the first answer. */
export function useEndpoints(): ReadonlyMap<string, Schemas['Endpoint']> {
  return useNewest<Schemas['Endpoint']>('endpoints');
}

function useNewest<Object extends Named>(collection: Collection): ReadonlyMap<string, Object> {
  const { api, project } = useProject();
  const { data } = useLive(`${project.id} ${collection}`, () => newest<Object>(api, collection), { everyMs: FRESH_MS });
  return data ? new Map(data.map((one) => [one.id, one])) : NONE;
}

async function newest<Object extends Named>(api: Api, collection: Collection): Promise<readonly Object[]> {
  const pageAt = async (cursor: string | undefined) => {
    const query = { page_size: PAGE_SIZE, ...(cursor && { cursor }) };
    const page = await answerOf(api.GET(`/v1/${collection}`, { params: { query } }));
    return { next_cursor: page.next_cursor, data: page.data as readonly Named[] as readonly Object[] };
  };
  return (await allPages(pageAt, MOST_PAGES)).rows;
}
