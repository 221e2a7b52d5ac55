import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventLists, ListedEvent } from '../../core/event/event.js';
import { mergeNewest, rowsOnly, takePage, type Walk } from '../../core/newest-first.js';
import type { Clock } from '../../core/ports.js';
import { batchGet } from './batch-get.js';
import { eventOf, fanOutOf } from './event-items.js';
import { eventKeyIndex, eventPartition, FAN_OUT_SUFFIX, type Key } from './keys.js';
import { newestItems } from './newest-items.js';
import { perShard } from './project-shards.js';
import type { Item } from './run-items.js';
import type { RunsTable, Start } from './run-walks.js';
import { isLive } from './time-to-live.js';

/** Events and the progress of their fan-outs are read together, by one BatchGetItem of at most 100 keys. */
const EVENTS_AT_ONCE = 50;

/** By business key an index finds them; a name is looked for among all, a bounded stretch at a time. */
export function createEventLists(client: DynamoDBDocumentClient, table: string, clock: Clock): EventLists {
  const source: RunsTable = { client, table, clock };
  return {
    events(projects, { event_name, event_key }, before, limit) {
      const walks = perShard(projects, (project, n) =>
        event_key === undefined
          ? listedEvents(source, eventPartition(project, n), { before, size: limit })
          : keyedEvents(source, eventKeyIndex(project, n, event_key), { before, size: limit }),
      );
      const belongs = ({ event }: ListedEvent) => (event_name ?? event.event_name) === event.event_name;
      return takePage(rowsOnly(mergeNewest(walks), belongs), limit);
    },
  };
}

/** All events of a partition of the table, where an event's progress comes right before it. */
async function* listedEvents(source: RunsTable, value: string, { before, size }: Start): Walk<ListedEvent> {
  let progress: Item | undefined;
  for await (const items of newestItems<Item>({ ...source, value, prefix: 'evt', before, size: 2 * size }))
    for (const item of items) {
      if (item.sk.endsWith(FAN_OUT_SUFFIX)) progress = item;
      else yield { id: item.sk, row: listedEvent(source, item, progress) };
    }
}

/** The events that a partition of the index names, as the table has them. */
async function* keyedEvents(source: RunsTable, value: string, { before, size }: Start): Walk<ListedEvent> {
  const partition = {
    ...source,
    index: 'g1',
    value,
    prefix: 'evt',
    before,
    size: Math.min(size, EVENTS_AT_ONCE),
  } as const;
  for await (const keys of newestItems<Key>(partition)) {
    const items = await batchGet<Item>(
      source,
      keys.flatMap(({ pk, sk }) => [
        { pk, sk },
        { pk, sk: sk + FAN_OUT_SUFFIX },
      ]),
    );
    const bySk = new Map(items.map((item) => [item.sk, item]));
    for (const { sk } of keys) yield { id: sk, row: listedEvent(source, bySk.get(sk), bySk.get(sk + FAN_OUT_SUFFIX)) };
  }
}

function listedEvent({ clock }: RunsTable, item?: Item, progress?: Item): ListedEvent | undefined {
  if (item === undefined || !isLive(item, clock.now())) return undefined;
  const isItsOwn = progress?.sk === item.sk + FAN_OUT_SUFFIX;
  return { id: item.sk, event: eventOf(item), ...(isItsOwn && { fanOut: fanOutOf(progress) }) };
}
