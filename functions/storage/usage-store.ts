import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isSummed, type UsageStore } from '../subjects/projects/quotas.js';
import { seconds, usageKey } from './keys.js';
import { countItems, queryPages } from './newest-items.js';

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

    having: (project, what, most) => countItems(client, config, project, PREFIXES[what], most),
  };
}
