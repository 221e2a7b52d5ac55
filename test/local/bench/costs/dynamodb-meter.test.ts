import { DynamoDbMeter } from '../../../../local/bench/costs/dynamodb-meter.js';
import { type DynamoDbServer, startDynamoDb } from '../../../../local/dynamodb/server.js';
import type { Answer } from '../../../../local/loopback-server.js';

let server: DynamoDbServer;
let meter: DynamoDbMeter;

beforeAll(async () => {
  server = await startDynamoDb();
  await server.ensureTable({
    TableName: 'runs',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'g1'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'g1-index',
        KeySchema: [
          { AttributeName: 'g1', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  meter = new DynamoDbMeter(() => server.url);
});
afterAll(() => server.close());

async function unitsOf(operation: string, request: object) {
  const body = Buffer.from(JSON.stringify({ TableName: 'runs', ...request }));
  const forward = async (other: Buffer = body): Promise<Answer> => {
    const headers = {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=a',
    };
    const response = await fetch(server.url, { method: 'POST', headers, body: other.toString() });
    return { status: response.status, headers: {}, body: Buffer.from(await response.arrayBuffer()) };
  };
  return (await meter.perform({ service: 'dynamodb', operation, environment: '', body }, forward)).units;
}

const key = (sk: string) => ({ pk: { S: 'p' }, sk: { S: sk } });

test('a put is charged in the table and in its index, a change of neither key in the table alone', async () => {
  const Item = { ...key('a'), g1: { S: 'e' }, data: { S: 'x'.repeat(1500) } };
  expect(await unitsOf('PutItem', { Item })).toMatchObject({ writeUnits: 3 });
  const change = { Key: key('a'), UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } } };
  expect(await unitsOf('UpdateItem', change)).toMatchObject({ writeUnits: 2, storedBytes: 3 });
  expect(await unitsOf('DeleteItem', { Key: key('a') })).toMatchObject({ writeUnits: 3 });
});

test('a refused write is charged, in the table alone', async () => {
  const Item = { ...key('b'), g1: { S: 'e' } };
  const put = { Item, ConditionExpression: 'attribute_not_exists(pk)' };
  expect(await unitsOf('PutItem', put)).toMatchObject({ writeUnits: 2 });
  expect(await unitsOf('PutItem', put)).toEqual({ writeUnits: 1 });
});

test('writes of one item at once are told apart', async () => {
  const add = { Key: key('c'), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
  const all = await Promise.all(Array.from({ length: 5 }, () => unitsOf('UpdateItem', add)));
  expect(all.filter(({ storedBytes }) => storedBytes! > 0)).toHaveLength(1);
});

test('a strong read takes at least one unit, an eventual one half', async () => {
  await unitsOf('PutItem', { Item: { ...key('d'), data: { S: 'x'.repeat(5000) } } });
  expect(await unitsOf('GetItem', { Key: key('none'), ConsistentRead: true })).toEqual({ readUnits: 1 });
  expect(await unitsOf('GetItem', { Key: key('d') })).toEqual({ readUnits: 1 });
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'nobody' } } };
  expect(await unitsOf('Query', { ...query, ConsistentRead: true })).toEqual({ readUnits: 1 });
  expect(await unitsOf('Query', query)).toEqual({ readUnits: 0.5 });
});
