import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../functions/storage/document-client.js';
import { accessTo, startDynamoDbUnderTest } from '../local/dynamodb/dynamodb-under-test.js';
import { configTable, tableOf } from '../support/tables.js';

export interface Tables {
  readonly client: DynamoDBDocumentClient;
  readonly config: string;
  readonly runs: string;
  readonly letters: string;
  close(): Promise<void>;
}

/** The three tables, new ones, in our DynamoDB or the one that `npm run conformance` names. */
export async function startTables(): Promise<Tables> {
  const server = await startDynamoDbUnderTest();
  const names = { config: `config-${randomUUID()}`, runs: `runs-${randomUUID()}`, letters: `letters-${randomUUID()}` };
  await server.ensureTable(configTable(names.config));
  await server.ensureTable(tableOf(names.runs, ['g1', 'g2', 'g3']));
  await server.ensureTable(tableOf(names.letters, ['g1', 'g2']));
  const client = createDocumentClient(new DynamoDBClient({ ...accessTo(server), maxAttempts: 1 }));
  return {
    client,
    ...names,
    async close() {
      client.destroy();
      await server.close();
    },
  };
}
