import { allPages } from '../../api/all-pages.js';
import { type Api, answerOf } from '../../api/client.js';
import { type Found, matching } from './found.js';

const PAGE_SIZE = 100;
/** Lists are searched this far, newest first. */
const MOST_PAGES = 3;
const SHOWN_OF_KEY = 5;

/** Lists whose objects are found by their names. */
const NAMED = [
  ['Endpoint', 'endpoints'],
  ['Schedule', 'schedules'],
  ['Retry policy', 'retry-policies'],
] as const;

/** The objects of a project that a text may mean: a part of a name, a whole label or a whole event key. */
export async function find(api: Api, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  const parts = await Promise.all([
    ...NAMED.map(([kind, list]) => byName(api, kind, list, text, signal)),
    byKey(api, text, signal),
  ]);
  return [...byLabel(text), ...parts.flat()];
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

async function byKey(api: Api, event_key: string, signal: AbortSignal): Promise<readonly Found[]> {
  const query = { event_key, page_size: SHOWN_OF_KEY };
  const { data } = await answerOf(api.GET('/v1/events', { params: { query }, signal }));
  return data.map(({ id, event_name }) => ({
    kind: 'Event',
    text: `${event_name}, key ${event_key}`,
    note: id,
    path: `/events/${id}`,
  }));
}

/** A label names no object alone: it leads to the list of its task runs. */
function byLabel(text: string): readonly Found[] {
  const [, key, value] = /^([^:\s]+):\s*(\S.*)$/.exec(text) ?? [];
  if (!key) return [];
  return [
    { kind: 'Label', text: `Task runs with ${key}: ${value}`, path: '/runs', query: { label: `${key}:${value}` } },
  ];
}
