import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { shardOf } from '../primitives/ids.js';
import type { EventStore, FanOutPage, PublishedEvent, StoredEvent } from '../subjects/events/event.js';
import { eventKey, eventKeyIndex, PAGE_SUFFIX, pageKey, payloadKey, type RunsTable, seconds } from './keys.js';
import { readPayload, rowsWithPayload } from './payload-item.js';
import { fieldsOf, rowOf } from './rows.js';
import { type Item, labelItems, readTogether } from './run-items.js';
import { Table } from './table.js';

/** Kinds of events: those of clients, and job notifications. */
export const EVENTS = ['evt', 'ntf'] as const;
export type EventPrefix = (typeof EVENTS)[number];

/** The event's item; where event and payload do not fit one write unit, the payload's own item comes before it. */
export function eventItems(event: PublishedEvent): Item[] {
  const { id, project_id, event_key, expires_at } = event;
  return rowsWithPayload(event, {
    ...eventKey(project_id, id),
    ...(event_key !== undefined && { g1: eventKeyIndex(project_id, shardOf(id), event_key) }),
    ttl: seconds(expires_at),
    ...event,
  });
}

/** A page's key sorts right behind its event and the earlier pages. */
export function pageItem({ id, project_id, expires_at }: PublishedEvent, page: FanOutPage): Item {
  return rowOf({ ...pageKey(project_id, id, page), ttl: seconds(expires_at), ...page }, ['runs']);
}

export function isPage({ sk }: Item): boolean {
  return sk.includes(PAGE_SUFFIX);
}

/** The events among `items`, which must be sorted by key. Payloads in items of their own are not read. */
export function storedEvents(items: Iterable<Item>): StoredEvent[] {
  const events: (StoredEvent & { readonly pages: FanOutPage[] })[] = [];
  for (const item of items) {
    if (!isPage(item)) events.push({ event: fieldsOf(item), pages: [], payloadApart: item['payload_apart'] === true });
    else if (item.sk.startsWith(`${events.at(-1)?.event.id}${PAGE_SUFFIX}`)) events.at(-1)!.pages.push(fieldsOf(item));
  }
  return events;
}

/** Events in the table of task runs. One strongly consistent Query reads an event and the pages of its fan-out. */
export function createEventStore(client: DynamoDBDocumentClient, name: string, clock: Clock): EventStore {
  const runs = { client, table: name, clock };
  const table = new Table(client, name);
  return {
    find: (project, id) => findEvent(runs, project, id),
    payload: (project, id) => readPayload(runs, project, id),

    async create(event) {
      for (const item of [...labelItems(event), ...eventItems(event)]) await table.putIfAbsent(item, clock.now());
    },

    async redact(event) {
      const [item] = eventItems(event);
      await table.putIf(item!, 'attribute_exists(pk)');
      await table.remove(payloadKey(event.project_id, event.id));
    },

    putPage: (event, page) => table.putIfAbsent(pageItem(event, page), clock.now()),

    finishPage: (event, page, madeAt) => table.put(pageItem(event, { ...page, made_at: madeAt })),
  };
}

/** An event and the pages of its fan-out. A payload in an item of its own is not read. */
export async function findEvent(runs: RunsTable, project: string, id: string): Promise<StoredEvent | undefined> {
  const items = await readTogether(runs, eventKey(project, id));
  return storedEvents(items.values())[0];
}
