import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BoundedCache, cachedRead } from '../primitives/bounded-cache.js';
import type { Clock } from '../primitives/clock.js';
import type { Endpoint } from '../subjects/endpoints/endpoint.js';
import type { Listeners } from '../subjects/events/event.js';
import { UNHEARD_MS } from '../subjects/events/listening.js';
import { batchGet } from './batch-get.js';
import { type Item, objectIn } from './documents.js';
import { configKey, filterHintKey } from './keys.js';
import { Table } from './table.js';

/** Pairs of project and filter that one execution environment caches. */
const REMEMBERED_MOST = 1_000;

/** Finds endpoints by the hints of `filter-hints.ts`: endpoints that listen for other events cost nothing. */
export function createListeners(client: DynamoDBDocumentClient, name: string, clock: Clock): Listeners {
  const table = new Table(client, name);
  const remembered = new BoundedCache<Promise<boolean>>(REMEMBERED_MOST, { ms: UNHEARD_MS, now: () => clock.now() });

  /** At most `limit` ids of endpoints with a hint for `filter`, ascending, behind the id `after`. */
  async function hinted(project: string, filter: string, after: string, limit: number): Promise<string[]> {
    const values = { pk: filterHintKey(project, filter, '').pk, after: after || ' ' }; // a key must not be empty
    const asked = { ProjectionExpression: 'sk', Limit: limit, ConsistentRead: true };
    const { items } = await table.page<{ readonly sk: string }>('pk = :pk AND sk > :after', values, asked);
    return items.map(({ sk }) => sk);
  }

  /** A cached answer's lifetime starts before its query, so no answer is used for longer than `untilHeard` waits. */
  function isAny(project: string, filter: string): Promise<boolean> {
    const look = () => hinted(project, filter, '', 1).then((ids) => ids.length > 0);
    return cachedRead(remembered, `${project} ${filter}`, look);
  }

  return {
    async candidates(project, filters, after, limit) {
      const found = await Promise.all(filters.map((filter) => hinted(project, filter, after, limit + 1)));
      const ids = [...new Set(found.flat())].sort();
      const page = ids.slice(0, limit);
      const items = await batchGet<Item>(
        { client, table: name, clock },
        page.map((id) => configKey(project, id)),
      );
      items.sort((a, b) => (a.sk < b.sk ? -1 : 1));
      const endpoints = items.map((item) => objectIn<Endpoint>(item));
      return { endpoints, ...(ids.length > limit && { end: page.at(-1)! }) };
    },

    async mayBeAny(project, filters) {
      const found = await Promise.all(filters.map((filter) => isAny(project, filter)));
      return found.includes(true);
    },
  };
}
