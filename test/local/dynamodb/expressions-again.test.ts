import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { tableUnderTest } from './dynamodb-under-test.js';
import { TABLE } from './table.js';

// Ours parses an expression once: these send the same one again with something else about it.

const TableName = TABLE.TableName!;
const Key = { pk: 'again', sk: 'a' };
let client: DynamoDBDocumentClient;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ client, close } = await tableUnderTest());
  await client.send(new PutCommand({ TableName, Item: { ...Key, n: 1, tags: new Set(['x']) } }));
});

afterAll(() => close());

const update = async (UpdateExpression: string, values: object, names?: Record<string, string>) => {
  const input = { TableName, Key, UpdateExpression, ReturnValues: 'ALL_NEW' as const };
  const command = new UpdateCommand({
    ...input,
    ExpressionAttributeValues: values as never,
    ...(names && { ExpressionAttributeNames: names }),
  });
  return (await client.send(command)).Attributes;
};
const message = (expected: RegExp) => expect.objectContaining({ message: expect.stringMatching(expected) });

test('other values, of the same type and of others', async () => {
  expect(await update('SET a = :a, b = :b', { ':a': 1, ':b': 'one' })).toMatchObject({ a: 1, b: 'one' });
  expect(await update('SET a = :a, b = :b', { ':a': 2, ':b': 'two' })).toMatchObject({ a: 2, b: 'two' });
  expect(await update('SET a = :a, b = :b', { ':a': [2], ':b': { S: 'x' } })).toMatchObject({ a: [2], b: { S: 'x' } });
});

test('other names', async () => {
  expect(await update('SET #n = :v', { ':v': 1 }, { '#n': 'first' })).toMatchObject({ first: 1 });
  expect(await update('SET #n = :v', { ':v': 2 }, { '#n': 'second' })).toMatchObject({ first: 1, second: 2 });
});

test('a value of a type that the expression does not allow', async () => {
  expect(await update('ADD n :v', { ':v': 1 })).toMatchObject({ n: 2 });
  await expect(update('ADD n :v', { ':v': 'x' })).rejects.toEqual(message(/Incorrect operand type.*STRING/));
  await expect(update('ADD n :v', { ':v': 'x' })).rejects.toEqual(message(/Incorrect operand type.*STRING/));
  expect(await update('ADD n :v', { ':v': 2 })).toMatchObject({ n: 4 });
});

test('names and values that it does not use, and those that it lacks', async () => {
  await update('SET c = :c', { ':c': 1 });
  await expect(update('SET c = :c', { ':c': 1, ':d': 1 })).rejects.toEqual(message(/unused in expressions.*:d/));
  await expect(update('SET c = :c', { ':c': 1 }, { '#n': 'n' })).rejects.toEqual(message(/unused in expressions.*#n/));
  await expect(update('SET c = :c', { ':d': 1 })).rejects.toEqual(message(/not defined; attribute value: :c/));
  await update('SET c = :c', { ':c': 1 });
});

test('a path that is both written and read from', async () => {
  expect(await update('SET l = :l, m = :l', { ':l': [1] })).toMatchObject({ l: [1], m: [1] });
  expect(await update('SET l = list_append(l, :more)', { ':more': [2] })).toMatchObject({ l: [1, 2], m: [1] });
  expect(await update('SET l = list_append(l, :more)', { ':more': [3] })).toMatchObject({ l: [1, 2, 3], m: [1] });
});

test('conditions on other values, also where values and not only their types are checked', async () => {
  const removeIf = (ConditionExpression: string, values: object) =>
    client.send(
      new DeleteCommand({
        TableName,
        Key: { pk: 'again', sk: 'none' },
        ConditionExpression,
        ExpressionAttributeValues: values as never,
      }),
    );
  const refused = expect.objectContaining({ name: 'ConditionalCheckFailedException' });
  await expect(removeIf('n = :n', { ':n': 1 })).rejects.toEqual(refused);
  await expect(removeIf('n BETWEEN :low AND :high', { ':low': 1, ':high': 2 })).rejects.toEqual(refused);
  await expect(removeIf('n BETWEEN :low AND :high', { ':low': 2, ':high': 1 })).rejects.toEqual(message(/upper bound/));
  await expect(removeIf('attribute_type(n, :t)', { ':t': 'N' })).rejects.toEqual(refused);
  await expect(removeIf('attribute_type(n, :t)', { ':t': 'Q' })).rejects.toEqual(
    message(/Invalid attribute type name/),
  );
});

test('a key condition with its value first', async () => {
  const query = (sk: string) =>
    client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND :sk >= sk',
        ExpressionAttributeValues: { ':pk': 'again', ':sk': sk },
      }),
    );
  for (const [sk, count] of [
    ['b', 1],
    ['a', 1],
    ['A', 0],
    ['b', 1],
  ] as const)
    expect((await query(sk)).Count).toBe(count);
});
