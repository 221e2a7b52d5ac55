import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { tableUnderTest } from './dynamodb-under-test.js';
import { TABLE } from './table.js';

const TableName = TABLE.TableName!;
let client: DynamoDBDocumentClient;
let close: () => Promise<void>;

/** Thirty runs of one project; every third belongs to endpoint e1. */
const RUNS = Array.from({ length: 30 }, (_, n) => {
  const sk = `run#${String(n).padStart(2, '0')}`;
  return { pk: 'proj', sk, n, even: n % 2 === 0, ...(n % 3 === 0 ? { g1pk: 'e1', g1sk: sk } : {}) };
});

beforeAll(async () => {
  ({ client, close } = await tableUnderTest());
  const items = [...RUNS, { pk: 'proj', sk: 'other#1' }, { pk: 'proj2', sk: 'run#00' }];
  await Promise.all(items.map((Item) => client.send(new PutCommand({ TableName, Item }))));
});

afterAll(() => close());

const query = (more: Omit<QueryCommandInput, 'TableName'>) => client.send(new QueryCommand({ TableName, ...more }));
const RUN_PREFIX = {
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: { ':pk': 'proj', ':prefix': 'run#' },
};
const OF_ENDPOINT = {
  IndexName: 'by-endpoint',
  KeyConditionExpression: 'g1pk = :pk',
  ExpressionAttributeValues: { ':pk': 'e1' },
};

/** Every page's items, following LastEvaluatedKey. */
async function allPages(request: Omit<QueryCommandInput, 'TableName'>): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await query({ ...request, ExclusiveStartKey: start });
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

test('begins_with in order, both ways, page by page', async () => {
  const forward = RUNS.map((run) => run.sk);
  expect((await allPages({ ...RUN_PREFIX, Limit: 7 })).map((item) => item.sk)).toEqual(forward);
  const backward = await allPages({ ...RUN_PREFIX, Limit: 7, ScanIndexForward: false });
  expect(backward.map((item) => item.sk)).toEqual(forward.toReversed());
});

test.each([
  ['sk < :a', ['run#00', 'run#01']],
  ['sk <= :a', ['run#00', 'run#01', 'run#02']],
  ['sk = :a', ['run#02']],
  ['sk BETWEEN :a AND :b', ['run#02', 'run#03', 'run#04']],
])('key condition %s', async (condition, expected) => {
  const values = { ':pk': 'proj', ':a': 'run#02', ...(condition.includes(':b') ? { ':b': 'run#04' } : {}) };
  const { Items } = await query({
    KeyConditionExpression: `pk = :pk AND ${condition}`,
    ExpressionAttributeValues: values,
  });
  expect(Items!.map((item) => item.sk).filter((sk) => sk.startsWith('run#'))).toEqual(expected);
});

test('the start key need not exist any more', async () => {
  const { Items } = await query({ ...RUN_PREFIX, ExclusiveStartKey: { pk: 'proj', sk: 'run#10x' }, Limit: 1 });
  expect(Items![0]!.sk).toBe('run#11');
});

test('the filter works after the limit, so pages may be short and still go on', async () => {
  const page = await query({
    ...RUN_PREFIX,
    FilterExpression: 'even = :even AND n >= :n',
    ExpressionAttributeValues: { ...RUN_PREFIX.ExpressionAttributeValues, ':even': true, ':n': 4 },
    Limit: 10,
  });
  expect(page.Items!.map((item) => item.n)).toEqual([4, 6, 8]);
  expect(page).toMatchObject({ Count: 3, ScannedCount: 10, LastEvaluatedKey: { pk: 'proj', sk: 'run#09' } });
});

test('Select COUNT on the table and on a KEYS_ONLY index', async () => {
  expect(await query({ ...RUN_PREFIX, Select: 'COUNT' })).toMatchObject({ Count: 30, ScannedCount: 30 });
  const ofIndex = await query({ ...OF_ENDPOINT, Select: 'COUNT' });
  expect(ofIndex).toMatchObject({ Count: 10 });
  expect(ofIndex.Items).toBeUndefined();
});

test('a KEYS_ONLY index is sparse, ordered, pageable and holds the keys alone', async () => {
  const members = RUNS.filter((run) => run.g1pk).map(({ pk, sk, g1pk, g1sk }) => ({ pk, sk, g1pk, g1sk }));
  expect(await allPages({ ...OF_ENDPOINT, Limit: 3 })).toEqual(members);
  expect(await allPages({ ...OF_ENDPOINT, Limit: 4, ScanIndexForward: false })).toEqual(members.toReversed());
  const ranged = await query({
    IndexName: 'by-endpoint',
    KeyConditionExpression: 'g1pk = :pk AND g1sk > :sk',
    ExpressionAttributeValues: { ':pk': 'e1', ':sk': 'run#20' },
  });
  expect(ranged.Items!.map((item) => item.sk)).toEqual(['run#21', 'run#24', 'run#27']);
});

test('concurrent moves of one item between index keys leave exactly one entry', async () => {
  const Key = { pk: 'moving', sk: 'x' };
  const moves = Array.from({ length: 200 }, (_, n) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: n % 5 === 0 ? 'REMOVE g1pk' : 'SET g1pk = :pk, g1sk = :sk',
        ...(n % 5 === 0 ? {} : { ExpressionAttributeValues: { ':pk': 'moves', ':sk': `k${n}` } }),
        ReturnValues: 'ALL_NEW',
      }),
    ),
  );
  await Promise.all(moves);
  const settled = await client.send(
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: 'SET g1pk = :pk',
      ExpressionAttributeValues: { ':pk': 'moves' },
      ReturnValues: 'ALL_NEW',
    }),
  );
  const { Items } = await query({ ...OF_ENDPOINT, ExpressionAttributeValues: { ':pk': 'moves' } });
  expect(Items).toEqual([settled.Attributes]);
});

test('a page ends at 1 MB', async () => {
  const items = Array.from({ length: 5 }, (_, n) => ({ pk: 'large', sk: `${n}`, data: 'x'.repeat(300_000) }));
  await Promise.all(items.map((Item) => client.send(new PutCommand({ TableName, Item }))));
  const large = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'large' } };
  expect((await query(large)).LastEvaluatedKey).toBeDefined();
  expect(await allPages(large)).toHaveLength(5);
});

test('Scan reads everything, in segments too', async () => {
  const segment = (Segment: number) =>
    client.send(new ScanCommand({ TableName, Segment, TotalSegments: 2, Select: 'COUNT' }));
  const [whole, first, second] = await Promise.all([
    client.send(new ScanCommand({ TableName, ProjectionExpression: 'sk' })),
    segment(0),
    segment(1),
  ]);
  expect(first!.Count! + second!.Count!).toBeGreaterThanOrEqual(whole.Count!);
});

test.each([
  [
    'an index that is not',
    { ...OF_ENDPOINT, IndexName: 'nowhere' },
    'The table does not have the specified index: nowhere',
  ],
  ['a consistent read of an index', { ...OF_ENDPOINT, ConsistentRead: true }, 'Consistent reads are not supported'],
  [
    'no partition key',
    { KeyConditionExpression: 'sk = :sk', ExpressionAttributeValues: { ':sk': 'x' } },
    'Query condition missed key schema element',
  ],
  [
    'a filter on the key',
    { ...RUN_PREFIX, FilterExpression: 'sk = :prefix' },
    'Filter Expression can only contain non-primary key attributes',
  ],
])('refuses %s', async (_, request, message) => {
  await expect(query(request)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(message),
  });
});

test('a table that does not exist', async () => {
  const missing = client.send(new QueryCommand({ ...RUN_PREFIX, TableName: 'nowhere' }));
  await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
