import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { REGION } from '../template.js';
import type { DynamoDbServer } from './server.js';

/** Longer than the creation of any table takes. */
const PATIENCE_SECONDS = 60;

/**
 * A DynamoDB that runs elsewhere, such as DynamoDB Local, in place of ours. Its tables are made through its API, it
 * deletes expired items by itself, and the stack does not stop it.
 */
export function dynamoDbElsewhere(url: string): DynamoDbServer {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }; // the functions' credentials
  const client = new DynamoDBClient({ endpoint: url, region: REGION, credentials });
  return {
    url,
    port: Number(new URL(url).port),
    answer: () => {
      throw new Error('calls to a DynamoDB elsewhere cannot be intercepted');
    },
    ensureTable: ({ ttlAttribute, ...input }) => ensureTable(client, input, ttlAttribute),
    sweep: async () => {},
    close: async () => client.destroy(),
  };
}

async function ensureTable(client: DynamoDBClient, input: CreateTableCommandInput, ttlAttribute?: string) {
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (error instanceof ResourceInUseException) return; // the table exists, with its TTL
    throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: PATIENCE_SECONDS }, { TableName: input.TableName });
  if (ttlAttribute === undefined) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: ttlAttribute };
  await client.send(new UpdateTimeToLiveCommand({ TableName: input.TableName, TimeToLiveSpecification }));
}
