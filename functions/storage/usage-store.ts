import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CountedRuns, isSummed, type UsageStore } from '../subjects/projects/quotas.js';
import { type Key, LAST, seconds, usageKey, valueIn } from './keys.js';
import { countItems } from './newest-items.js';
import { Table } from './table.js';

/** Longer than any window, so that the usage of the window before can be looked up. */
const KEPT_MS = 2 * 24 * 60 * 60 * 1000;
const PREFIXES = { endpoints: 'ep', schedules: 'sch' } as const;

/**
 * What projects use: a row in the table of runs for each window. An environment reports a tenth of its share of the quota
 * at a time, so a window's row gets some thousand writes, and needs no shards.
 */
export function createUsageStore(
  client: DynamoDBDocumentClient,
  runs: string,
  config: string,
  /** The retention of task runs in milliseconds. */
  keepMs: number,
): UsageStore {
  const table = new Table(client, runs);
  return {
    async add(project, quota, start, count) {
      const ttl = seconds(start + KEPT_MS + (isSummed(quota) ? keepMs : 0));
      const row = await table.update(usageKey(project, quota, start), 'ADD used :count SET #ttl = :ttl', {
        count,
        ttl,
      });
      return row!['used'];
    },

    used: async (project, quota, start) => (await table.get(usageKey(project, quota, start)))?.['used'] ?? 0,

    async before(project, quota, start) {
      const { pk, sk: first } = usageKey(project, quota, start - keepMs);
      const values = { pk, first, last: usageKey(project, quota, start - 1).sk };
      let sum = 0;
      const pages = table.pages<{ readonly used: number }>('pk = :pk AND sk BETWEEN :first AND :last', values);
      for await (const rows of pages) for (const { used } of rows) sum += used;
      return sum;
    },

    async counted(project) {
      const { pk, sk: first } = usageKey(project, 'waiting_runs', 0);
      const asked = { ScanIndexForward: false, ConsistentRead: true, Limit: 1 };
      const values = { pk, first, last: `waiting_runs#${LAST}` };
      const { items } = await table.page<Key>('pk = :pk AND sk BETWEEN :first AND :last', values, asked);
      return items[0] && valueIn<CountedRuns>(items[0]);
    },

    async putCounted(project, counted) {
      const key = usageKey(project, 'waiting_runs', counted.start);
      await table.put({ ...key, ttl: seconds(counted.start + KEPT_MS), ...counted });
    },

    having: (project, what, most) => countItems(client, config, project, PREFIXES[what], most),
  };
}
