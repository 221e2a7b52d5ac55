import { randomBytes } from 'node:crypto';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { tableUnderTest } from './dynamodb-under-test.js';
import { TABLE } from './table.js';

const TableName = TABLE.TableName!;
let client: DynamoDBDocumentClient;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ client, close } = await tableUnderTest());
});

afterAll(() => close());

let made = 0;
const newKey = () => ({ pk: `p${++made}`, sk: 'a' });
const put = (Item: object, more: object = {}) => client.send(new PutCommand({ TableName, Item, ...more }));
const get = async (Key: object) => (await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
const update = (Key: object, UpdateExpression: string, values?: object, more: Partial<UpdateCommandInput> = {}) =>
  client.send(
    new UpdateCommand({
      TableName,
      Key: Key as never,
      UpdateExpression,
      ReturnValues: 'ALL_NEW',
      ...(values ? { ExpressionAttributeValues: values } : {}),
      ...more,
    }),
  );

describe('conditions', () => {
  test('put if absent succeeds once, then fails as AWS names it', async () => {
    const item = newKey();
    const absent = { ConditionExpression: 'attribute_not_exists(pk)' };
    await put({ ...item, v: 1 }, absent);
    await expect(put({ ...item, v: 2 }, absent)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await get(item)).toEqual({ ...item, v: 1 });
  });

  test('attribute_not_exists(x) OR y < :z claims a free or expired lease only', async () => {
    const key = newKey();
    const claim = (now: number, until: number) =>
      update(
        key,
        'SET lease = :until',
        { ':until': until, ':now': now },
        { ConditionExpression: 'attribute_not_exists(lease) OR lease < :now' },
      );
    await claim(100, 200);
    await expect(claim(150, 250)).rejects.toThrow('The conditional request failed');
    await expect(claim(200, 300)).rejects.toThrow('The conditional request failed');
    await expect(claim(201, 301)).resolves.toMatchObject({ Attributes: { lease: 301 } });
  });

  test('compares numbers as numbers, nested attributes, lists of values, ranges and sizes', async () => {
    const key = newKey();
    await put({ ...key, n: 10, progress: { label: 'running' }, tags: ['a', 'b'] });
    const holds = async (ConditionExpression: string, values: object) =>
      update(key, 'SET touched = :t', { ':t': true, ...values }, { ConditionExpression }).then(
        () => true,
        (error) => {
          expect(error.message).toBe('The conditional request failed');
          return false;
        },
      );
    expect(await holds('n > :v', { ':v': 9 })).toBe(true);
    expect(await holds('n = :v', { ':v': '10' })).toBe(false);
    expect(await holds('n <> :v', { ':v': 10.0 })).toBe(false);
    expect(await holds('n BETWEEN :a AND :b', { ':a': 9, ':b': 11 })).toBe(true);
    expect(await holds('progress.label IN (:a, :b)', { ':a': 'pending', ':b': 'running' })).toBe(true);
    expect(await holds('contains(tags, :v)', { ':v': 'b' })).toBe(true);
    expect(await holds('size(tags) > :v', { ':v': 2 })).toBe(false);
    expect(await holds('NOT attribute_exists(progress.nothing)', {})).toBe(true);
    expect(await holds('absent < :v', { ':v': 1 })).toBe(false);
    expect(await holds('absent <> :v', { ':v': 1 })).toBe(true);
    expect(await holds('attribute_type(n, :v)', { ':v': 'N' })).toBe(true);
  });

  test('lists and maps are equal member by member, sets in any order', async () => {
    const key = newKey();
    await put({ ...key, l: [1, { a: new Set(['x', 'y']) }], empty: '' });
    const holds = (ConditionExpression: string, values: object) =>
      update(key, 'SET touched = :t', { ':t': true, ...values }, { ConditionExpression }).then(
        () => true,
        ({ name }) => name !== 'ConditionalCheckFailedException',
      );
    const same = [1, { a: new Set(['y', 'x']) }];
    expect(await holds('l = :v', { ':v': same })).toBe(true);
    expect(await holds('l <> :v', { ':v': same })).toBe(false);
    expect(await holds('l IN (:w, :v)', { ':v': same, ':w': 1 })).toBe(true);
    expect(await holds('contains(l, :v)', { ':v': same[1] })).toBe(true);
    expect(await holds('l = :v', { ':v': [same[1], 1] })).toBe(false);
    expect(await holds('l[1] = :v', { ':v': { a: new Set(['x']) } })).toBe(false);
    expect(await holds('size(empty) = :v', { ':v': 0 })).toBe(true);
  });

  test('operands that are not there, or of another type, fail the condition and nothing else', async () => {
    const key = newKey();
    await put({ ...key, n: 5, t: 'x' });
    const touch = (ConditionExpression: string) => update(key, 'SET touched = n', undefined, { ConditionExpression });
    for (const condition of [
      'n IN (nowhere, nothing)',
      'nothing IN (nowhere)',
      'n BETWEEN nowhere AND t',
      'nowhere BETWEEN n AND nothing',
      't BETWEEN nowhere AND nothing',
      't BETWEEN n AND nothing',
    ])
      await expect(touch(condition)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await get(key)).toEqual({ ...key, n: 5, t: 'x' });
  });

  test('what failed a condition is shown to the caller that asks', async () => {
    const item = { ...newKey(), v: 1 };
    await put(item);
    const { v: _, ...Key } = item;
    const never = {
      ConditionExpression: 'attribute_exists(nowhere)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const shown = {
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: item.pk }, sk: { S: 'a' }, v: { N: '1' } },
    };
    await expect(put(item, never)).rejects.toMatchObject(shown);
    await expect(update(Key, 'SET v = :v', { ':v': 2 }, never)).rejects.toMatchObject(shown);
    await expect(client.send(new DeleteCommand({ TableName, Key, ...never }))).rejects.toMatchObject(shown);
    const unasked = await put(item, { ConditionExpression: 'attribute_exists(nowhere)' }).catch((error) => error);
    expect(unasked.Item).toBeUndefined();
    const absent = await put(newKey(), never).catch((error) => error);
    expect(absent).toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(absent.Item).toBeUndefined();
  });

  test('delete under a condition', async () => {
    const key = newKey();
    await put({ ...key, version: 1 });
    const deletion = (version: number) =>
      client.send(
        new DeleteCommand({
          TableName,
          Key: key,
          ConditionExpression: 'version = :v',
          ExpressionAttributeValues: { ':v': version },
          ReturnValues: 'ALL_OLD',
        }),
      );
    await expect(deletion(2)).rejects.toThrow('The conditional request failed');
    expect((await deletion(1)).Attributes).toEqual({ ...key, version: 1 });
    expect(await get(key)).toBeUndefined();
  });

  test('a thousand racing conditional updates: one wins each round', async () => {
    const key = newKey();
    await put({ ...key, round: 0, g1pk: 'race', g1sk: '0' });
    for (let round = 0; round < 20; round++) {
      const racers = Array.from({ length: 50 }, (_, racer) =>
        update(
          key,
          'SET round = :next, winner = :racer, g1sk = :sk',
          { ':next': round + 1, ':round': round, ':racer': racer, ':sk': `${round}-${racer}` },
          { ConditionExpression: 'round = :round' },
        ),
      );
      const results = await Promise.allSettled(racers);
      const winners = results.flatMap((result, racer) => (result.status === 'fulfilled' ? [racer] : []));
      expect(winners).toHaveLength(1);
      expect(await get(key)).toMatchObject({ round: round + 1, winner: winners[0] });
    }
  });

  test('no increment of an atomic counter is lost', async () => {
    const key = newKey();
    await Promise.all(Array.from({ length: 100 }, () => update(key, 'ADD hits :one', { ':one': 1 })));
    expect(await get(key)).toEqual({ ...key, hits: 100 });
  });
});

describe('update expressions', () => {
  test('makes the item if it is absent; if_not_exists, arithmetic and list_append', async () => {
    const key = newKey();
    const attempt = (at: number) =>
      update(
        key,
        'SET attempts = if_not_exists(attempts, :zero) + :one, firstAt = if_not_exists(firstAt, :at), ' +
          'outcomes = list_append(if_not_exists(outcomes, :none), :outcome)',
        { ':zero': 0, ':one': 1, ':at': at, ':none': [], ':outcome': [{ at }] },
      );
    await attempt(1);
    expect((await attempt(2)).Attributes).toEqual({
      ...key,
      attempts: 2,
      firstAt: 1,
      outcomes: [{ at: 1 }, { at: 2 }],
    });
  });

  test('SET, ADD and REMOVE on nested attributes, reserved words by name', async () => {
    const key = newKey();
    await put({ ...key, counts: { ok: 1 }, status: { code: 500, at: 1 }, stale: true, codes: ['a', 'b', 'c'] });
    const { Attributes } = await update(
      key,
      'SET #s.code = :code, counts.failed = :zero REMOVE #s.#at, stale, codes[1] ADD counts.ok :one, labels :labels',
      { ':code': 200, ':zero': 0, ':one': 1, ':labels': new Set(['x']) },
      { ExpressionAttributeNames: { '#s': 'status', '#at': 'at' } },
    );
    expect(Attributes).toEqual({
      ...key,
      counts: { ok: 2, failed: 0 },
      status: { code: 200 },
      codes: ['a', 'c'],
      labels: new Set(['x']),
    });
  });

  test('positions in a list are those before the update', async () => {
    const key = newKey();
    const list = ['a', 'b', 'c', 'd'];
    const becomes = async (expression: string, values?: object) => {
      await put({ ...key, l: list, m: { l: [list, list] } });
      return (await update(key, expression, values)).Attributes;
    };
    expect(await becomes('REMOVE l[0], l[2]')).toMatchObject({ l: ['b', 'd'] });
    expect(await becomes('REMOVE l[2], l[0], l[3]')).toMatchObject({ l: ['b'] });
    expect(await becomes('REMOVE l[0] SET l[1] = :v', { ':v': 'x' })).toMatchObject({ l: ['x', 'c', 'd'] });
    expect(await becomes('REMOVE l[0] SET l[9] = :v', { ':v': 'x' })).toMatchObject({ l: ['b', 'c', 'd', 'x'] });
    expect(await becomes('REMOVE m.l[0], m.l[1][0], m.l[1][2]')).toMatchObject({ m: { l: [['b', 'd']] } });
  });

  test('a set forgets members by DELETE and vanishes with its last', async () => {
    const key = newKey();
    await put({ ...key, holders: new Set(['a', 'b']) });
    const release = (holder: string) => update(key, 'DELETE holders :h', { ':h': new Set([holder]) });
    expect((await release('a')).Attributes).toEqual({ ...key, holders: new Set(['b']) });
    expect((await release('b')).Attributes).toEqual(key);
  });

  test('operands are read before anything is written, and copied', async () => {
    const key = newKey();
    await put({ ...key, newest: { n: 1 }, codes: ['a'] });
    const { Attributes } = await update(key, 'SET former = newest, newest.n = :two, codes[9] = codes', {
      ':two': 2,
    });
    expect(Attributes).toEqual({ ...key, former: { n: 1 }, newest: { n: 2 }, codes: ['a', ['a']] });
  });

  test('answers with the old, the new or the updated attributes', async () => {
    const key = newKey();
    await put({ ...key, a: 1, b: 1 });
    const set = (ReturnValues: UpdateCommandInput['ReturnValues'], a: number) =>
      update(key, 'SET a = :a', { ':a': a }, { ReturnValues }).then((output) => output.Attributes);
    expect(await set('UPDATED_NEW', 2)).toEqual({ a: 2 });
    expect(await set('UPDATED_OLD', 3)).toEqual({ a: 2 });
    expect(await set('ALL_OLD', 4)).toEqual({ ...key, a: 3, b: 1 });
    expect(await set('NONE', 5)).toBeUndefined();
    const made = await update(key, 'SET fresh = :v', { ':v': 1 }, { ReturnValues: 'UPDATED_OLD' });
    expect(made.Attributes).toBeUndefined();
  });

  test.each([
    ['a path into nothing', 'SET nowhere.a = :v', 'The document path provided in the update expression is invalid'],
    ['an operand that is missing', 'SET a = nowhere + :v', 'refers to an attribute that does not exist in the item'],
    ['a key', 'SET sk = :v', 'This attribute is part of the key'],
    ['a reserved word', 'SET status = :v', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['a syntax error', 'SET a == :v', 'Syntax error'],
    ['overlapping paths', 'SET a = :v, a.b = :v', 'Two document paths overlap'],
  ])('refuses %s', async (_, expression, message) => {
    const refused = update(newKey(), expression, { ':v': 1 });
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});

describe('sizes and batches', () => {
  test('binary of 390 KB survives unchanged, empty strings and emoji too', async () => {
    const item = {
      ...newKey(),
      payload: randomBytes(390 * 1024),
      empty: '',
      text: 'naïve 🚀',
      nothing: null,
      yes: true,
    };
    await put(item);
    const read = await get({ pk: item.pk, sk: item.sk });
    expect(Buffer.from(read!.payload).equals(item.payload)).toBe(true);
    expect(read).toMatchObject({ empty: '', text: 'naïve 🚀', nothing: null, yes: true });
  });

  test('items over 400 KB are refused, counted in UTF-8 bytes', async () => {
    await expect(put({ ...newKey(), text: 'x'.repeat(400 * 1024) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
    await expect(put({ ...newKey(), text: '€'.repeat(140 * 1024) })).rejects.toThrow('Item size has exceeded');
    await put({ ...newKey(), text: 'x'.repeat(399 * 1024) });
    const key = newKey();
    await put({ ...key, logs: ['x'.repeat(300 * 1024)] });
    const grown = update(key, 'SET logs = list_append(logs, :more)', { ':more': ['x'.repeat(101 * 1024)] });
    await expect(grown).rejects.toThrow('Item size to update has exceeded the maximum allowed size');
  });

  test('BatchWrite of 25 and BatchGet of what is there, nothing left unprocessed', async () => {
    const keys = Array.from({ length: 25 }, newKey);
    const PutRequests = keys.map((key) => ({ PutRequest: { Item: { ...key, data: 'x'.repeat(1000) } } }));
    const written = await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: PutRequests } }));
    expect(written.UnprocessedItems).toEqual({});
    const Keys = [...keys, newKey()];
    const read = await client.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ProjectionExpression: 'pk' } } }),
    );
    expect(read.UnprocessedKeys).toEqual({});
    expect(read.Responses![TableName]!.map((item) => item.pk).sort()).toEqual(keys.map((key) => key.pk).sort());
    const deletes = keys.map((Key) => ({ DeleteRequest: { Key } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: deletes } }));
    expect(await get(keys[0]!)).toBeUndefined();
  });

  test('BatchGet answers up to 16 MB at once and hands back the rest as it was asked', async () => {
    const keys = Array.from({ length: 44 }, newKey);
    await Promise.all(keys.map((key) => put({ ...key, payload: Buffer.alloc(390 * 1024), note: 'x' })));
    const read = (ProjectionExpression: string) =>
      client.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys, ProjectionExpression } } }));
    const whole = await read('pk, payload');
    const left = whole.UnprocessedKeys![TableName]!;
    expect(left.ProjectionExpression).toBe('pk, payload');
    expect(whole.Responses![TableName]!.length).toBeGreaterThan(36);
    expect(whole.Responses![TableName]!.length + left.Keys!.length).toBe(44);
  });

  test('refuses more than 25 writes, 100 reads, or the same key twice', async () => {
    const writes = Array.from({ length: 26 }, () => ({ PutRequest: { Item: newKey() } }));
    await expect(client.send(new BatchWriteCommand({ RequestItems: { [TableName]: writes } }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const get = (Keys: object[]) =>
      client.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys } as never } }));
    await expect(get(Array.from({ length: 101 }, newKey))).rejects.toMatchObject({ name: 'ValidationException' });
    const key = newKey();
    await expect(get([key, key])).rejects.toThrow('Provided list of item keys contains duplicates');
  });
});
