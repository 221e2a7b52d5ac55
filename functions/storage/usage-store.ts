import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type CountedRuns, isSummed, type UsageStore } from '../subjects/projects/quotas.js';
import { type Key, seconds, usageKey, valueIn } from './keys.js';
import { countItems, queryPages } from './newest-items.js';

/** Longer than any window, so that the usage of the window before can be looked up. */
const KEPT_MS = 2 * 24 * 60 * 60 * 1000;
/** Sorts after every moment. */
const LAST = '~';
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
  return {
    async add(project, quota, start, count) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: runs,
          Key: usageKey(project, quota, start),
          UpdateExpression: 'ADD used :count SET #ttl = :ttl',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':count': count,
            ':ttl': seconds(start + KEPT_MS + (isSummed(quota) ? keepMs : 0)),
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Attributes!['used'];
    },

    async used(project, quota, start) {
      const { Item } = await client.send(
        new GetCommand({ TableName: runs, Key: usageKey(project, quota, start), ConsistentRead: true }),
      );
      return Item?.['used'] ?? 0;
    },

    async before(project, quota, start) {
      const { pk, sk: first } = usageKey(project, quota, start - keepMs);
      let sum = 0;
      const pages = queryPages<{ readonly used: number }>(client, {
        TableName: runs,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': usageKey(project, quota, start - 1).sk },
      });
      for await (const rows of pages) for (const { used } of rows) sum += used;
      return sum;
    },

    async counted(project) {
      const { pk, sk: first } = usageKey(project, 'waiting_runs', 0);
      const pages = queryPages<Key>(client, {
        TableName: runs,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': `waiting_runs#${LAST}` },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      });
      for await (const [item] of pages) return item && valueIn<CountedRuns>(item);
      return undefined;
    },

    async putCounted(project, counted) {
      const key = usageKey(project, 'waiting_runs', counted.start);
      await client.send(
        new PutCommand({ TableName: runs, Item: { ...key, ttl: seconds(counted.start + KEPT_MS), ...counted } }),
      );
    },

    having: (project, what, most) => countItems(client, config, project, PREFIXES[what], most),
  };
}
