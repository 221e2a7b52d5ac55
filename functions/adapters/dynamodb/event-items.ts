import type { FanOutPage, PublishedEvent, StoredEvent } from '../../core/event/event.js';
import { shardOf } from '../../core/ids.js';
import { eventKey, eventKeyIndex, PAGE_SUFFIX, pageKey } from './keys.js';
import { rowsWithPayload } from './payload-item.js';
import { fieldsOf, rowOf } from './rows.js';
import type { Item } from './run-items.js';
import { seconds } from './time-to-live.js';

/** Kinds of events: those of clients, and job notifications. */
export const EVENTS = ['evt', 'ntf'] as const;
export type EventPrefix = (typeof EVENTS)[number];

/** The event, and before it its payload as an item of its own where the two do not fit one write unit. */
export function eventItems(event: PublishedEvent): Item[] {
  const { id, project_id, event_key, expires_at } = event;
  return rowsWithPayload(event, {
    ...eventKey(project_id, id),
    ...(event_key !== undefined && { g1: eventKeyIndex(project_id, shardOf(id), event_key) }),
    ttl: seconds(expires_at),
    ...event,
  });
}

/** A page lies right behind its event, and behind the pages before it. */
export function pageItem({ id, project_id, expires_at }: PublishedEvent, page: FanOutPage): Item {
  return rowOf({ ...pageKey(project_id, id, page), ttl: seconds(expires_at), ...page }, ['runs']);
}

export function isPage({ sk }: Item): boolean {
  return sk.includes(PAGE_SUFFIX);
}

/** The events among these items, which are in the order of their keys. Without payloads that lie apart. */
export function storedEvents(items: Iterable<Item>): StoredEvent[] {
  const events: (StoredEvent & { readonly pages: FanOutPage[] })[] = [];
  for (const item of items) {
    if (!isPage(item)) events.push({ event: fieldsOf(item), pages: [], payloadApart: item['payload_apart'] === true });
    else if (item.sk.startsWith(`${events.at(-1)?.event.id}${PAGE_SUFFIX}`)) events.at(-1)!.pages.push(fieldsOf(item));
  }
  return events;
}
