import type { FanOutPage, PublishedEvent, StoredEvent } from '../../core/event/event.js';
import { shardOf } from '../../core/ids.js';
import { eventKey, eventKeyIndex, PAGE_SUFFIX, pageKey } from './keys.js';
import { pack, unpack } from './packed.js';
import { payloadItem } from './payload-item.js';
import { INLINE_LIMIT_BYTES, type Item } from './run-items.js';
import { seconds } from './time-to-live.js';

/** Kinds of events: those of clients, and job notifications. */
export const EVENTS = ['evt', 'ntf'] as const;
export type EventPrefix = (typeof EVENTS)[number];

/** What is longer hardly ever deflates to a write unit, and is not worth trying. */
const TRIED_LENGTH = 8_192;

/** The event, and before it its payload as an item of its own where the two do not fit one write unit. */
export function eventItems(event: PublishedEvent): Item[] {
  const { id, project_id, event_key, payload } = event;
  const ttl = seconds(event.expires_at);
  const base = {
    ...eventKey(project_id, id),
    ...(event_key !== undefined && { g1: eventKeyIndex(project_id, shardOf(id), event_key) }),
    ttl,
  };
  if (payload === undefined || payload.body.length <= TRIED_LENGTH) {
    const whole = { ...base, data: pack(event) };
    if (payload === undefined || whole.data.length <= INLINE_LIMIT_BYTES) return [whole];
  }
  const { payload: _apart, ...rest } = event;
  return [payloadItem(project_id, id, payload, ttl), { ...base, apart: true, data: pack(rest) }];
}

/** A page lies right behind its event, and behind the pages before it. */
export function pageItem({ id, project_id, expires_at }: PublishedEvent, { after, ...page }: FanOutPage): Item {
  return { ...pageKey(project_id, id, { after }), ttl: seconds(expires_at), data: pack(page) };
}

export function isPage({ sk }: Item): boolean {
  return sk.includes(PAGE_SUFFIX);
}

/** The events among these items, which are in the order of their keys. Without payloads that lie apart. */
export function storedEvents(items: Iterable<Item>): StoredEvent[] {
  const events: (StoredEvent & { readonly pages: FanOutPage[] })[] = [];
  for (const item of items) {
    const [id, after] = item.sk.split(PAGE_SUFFIX) as [string, string | undefined];
    if (after === undefined) events.push({ event: unpack(item.data), pages: [], payloadApart: item['apart'] === true });
    else if (events.at(-1)?.event.id === id)
      events.at(-1)!.pages.push({ after, ...unpack<Omit<FanOutPage, 'after'>>(item.data) });
  }
  return events;
}
