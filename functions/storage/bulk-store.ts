import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import type { BulkJob, BulkStore } from '../subjects/bulk-jobs/bulk-job.js';
import { bulkKey, seconds, valueIn } from './keys.js';
import { Table } from './table.js';

export function createBulkStore(client: DynamoDBDocumentClient, name: string, clock: Pick<Clock, 'now'>): BulkStore {
  const table = new Table(client, name);
  const rowOf = (job: BulkJob) => ({ ...job, ...bulkKey(job.project_id, job.id), ttl: seconds(job.expires_at) });
  return {
    async find(project, id) {
      const row = await table.getLive<ReturnType<typeof rowOf>>(bulkKey(project, id), clock.now());
      return row && valueIn<BulkJob>(row);
    },

    async create(job) {
      await table.putIfAbsent(rowOf(job), clock.now());
    },

    advance: ({ cursor }, next) =>
      table.putIf(rowOf(next), '#cursor = :cursor AND #status = :running', { cursor, running: 'running' }),
  };
}
