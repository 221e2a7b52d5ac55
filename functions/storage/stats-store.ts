import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../primitives/moments.js';
import type { CarriedRuns, HourRecord, StatsStore } from '../subjects/stats/stats-ports.js';
import { carriedPartition, LAST, seconds, statsPartition } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

/** Hours in the table of runs. Their TTL is `keepMs` (milliseconds), as long as the runs that they count. */
export function createStatsStore(client: DynamoDBDocumentClient, name: string, keepMs: number): StatsStore {
  const table = new Table(client, name);
  const ttlOf = (hour: number) => seconds(hour + keepMs);
  return {
    async newest(project) {
      const asked = { ScanIndexForward: false, ConsistentRead: true, Limit: 1 };
      const { items } = await table.page('pk = :pk', { pk: statsPartition(project) }, asked);
      return items[0] && fieldsOf<HourRecord>(items[0]);
    },

    put(project, record) {
      const key = { pk: statsPartition(project), sk: isoTime(record.hour) };
      return table.putVersion(rowOf({ ...key, ttl: ttlOf(record.hour), ...record }, ['stats']));
    },

    async between(project, from, until) {
      // BETWEEN includes its bounds.
      const span = { pk: statsPartition(project), from: isoTime(from), until: isoTime(until - 1) };
      const found: HourRecord[] = [];
      for await (const items of table.pages<object>('pk = :pk AND sk BETWEEN :from AND :until', span))
        found.push(...items.map((item) => fieldsOf<HourRecord>(item)));
      return found;
    },

    async carry(project, into, runs) {
      const key = { pk: carriedPartition(project), sk: listKey(into, runs.name) };
      await table.put(rowOf({ ...key, ttl: ttlOf(into), ...runs }, ['ids']));
    },

    async carried(project, into, after = '') {
      // `!` starts right behind the list named `after`.
      const span = { pk: carriedPartition(project), after: `${listKey(into, after)}!`, last: listKey(into, LAST) };
      const asked = { ConsistentRead: true, Limit: 1 };
      const { items } = await table.page('pk = :pk AND sk BETWEEN :after AND :last', span, asked);
      return items[0] && fieldsOf<CarriedRuns>(items[0]);
    },
  };
}

const listKey = (into: number, name: string): string => `${isoTime(into)}#${name}`;
