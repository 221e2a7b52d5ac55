import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { type DynamoDbServer, startDynamoDb } from '../../../local/dynamodb/server.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../temporary-folder.js';
import { documentClient, TABLE } from './table.js';

const TableName = TABLE.TableName!;
const KEY = { pk: 'p', sk: 'a' };

const [ORDER, RESTART] = [temporaryFolder(), temporaryFolder()];

let lagMs = 0;

async function start(path: string): Promise<{ server: DynamoDbServer; client: DynamoDBDocumentClient }> {
  const server = await startDynamoDb({ path, indexLag: () => lagMs });
  await server.ensureTable(TABLE);
  return { server, client: documentClient(server.url) };
}

const put = (client: DynamoDBDocumentClient, g1pk: string) =>
  client.send(new PutCommand({ TableName, Item: { ...KEY, g1pk, g1sk: 'x' } }));

const indexed = async (client: DynamoDBDocumentClient, g1pk: string) => {
  const query = {
    TableName,
    IndexName: 'by-endpoint',
    KeyConditionExpression: 'g1pk = :pk',
    ExpressionAttributeValues: { ':pk': g1pk },
  };
  return (await client.send(new QueryCommand(query))).Items!.length;
};

test('an index follows its table after a while, in the order of the writes', async () => {
  const { server, client } = await start(ORDER);
  lagMs = 1_500;
  await put(client, 'e1');
  expect((await client.send(new GetCommand({ TableName, Key: KEY }))).Item).toBeDefined();
  expect(await indexed(client, 'e1')).toBe(0);
  await eventually('the index knows', async () => (await indexed(client, 'e1')) === 1);

  lagMs = 300;
  await put(client, 'e2');
  lagMs = 0;
  await put(client, 'e3');
  await eventually('it has moved on', async () => (await indexed(client, 'e3')) === 1);
  expect([await indexed(client, 'e1'), await indexed(client, 'e2')]).toEqual([0, 0]);

  await client.send(new DeleteCommand({ TableName, Key: KEY }));
  await eventually('it is empty', async () => (await indexed(client, 'e3')) === 0);
  client.destroy();
  await server.close();
});

test('what an index has not heard of yet outlives the server', async () => {
  const { server, client } = await start(RESTART);
  lagMs = 60_000;
  await put(client, 'e1');
  await put(client, 'e2');
  expect(await indexed(client, 'e2')).toBe(0);
  client.destroy();
  await server.close();

  const again = await start(RESTART);
  expect([await indexed(again.client, 'e1'), await indexed(again.client, 'e2')]).toEqual([0, 1]);
  again.client.destroy();
  await again.server.close();
});
