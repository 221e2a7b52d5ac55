import type { IncomingMessage } from 'node:http';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
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

/**
 * What a client of that server is made with. Ours is asked in this process: a test of what lies above the SDK needs no HTTP
 * on the way, which is a third of a small call.
 */
export function accessTo(server: DynamoDbServer): DynamoDBClientConfig {
  return {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    ...(ELSEWHERE === undefined && {
      requestHandler: { handle: (request: SdkRequest) => askDirectly(server, request) },
    }),
  };
}

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

async function askDirectly({ answer }: DynamoDbServer, { headers, body = '' }: SdkRequest) {
  // The server looks at the headers alone.
  const request = { headers } as IncomingMessage;
  const answered = await answer(request, Buffer.concat([body as Uint8Array]), new AbortController().signal);
  if (answered === undefined) throw new Error('the connection was dropped');
  return { response: { statusCode: answered.status, headers: answered.headers, body: answered.body } as never };
}

/** Ours, unless another is named. */
export async function startDynamoDbUnderTest(): Promise<DynamoDbServer> {
  return ELSEWHERE === undefined ? startDynamoDb() : dynamoDbElsewhere(ELSEWHERE);
}
