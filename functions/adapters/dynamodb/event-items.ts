import type { FanOut, PublishedEvent } from '../../core/event/event.js';
import { shardOf } from '../../core/ids.js';
import { eventKey, eventKeyIndex, FAN_OUT_SUFFIX } from './keys.js';
import { pack, unpack } from './packed.js';
import { payloadItem } from './payload-item.js';
import { INLINE_LIMIT_BYTES, type Item } from './run-items.js';
import { seconds } from './time-to-live.js';

/** A run's definition holds this much beside what it has of its event; so a payload that is inline here is inline there. */
const RUN_TAKES_BYTES = 150;
/** What is longer hardly ever deflates to a write unit, and is not worth trying. */
const TRIED_LENGTH = 8_192;

/** The event, and before it its payload as an item of its own where the runs cannot each hold it in one write unit. */
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
    if (payload === undefined || whole.data.length <= INLINE_LIMIT_BYTES - RUN_TAKES_BYTES) return [whole];
  }
  const { payload: _apart, ...rest } = event;
  return [payloadItem(project_id, id, payload, ttl), { ...base, apart: true, data: pack(rest) }];
}

/** Without a payload that lies apart. */
export function eventOf(item: Item): PublishedEvent {
  return unpack<PublishedEvent>(item.data);
}

export function fanOutItem({ id, project_id, expires_at }: PublishedEvent, { cursor, tok, status }: FanOut) {
  const key = eventKey(project_id, id);
  return { ...key, sk: key.sk + FAN_OUT_SUFFIX, ttl: seconds(expires_at), cursor, tok, status };
}

export function fanOutOf(item: Item): FanOut {
  const { cursor, tok, status } = item as unknown as FanOut;
  return { cursor, tok, status };
}
