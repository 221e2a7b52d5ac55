import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { hasLabels } from '../fields/labels-schema.js';
import type { Clock } from '../primitives/clock.js';
import { mergeNewest, rowsOnly, type Step, takePage, type Walk } from '../primitives/newest-first.js';
import type { EventLists, ListedEvent } from '../subjects/events/event.js';
import { isPage, storedEvents } from './event-store.js';
import { eventKey, eventKeyIndex, eventPartition, isLive, type Key, labelPartition, type RunsTable } from './keys.js';
import { newestItems, perShard, type Start } from './newest-items.js';
import { type Item, readTogether } from './run-items.js';
import { labelledIds } from './run-walks.js';

/** Events that are read at the same time, each with its pages by one Query. */
const EVENTS_AT_ONCE = 25;

/** Lists by business key read an index; lists by name filter all events, a bounded stretch at a time. */
export function createEventLists(client: DynamoDBDocumentClient, table: string, clock: Clock): EventLists {
  const source: RunsTable = { client, table, clock };
  return {
    events(projects, { event_name, event_key, label }, before, limit) {
      const [first] = label ?? [];
      const walks = perShard(projects, (project, n) =>
        first !== undefined
          ? labelledEvents(source, project, n, first, { before, size: limit })
          : event_key === undefined
            ? listedEvents(source, eventPartition(project, n), { before, size: limit })
            : keyedEvents(source, eventKeyIndex(project, n, event_key), { before, size: limit }),
      );
      const belongs = ({ event }: ListedEvent) =>
        (event_name ?? event.event_name) === event.event_name &&
        (event_key ?? event.event_key) === event.event_key &&
        hasLabels(event.labels, label);
      return takePage(rowsOnly(mergeNewest(walks), belongs), limit);
    },
  };
}

/** All events of a partition of the table. Newest first, an event's last page comes before the event. */
async function* listedEvents(source: RunsTable, value: string, { before, size }: Start): Walk<ListedEvent> {
  let last: Item | undefined;
  for await (const items of newestItems<Item>({ ...source, value, prefix: 'evt', before, size: 2 * size }))
    for (const item of items) {
      if (isPage(item)) last ??= isLive(item, source.clock.now()) ? item : undefined;
      else {
        yield stepOf(source, item, last);
        last = undefined;
      }
    }
}

/** The events that a partition of the index names, read from the table. */
async function* keyedEvents(source: RunsTable, value: string, { before, size }: Start): Walk<ListedEvent> {
  const partition = {
    ...source,
    index: 'g1',
    value,
    prefix: 'evt',
    before,
    size: Math.min(size, EVENTS_AT_ONCE),
  } as const;
  for await (const keys of newestItems<Key>(partition)) yield* eventsAt(source, keys);
}

/** The events that have a label, read from the table. */
async function* labelledEvents(
  source: RunsTable,
  project: string,
  n: number,
  label: string,
  { before, size }: Start,
): Walk<ListedEvent> {
  const start = { before, size: Math.min(size, EVENTS_AT_ONCE) };
  for await (const ids of labelledIds(source, labelPartition(project, n), label, 'evt', start))
    yield* eventsAt(
      source,
      ids.map((id) => eventKey(project, id)),
    );
}

async function* eventsAt(source: RunsTable, keys: readonly Key[]): Walk<ListedEvent> {
  const found = await Promise.all(keys.map((key) => readTogether(source, key)));
  for (const [position, { sk }] of keys.entries()) {
    const [event, ...pages] = found[position]!.values();
    yield event ? stepOf(source, event, pages.at(-1)) : { id: sk };
  }
}

function stepOf({ clock }: RunsTable, item: Item, lastPage?: Item): Step<ListedEvent> {
  const items = [item, ...(lastPage ? [lastPage] : [])].filter((each) => isLive(each, clock.now()));
  const [stored] = storedEvents(items);
  return { id: item.sk, row: stored && { ...stored, id: item.sk } };
}
