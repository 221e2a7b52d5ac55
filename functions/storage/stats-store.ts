import { type DynamoDBDocumentClient, PutCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../primitives/moments.js';
import type { CarriedRuns, HourRecord, StatsStore } from '../subjects/stats/stats-ports.js';
import { putVersion } from './conditional-write.js';
import { carriedPartition, type Key, seconds, statsPartition } from './keys.js';
import { queryPages } from './newest-items.js';
import { fieldsOf, rowOf } from './rows.js';

/** Hours in the table of runs. Their TTL is `keepMs` (milliseconds), as long as the runs that they count. */
export function createStatsStore(client: DynamoDBDocumentClient, table: string, keepMs: number): StatsStore {
  const ttlOf = (hour: number) => seconds(hour + keepMs);

  async function query<Found>(input: Omit<QueryCommandInput, 'TableName'>): Promise<Found[]> {
    const found: Found[] = [];
    for await (const items of queryPages<Found>(client, { TableName: table, ...input })) {
      found.push(...items);
      if (input.Limit !== undefined) break;
    }
    return found;
  }

  return {
    async newest(project) {
      const [item] = await query<Key>({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': statsPartition(project) },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      });
      return item && fieldsOf<HourRecord>(item);
    },

    put(project, record) {
      const key = { pk: statsPartition(project), sk: isoTime(record.hour) };
      return putVersion(client, table, rowOf({ ...key, ttl: ttlOf(record.hour), ...record }, ['stats']));
    },

    async between(project, from, until) {
      const items = await query<Key>({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
        ExpressionAttributeValues: {
          ':pk': statsPartition(project),
          ':from': isoTime(from),
          ':until': isoTime(until - 1), // BETWEEN includes its bounds
        },
      });
      return items.map((item) => fieldsOf<HourRecord>(item));
    },

    async carry(project, into, runs) {
      const key = { pk: carriedPartition(project), sk: listKey(into, runs.name) };
      const Item = rowOf({ ...key, ttl: ttlOf(into), ...runs }, ['ids']);
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async carried(project, into, after = '') {
      const [item] = await query<Key>({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :after AND :last',
        ExpressionAttributeValues: {
          ':pk': carriedPartition(project),
          // `!` starts right behind the list named `after`.
          ':after': `${listKey(into, after)}!`,
          ':last': listKey(into, '~'),
        },
        ConsistentRead: true,
        Limit: 1,
      });
      return item && fieldsOf<CarriedRuns>(item);
    },
  };
}

const listKey = (into: number, name: string): string => `${isoTime(into)}#${name}`;
