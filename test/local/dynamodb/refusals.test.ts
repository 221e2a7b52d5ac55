import {
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { tableUnderTest } from './dynamodb-under-test.js';
import { TABLE } from './table.js';

// What AWS refuses, and dynalite by itself would take, or end the process over.

const TableName = TABLE.TableName!;
const Key = { pk: 'refusals', sk: 'a' };
let client: DynamoDBDocumentClient;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ client, close } = await tableUnderTest());
  await client.send(new PutCommand({ TableName, Item: { ...Key, n: 1, l: [0], g1pk: 'g', g1sk: 'a' } }));
});

afterAll(() => close());

const put = (item: object, more: object = {}) =>
  client.send(new PutCommand({ TableName, Item: { ...Key, sk: 'b', ...item }, ...more }));
const update = (UpdateExpression: string, values: Record<string, unknown>, more: object = {}) =>
  client.send(new UpdateCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues: values, ...more }));
const updateIf = (ConditionExpression: string, values: Record<string, unknown> = {}) =>
  update('SET touched = :t', { ':t': 1, ...values }, { ConditionExpression });
const query = (more: Partial<QueryCommandInput>) =>
  client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ...more,
      ExpressionAttributeValues: { ':pk': 'refusals', ...more.ExpressionAttributeValues },
    }),
  );
const ofIndex = { IndexName: 'by-endpoint', KeyConditionExpression: 'g1pk = :pk' };
const nested = (levels: number) =>
  Array.from({ length: levels }).reduce<unknown>((inner, _, level) => (level % 2 ? [inner] : { a: inner }), 'x');
const terms = (count: number, of: (index: number) => string, join: string) =>
  Array.from({ length: count }, (_, index) => of(index)).join(join);

const refused = (message: string | RegExp) =>
  expect.objectContaining({
    name: 'ValidationException',
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    $metadata: expect.objectContaining({ httpStatusCode: 400 }),
  });

const EMPTY_KEY = 'The AttributeValue for a key attribute cannot contain an empty string value';
const TOO_DEEP = 'Nesting Levels have exceeded supported limits';
const TOO_LONG = 'Expression size has exceeded the maximum allowed size';

describe('keys of indexes', () => {
  test('may not be empty, however they become so', async () => {
    const message = `A value specified for a secondary index key is not supported. ${EMPTY_KEY}. IndexName: by-endpoint, IndexKey: g1pk`;
    await expect(put({ g1pk: '' })).rejects.toEqual(refused(message));
    await expect(put({ g1sk: '' })).rejects.toEqual(refused('IndexKey: g1sk'));
    const PutRequest = { Item: { ...Key, g1pk: '' } };
    const batch = new BatchWriteCommand({ RequestItems: { [TableName]: [{ PutRequest }] } });
    await expect(client.send(batch)).rejects.toEqual(refused('IndexKey: g1pk'));
    await update('SET hollow = :empty', { ':empty': '' });
    for (const expression of ['SET g1pk = :empty', 'SET g1pk = if_not_exists(nowhere, :empty)'])
      await expect(update(expression, { ':empty': '' })).rejects.toEqual(refused(EMPTY_KEY));
    await expect(update('SET g1sk = hollow, t = :t', { ':t': 1 })).rejects.toEqual(refused(EMPTY_KEY));
  });

  test('have a type, also where they are copied', async () => {
    await expect(update('SET g1pk = n, t = :t', { ':t': 1 })).rejects.toEqual(refused(/./));
  });

  test('are as long as other keys, in bytes', async () => {
    for (const item of [{ g1pk: 'g'.repeat(2049) }, { g1sk: 'g'.repeat(1025) }, { sk: 'é'.repeat(513) }])
      await expect(put(item)).rejects.toEqual(refused(/[Ss]ize|under 1024 bytes/));
    await expect(update('SET g1pk = :long', { ':long': 'g'.repeat(2049) })).rejects.toEqual(refused(/[Ss]ize/));
  });

  test('are refused before a condition is looked at', async () => {
    await expect(put({ g1pk: '' }, { ConditionExpression: 'attribute_exists(nowhere)' })).rejects.toEqual(
      refused(EMPTY_KEY),
    );
  });
});

describe('items', () => {
  test('nest 32 levels deep, their attributes the first', async () => {
    await put({ deep: nested(31) });
    await expect(put({ deep: nested(32) })).rejects.toEqual(refused(TOO_DEEP));
    const batch = { [TableName]: [{ PutRequest: { Item: { ...Key, deep: nested(32) } } }] };
    await expect(client.send(new BatchWriteCommand({ RequestItems: batch }))).rejects.toEqual(refused(TOO_DEEP));
    await expect(update('SET deep = :deep', { ':deep': nested(32) })).rejects.toEqual(refused(TOO_DEEP));
    await expect(update('SET l[0] = :deep', { ':deep': nested(31) })).rejects.toEqual(refused(TOO_DEEP));
  });

  test('hold numbers of 38 digits and of 126 before the point at most, also as sums', async () => {
    const add = (number: bigint) => update('ADD sums :n', { ':n': number });
    await add(99n * 10n ** 124n);
    await expect(add(99n * 10n ** 124n)).rejects.toEqual(refused(/Number overflow/));
    await expect(add(1n)).rejects.toEqual(refused(/38 significant digits|38 digits/));
    await update('REMOVE sums SET n = :n', { ':n': 1 });
  });

  test('have no attribute without a name', async () => {
    await expect(put({ m: { '': 1 } })).rejects.toEqual(refused('Empty attribute name'));
  });
});

describe('expressions', () => {
  test('are of 4 KB at most', async () => {
    const condition = (bytes: number) => 'attribute_exists(pk)'.padEnd(bytes);
    await updateIf(condition(4096));
    await expect(updateIf(condition(4097))).rejects.toEqual(
      refused(`Invalid ConditionExpression: ${TOO_LONG}; expression size: 4097`),
    );
    const long = terms(300, (n) => `attribute${n} = :v`, ', ');
    await expect(update(`SET ${long}`, { ':v': 1 })).rejects.toEqual(refused(`Invalid UpdateExpression: ${TOO_LONG}`));
    for (const parameter of ['FilterExpression', 'KeyConditionExpression', 'ProjectionExpression'])
      await expect(query({ [parameter]: 'n = :pk'.padEnd(4097) })).rejects.toEqual(refused('Invalid'));
  });

  test('have 300 operators at most', async () => {
    const sums = (count: number) => `SET ${terms(count, (n) => `c${n}=:v+:v`, ',')}`;
    await update(sums(300), { ':v': 1 });
    const message = 'The expression contains too many operators; operator count: 301';
    await expect(update(sums(301), { ':v': 1 })).rejects.toEqual(refused(message));
    await expect(updateIf(terms(151, () => 'n=l', ' OR '))).rejects.toEqual(refused(message));
  });

  test('have IN of 100 operands at most', async () => {
    const values = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`:v${n}`, n]));
    const message = 'The IN operator is provided with too many operands; number of operands: 101';
    await expect(updateIf(`n IN (${Object.keys(values)})`, values)).rejects.toEqual(refused(message));
    const { ':v100': _, ...hundred } = values;
    await updateIf(`n IN (${Object.keys(hundred)})`, hundred);
  });

  test('have paths of 32 levels and placeholders of 255 letters at most', async () => {
    const path = (levels: number) => `attribute_not_exists(${terms(levels, () => 'a', '.')})`;
    await updateIf(path(32));
    await expect(updateIf(path(33))).rejects.toEqual(refused('too many nesting levels; nesting levels: 33'));
    const long = `:${'v'.repeat(255)}`;
    await expect(updateIf(`n = ${long}`, { [long]: 1 })).rejects.toEqual(refused('key that is too long'));
  });

  test('compare no lists by order, and nothing with itself', async () => {
    const unordered = 'Incorrect operand type for operator or function; operator or function: >, operand type: L';
    await expect(updateIf('l > :v', { ':v': [] })).rejects.toEqual(refused(unordered));
    const distinct =
      /must be distinct from the remaining operands.* operator: (IN|BETWEEN), first operand: \[l, \[0\]\]/;
    await expect(updateIf('l[0] IN (n, l[0])')).rejects.toEqual(refused(distinct));
    await expect(updateIf('l[0] BETWEEN n AND l[0]')).rejects.toEqual(refused(distinct));
  });
});

describe('answers', () => {
  test.each(['ALL_NEW', 'UPDATED_NEW', 'UPDATED_OLD'] as const)('a deletion has no %s', async (ReturnValues) => {
    const deletion = client.send(new DeleteCommand({ TableName, Key, ReturnValues }));
    await expect(deletion).rejects.toEqual(refused(/ReturnValues can only be ALL_OLD or NONE|Return values set/));
  });

  test('a count has no projection, and a choice of attributes has one', async () => {
    const counts = { Select: 'COUNT', ProjectionExpression: 'n' } as const;
    const message = 'Cannot specify the ProjectionExpression when choosing to get only the Count';
    await expect(query(counts)).rejects.toEqual(refused(message));
    await expect(client.send(new ScanCommand({ TableName, ...counts }))).rejects.toEqual(refused(message));
    await expect(query({ ...counts, Select: 'ALL_ATTRIBUTES' })).rejects.toEqual(refused('ALL_ATTRIBUTES'));
    await expect(query({ Select: 'SPECIFIC_ATTRIBUTES' })).rejects.toEqual(refused('Must specify'));
    await expect(query({ Select: 'ALL_PROJECTED_ATTRIBUTES' })).rejects.toEqual(refused('using an IndexName'));
  });
});

describe('queries', () => {
  test('name no empty and no endless key', async () => {
    for (const condition of ['sk = :sk', 'sk > :sk', 'begins_with(sk, :sk)', 'sk BETWEEN :sk AND :pk']) {
      const KeyConditionExpression = `pk = :pk AND ${condition}`;
      const ask = (sk: string) => query({ KeyConditionExpression, ExpressionAttributeValues: { ':sk': sk } });
      await expect(ask('')).rejects.toEqual(refused(`${EMPTY_KEY}. Key: sk`));
      await expect(ask('s'.repeat(1025))).rejects.toEqual(refused(/./));
    }
    await expect(query({ ExpressionAttributeValues: { ':pk': '' } })).rejects.toEqual(refused(`${EMPTY_KEY}. Key: pk`));
  });

  test('of an index know the attributes that are projected to it alone', async () => {
    const filter = { ...ofIndex, FilterExpression: 'attribute_exists(n) AND attribute_exists(sk)' };
    await expect(query(filter)).rejects.toEqual(
      refused('Secondary index by-endpoint does not project one or more filter attributes: [n]'),
    );
    await expect(query({ ...ofIndex, ProjectionExpression: 'sk, n' })).rejects.toEqual(
      refused('Global secondary index by-endpoint does not project [n]'),
    );
    const ofKeys = { ...ofIndex, FilterExpression: 'attribute_exists(sk)', ProjectionExpression: 'sk' };
    const { Items } = await query({ ...ofKeys, ExpressionAttributeValues: { ':pk': 'g' } });
    expect(Items).toEqual([{ sk: 'a' }]);
  });

  test('of an index are not consistent, nor are its scans', async () => {
    const scan = new ScanCommand({ TableName, IndexName: 'by-endpoint', ConsistentRead: true });
    await expect(client.send(scan)).rejects.toEqual(refused('Consistent reads are not supported'));
  });

  test('scan no segment without a total', async () => {
    await expect(client.send(new ScanCommand({ TableName, Segment: 0 }))).rejects.toEqual(refused(/[Tt]otal/));
  });
});
