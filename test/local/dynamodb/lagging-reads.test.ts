import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../local/dynamodb/server.js';
import { eventually } from '../../support/eventually.js';
import { documentClient, TABLE } from './table.js';

const TableName = TABLE.TableName!;
const KEY = { pk: 'p', sk: 'a' };

test('reads that are not strongly consistent follow a write after a while, all others at once', async () => {
  let lagMs = 0;
  const server = await startDynamoDb({ readLag: () => lagMs });
  await server.ensureTable(TABLE);
  const client = documentClient(server.url);
  const put = (version: number) => client.send(new PutCommand({ TableName, Item: { ...KEY, version } }));
  const get = async (ConsistentRead: boolean) =>
    (await client.send(new GetCommand({ TableName, Key: KEY, ConsistentRead }))).Item?.['version'];
  const query = async (ConsistentRead: boolean) => {
    const KeyConditionExpression = 'pk = :pk';
    const values = { ExpressionAttributeValues: { ':pk': 'p' } };
    const { Items } = await client.send(
      new QueryCommand({ TableName, KeyConditionExpression, ConsistentRead, ...values }),
    );
    return Items?.map((item) => item['version']);
  };

  lagMs = 700;
  await put(1);
  expect([await get(true), await query(true)]).toEqual([1, [1]]);
  expect([await get(false), await query(false)]).toEqual([undefined, []]);
  const projected = { ProjectionExpression: 'version', KeyConditionExpression: 'pk = :pk' };
  const values = { ExpressionAttributeValues: { ':pk': 'p' } };
  expect((await client.send(new QueryCommand({ TableName, ...projected, ...values }))).Items).toEqual([{ version: 1 }]);
  await eventually('the write is seen', async () => (await get(false)) === 1);
  await put(2);
  await put(3);
  expect([await get(true), await get(false), await query(false)]).toEqual([3, 1, [1]]);
  await eventually('the writes are seen', async () => (await query(false))?.[0] === 3);
  lagMs = 0;
  await put(4);
  expect(await get(false)).toBe(4);
  client.destroy();
  await server.close();
});
