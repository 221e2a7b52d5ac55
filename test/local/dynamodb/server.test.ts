import { connect } from 'node:net';
import { DescribeTableCommand, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import { type DynamoDbServer, startDynamoDb } from '../../../local/dynamodb/server.js';
import { documentClient, TABLE } from './table.js';

const TableName = TABLE.TableName!;
let server: DynamoDbServer;
let client: DynamoDBDocumentClient;
let now = Date.UTC(2030, 0, 1);

beforeEach(async () => {
  server = await startDynamoDb({ now: () => now });
  client = documentClient(server.url);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

describe('tables', () => {
  test('are active on return and made once', async () => {
    await server.ensureTable({ ...TABLE, ttlAttribute: 'expiresAt' });
    await client.send(new PutCommand({ TableName, Item: { pk: 'a', sk: 'b' } }));
    await server.ensureTable({ ...TABLE, ttlAttribute: 'expiresAt' });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE' }] });
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(1);
  });

  test('kept with other keys are refused instead of failing at the first query', async () => {
    await server.ensureTable(TABLE);
    const message = 'kept from an earlier start with other keys or indexes';
    const [index] = TABLE.GlobalSecondaryIndexes!;
    const others = [{ ...index!, KeySchema: [...index!.KeySchema!].slice(0, 1) }];
    await expect(server.ensureTable({ ...TABLE, GlobalSecondaryIndexes: others })).rejects.toThrow(message);
    await expect(server.ensureTable({ ...TABLE, KeySchema: TABLE.KeySchema!.slice(0, 1) })).rejects.toThrow(message);
  });

  test('of an earlier release get the indexes of a later one, which the earlier one keeps true', async () => {
    const { GlobalSecondaryIndexes: _, ...bare } = TABLE;
    const earlier = { ...bare, AttributeDefinitions: TABLE.AttributeDefinitions!.slice(0, 2) };
    const put = (sk: string, more: object = { g1pk: 'g', g1sk: sk }) =>
      client.send(new PutCommand({ TableName, Item: { pk: 'a', sk, ...more } }));
    await server.ensureTable(earlier);
    await put('before');
    await put('elsewhere', {});
    await server.ensureTable(TABLE);
    await server.ensureTable(earlier);
    await put('later');
    const { Items } = await client.send(new ScanCommand({ TableName, IndexName: 'by-endpoint' }));
    expect(Items!.map(({ sk }) => sk).sort()).toEqual(['before', 'later']);
  });
});

describe('time to live', () => {
  test('deletes what has expired with its index entries, and nothing else', async () => {
    await server.ensureTable({ ...TABLE, ttlAttribute: 'expiresAt' });
    const seconds = now / 1000;
    const times = {
      soon: seconds + 60,
      later: seconds + 7200,
      never: undefined,
      text: String(seconds),
      ancient: seconds - 6 * 365 * 86_400,
    };
    for (const [sk, expiresAt] of Object.entries(times)) {
      await client.send(new PutCommand({ TableName, Item: { pk: 'p', sk, expiresAt, g1pk: 'g', g1sk: sk } }));
    }
    const kept = async (request: object) =>
      (await client.send(new QueryCommand({ TableName, ...request }))).Items!.map((item) => item.sk);
    const ofTable = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'p' } };
    await server.sweep();
    expect(await kept(ofTable)).toHaveLength(5);
    now += 3600_000;
    await server.sweep();
    expect(await kept(ofTable)).toEqual(['ancient', 'later', 'never', 'text']);
    const ofIndex = {
      IndexName: 'by-endpoint',
      KeyConditionExpression: 'g1pk = :g',
      ExpressionAttributeValues: { ':g': 'g' },
    };
    expect(await kept(ofIndex)).toEqual(['ancient', 'later', 'never', 'text']);
  });

  test('sweeps tables of many pages', async () => {
    await server.ensureTable({ ...TABLE, ttlAttribute: 'expiresAt' });
    const expiresAt = now / 1000 - 1;
    const items = Array.from({ length: 250 }, (_, n) => ({ pk: `p${n}`, sk: 'x', ...(n < 240 ? { expiresAt } : {}) }));
    for (let n = 0; n < items.length; n += 25) {
      const puts = items.slice(n, n + 25).map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } }));
    }
    await server.sweep();
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(10);
  });
});

describe('robustness', () => {
  test('a key that is too long for LMDB is refused with the reason', async () => {
    await server.ensureTable(TABLE);
    const put = (pk: string) => client.send(new PutCommand({ TableName, Item: { pk, sk: 'a', g1pk: pk, g1sk: 'a' } }));
    await put('p'.repeat(1500));
    await expect(put('p'.repeat(2048))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('keeps keys in LMDB'),
    });
  });

  test('an upload broken off harms no other request', async () => {
    await server.ensureTable(TABLE);
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(
          'POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: DynamoDB_20120810.PutItem\r\ncontent-length: 5000\r\n\r\n{"Tab',
        );
        setTimeout(() => socket.resetAndDestroy(), 20);
      });
      socket.on('close', () => resolve());
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
  });

  test('what is no JSON, or no known operation, is answered as AWS answers', async () => {
    const post = async (operation: string, body: string) => {
      const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
      const response = await fetch(server.url, { method: 'POST', headers, body });
      return { status: response.status, body: await response.json() };
    };
    expect(await post('GetItem', '{"Tab')).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining('SerializationException') },
    });
    await expect(client.send(new UpdateTableCommand({ TableName }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
