import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { UsageStore } from '../subjects/projects/quotas.js';
import { seconds, usageKey } from './keys.js';
import { countItems } from './newest-items.js';

/** Longer than any window, so that the usage of the window before can be looked up. */
const KEPT_MS = 2 * 24 * 60 * 60 * 1000;
const PREFIXES = { endpoints: 'ep', schedules: 'sch' } as const;

/**
 * What projects use: a row in the table of runs for each window. An environment reports a tenth of its share of the quota
 * at a time, so a window's row gets some thousand writes, and needs no shards.
 */
export function createUsageStore(client: DynamoDBDocumentClient, runs: string, config: string): UsageStore {
  return {
    async add(project, quota, start, count) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: runs,
          Key: usageKey(project, quota, start),
          UpdateExpression: 'ADD used :count SET #ttl = :ttl',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':count': count, ':ttl': seconds(start + KEPT_MS) },
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

    having: (project, what, most) => countItems(client, config, project, PREFIXES[what], most),
  };
}
