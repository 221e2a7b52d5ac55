import { allPages } from '../../api/all-pages.js';
import { type Api, answerOf, type Schemas } from '../../api/client.js';
import { byId, type Found, matching } from './found.js';

const PAGE_SIZE = 100;
/** Lists are searched this far, newest first. */
const MOST_PAGES = 3;
/** The longest text that the API searches for. */
const LONGEST = 255;

/** Lists whose objects are found by a part of their names, which the API's search does not do. */
const NAMED = [
  ['Endpoint', 'endpoints'],
  ['Schedule', 'schedules'],
  ['Retry policy', 'retry-policies'],
] as const;

/** The objects of a project that a text may mean. */
export async function find(api: Api, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  const parts = await Promise.all([
    bySearch(api, text.slice(0, LONGEST), signal),
    ...NAMED.map(([kind, list]) => byName(api, kind, list, text, signal)),
  ]);
  return [...byLabel(text), ...parts.flat()];
}

/** What of an object fits. */
const BY: Readonly<Record<Schemas['Found']['by'], string>> = {
  id: 'id',
  key: 'key',
  name: 'name',
  label: 'label',
  event_key: 'event key',
  idempotency_key: 'Idempotency-Key',
};

/** By the begin of an id, a key, a name or a label, or by a whole event key or Idempotency-Key. */
async function bySearch(api: Api, q: string, signal: AbortSignal): Promise<readonly Found[]> {
  const { data } = await answerOf(api.GET('/v1/search', { params: { query: { q } }, signal }));
  return data.flatMap(({ id, name, by }) => {
    const found = byId(id);
    if (!found) return [];
    return [{ ...found, text: `${name ?? id}${by === 'id' || by === 'name' ? '' : `, by its ${BY[by]}`}`, note: id }];
  });
}

async function byName(
  api: Api,
  kind: string,
  list: (typeof NAMED)[number][1],
  text: string,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const { rows } = await allPages<{ readonly id: string; readonly name: string }>(
    (cursor) => answerOf(api.GET(`/v1/${list}`, { params: { query: { cursor, page_size: PAGE_SIZE } }, signal })),
    MOST_PAGES,
  );
  return matching(
    rows.map(({ id, name }) => ({ kind, text: name, note: id, path: `/${list}/${id}` })),
    text,
  );
}

/** A whole label leads to the list of its task runs, too. */
function byLabel(text: string): readonly Found[] {
  const [, key, value] = /^([^:\s]+):\s*(\S.*)$/.exec(text) ?? [];
  if (!key) return [];
  const query = { label: `${key}:${value}` };
  return [{ kind: 'Label', text: `Task runs with ${key}: ${value}`, path: '/runs', query }];
}
