import {
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { dynamoDbElsewhere } from '../../../local/dynamodb/elsewhere.js';
import { type DynamoDbServer, startDynamoDb } from '../../../local/dynamodb/server.js';
import { type Answer, answerTo, expectAlike } from './answers.js';
import { CALLS, DIFFERENTIAL_TABLE, TableName } from './dynamodb-calls.js';
import { attributes, conditions, type Expression, queries, READABLE, updates } from './dynamodb-expressions.js';

/** Where DynamoDB Local is. */
const THEIRS = process.env['CONFORMANCE_DYNAMODB']!;
const RUNS = { seed: 1, numRuns: 500 };

const LMDB_KEY = 'the key in LMDB holds each byte as two letters, and may be no longer than 4,026';

/** By call: why ours answers otherwise. */
const KNOWN: Readonly<Record<string, string>> = {
  'a partition key of 2,048 bytes': LMDB_KEY,
  'both keys as long as may be': LMDB_KEY,
  'an index partition key of 2,048 bytes': LMDB_KEY,
  'all keys as long as may be': LMDB_KEY,
  'new values, within a map': 'theirs answers with the whole map, AWS with the path that was updated',
  'SET of if_not_exists with what is not there': 'dynalite leaves the default alone where there is something',
  'a condition denied twice': 'the grammar of dynalite wants brackets after NOT',
  'a partition key too long for one': 'theirs looks for what no item can have; AWS refuses it, as both do a sort key',
  'Scan of an index of keys, filtered by another attribute':
    'theirs looks into the table for it, though it refuses the same of a Query',
  'Delete of nothing, answered with what was there': 'theirs tells the capacity that was not asked for',
};

let servers: DynamoDbServer[] = [];
let clients: DynamoDBClient[] = [];

const both = (send: (client: DynamoDBClient) => Promise<unknown>): Promise<Answer[]> =>
  Promise.all(clients.map((client) => answerTo(() => send(client))));

describe('our DynamoDB and DynamoDB Local', () => {
  beforeAll(async () => {
    servers = [await startDynamoDb(), dynamoDbElsewhere(THEIRS)];
    for (const server of servers) await server.ensureTable(DIFFERENTIAL_TABLE);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const options = { region: 'us-east-1', credentials, maxAttempts: 1 };
    clients = servers.map(({ url }) => new DynamoDBClient({ endpoint: url, ...options }));
  });

  afterAll(async () => {
    for (const client of clients) client.destroy();
    for (const server of servers) await server.close();
  });

  test.each(CALLS)('%s', async (title, command) => {
    const [ours, theirs] = await both((client) => client.send(command as never));
    expectAlike(ours!, theirs!, KNOWN[title]);
  });

  test('each difference that is known belongs to a call', () => {
    expect(CALLS.map(([title]) => title)).toEqual(expect.arrayContaining(Object.keys(KNOWN)));
  });

  const Key = { pk: { S: 'any' }, sk: { S: 'any' } };
  const answersTo = (item: object, { values }: Expression, expressions: object) =>
    both(async (client) => {
      await client.send(new PutItemCommand({ TableName, Item: { ...Key, ...item } }));
      const ExpressionAttributeValues = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};
      const update = { TableName, Key, ...expressions, ...ExpressionAttributeValues, ReturnValues: 'ALL_NEW' as const };
      return client.send(new UpdateItemCommand(update));
    });

  test('any update of any item', async () => {
    const property = fc.asyncProperty(attributes, updates, async (item, update) => {
      const [ours, theirs] = await answersTo(item, update, { UpdateExpression: update.text });
      expectAlike(ours!, theirs!);
    });
    await fc.assert(property, RUNS);
  });

  test('any condition on any item', async () => {
    const property = fc.asyncProperty(attributes, conditions, async (item, condition) => {
      const expressions = { UpdateExpression: 'REMOVE nothing', ConditionExpression: condition.text };
      const [ours, theirs] = await answersTo(item, condition, expressions);
      expectAlike(ours!, theirs!);
    });
    await fc.assert(property, RUNS);
  });

  test('any query, page by page', async () => {
    for (const Item of READABLE) await both((client) => client.send(new PutItemCommand({ TableName, Item })));
    const property = fc.asyncProperty(queries, async (query) => {
      let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
      for (let page = 0; page < 4; page++) {
        const command = new QueryCommand({ TableName, ...query, ExclusiveStartKey });
        const [ours, theirs] = await both((client) => client.send(command));
        expectAlike(ours!, theirs!);
        ExclusiveStartKey = 'result' in ours! ? (ours.result as QueryCommandOutput).LastEvaluatedKey : undefined;
        if (!ExclusiveStartKey) return;
      }
    });
    await fc.assert(property, RUNS);
  });
});
