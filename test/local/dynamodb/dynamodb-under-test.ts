import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbElsewhere } from '../../../local/dynamodb/elsewhere.js';
import { type DynamoDbServer, startDynamoDb } from '../../../local/dynamodb/server.js';
import { documentClient, TABLE } from './table.js';

/** Where `npm run conformance` has another DynamoDB, to hold the same suites against. */
const ELSEWHERE = process.env['CONFORMANCE_DYNAMODB'];

/** A new table there, and its client. */
export async function tableUnderTest(): Promise<{ client: DynamoDBDocumentClient; close(): Promise<void> }> {
  const server = await startDynamoDbUnderTest();
  await server.ensureTable(TABLE);
  const client = documentClient(server.url);
  return {
    client,
    async close() {
      client.destroy();
      await server.close();
    },
  };
}

/** Ours, unless another is named. */
export async function startDynamoDbUnderTest(): Promise<DynamoDbServer> {
  return ELSEWHERE === undefined ? startDynamoDb() : dynamoDbElsewhere(ELSEWHERE);
}
