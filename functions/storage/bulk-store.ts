import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import type { BulkJob, BulkStore } from '../subjects/bulk-jobs/bulk-job.js';
import { held, putIfAbsent } from './conditional-write.js';
import { bulkKey, isLive, type Key, seconds, valueIn } from './keys.js';

export function createBulkStore(client: DynamoDBDocumentClient, table: string, clock: Pick<Clock, 'now'>): BulkStore {
  const item = (job: BulkJob) => ({
    ...job,
    ...bulkKey(job.project_id, job.id),
    ttl: seconds(job.expires_at),
  });
  return {
    async find(project, id) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: bulkKey(project, id), ConsistentRead: true }),
      );
      if (Item === undefined || !isLive(Item as ReturnType<typeof item>, clock.now())) return undefined;
      return valueIn<BulkJob>(Item as Key);
    },
    async create(job) {
      await putIfAbsent(client, table, item(job), clock.now());
    },
    advance: (seen, next) =>
      held(
        client.send(
          new PutCommand({
            TableName: table,
            Item: item(next),
            ConditionExpression: '#cursor = :seen AND #status = :running',
            ExpressionAttributeNames: { '#cursor': 'cursor', '#status': 'status' },
            ExpressionAttributeValues: { ':seen': seen.cursor, ':running': 'running' },
          }),
        ),
      ),
  };
}
