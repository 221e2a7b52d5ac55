import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { boundCalls } from '../../../functions/runtime/bounded-calls.js';

const ANSWER_MS = 60;
const CONNECTION_MS = 150;
const SOCKETS = 2;

let together = 0;
let most = 0;
const server = createServer(async (request, response) => {
  request.resume();
  most = Math.max(most, ++together);
  await sleep(ANSWER_MS);
  together--;
  response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
});
beforeAll(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)));
afterAll(() => server.close());

function slowClient(): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECTION_MS, httpAgent: { maxSockets: SOCKETS } },
  });
}

const read = new GetItemCommand({ TableName: 'table', Key: { pk: { S: 'a' } } });
const outcomes = async (client: DynamoDBClient) =>
  (await Promise.allSettled(Array.from({ length: 12 }, () => client.send(read)))).map(({ status }) => status);

test('calls beyond the number of sockets wait, and the connection timeout does not count their wait', async () => {
  const client = boundCalls(slowClient(), SOCKETS);
  expect(new Set(await outcomes(client))).toEqual(new Set(['fulfilled']));
  expect(most).toBe(SOCKETS);
  client.destroy();
});

test('without that, the SDK gives up calls that wait for a socket', async () => {
  const client = slowClient();
  expect(new Set(await outcomes(client))).toEqual(new Set(['fulfilled', 'rejected']));
  client.destroy();
});

test('a call that fails makes room for the next call', async () => {
  const client = boundCalls(slowClient(), 1);
  const aborted = client.send(read, { abortSignal: AbortSignal.abort() });
  await expect(aborted).rejects.toThrow();
  await expect(client.send(read)).resolves.toBeDefined();
  client.destroy();
});
