import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

export const TableName = 'differential';

const keySchema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** With an index of each projection, one of them by number. */
export const DIFFERENTIAL_TABLE: CreateTableCommandInput = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: (['pk', 'sk', 'kin', 'moment', 'place'] as const).map((AttributeName) => ({
    AttributeName,
    AttributeType: AttributeName === 'place' ? 'N' : 'S',
  })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'by-kin', KeySchema: keySchema('kin', 'moment'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    {
      IndexName: 'by-sort-key',
      KeySchema: keySchema('kin', 'sk'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['colour'] },
    },
    { IndexName: 'by-place', KeySchema: keySchema('kin', 'place'), Projection: { ProjectionType: 'ALL' } },
  ],
};

type Item = Record<string, AttributeValue>;
type Command =
  | BatchGetItemCommand
  | BatchWriteItemCommand
  | DeleteItemCommand
  | GetItemCommand
  | PutItemCommand
  | QueryCommand
  | ScanCommand
  | UpdateItemCommand;

/** What is sent, in this order: later calls meet what earlier ones wrote. */
export type Call = readonly [title: string, command: Command];

const s = (S: string): AttributeValue => ({ S });
const n = (N: number | string): AttributeValue => ({ N: String(N) });
const list = (...L: AttributeValue[]): AttributeValue => ({ L });
const map = (M: Item): AttributeValue => ({ M });
const key = (pk: string, sk: string): Item => ({ pk: s(pk), sk: s(sk) });
const values = (ExpressionAttributeValues: Item) => ({ ExpressionAttributeValues });
const many = <Value>(count: number, of: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, i) => of(i));

const put = (Item: Item, more: object = {}) => new PutItemCommand({ TableName, Item, ...more });
const get = (Key: Item, more: object = {}) => new GetItemCommand({ TableName, Key, ConsistentRead: true, ...more });
const remove = (Key: Item, more: object = {}) => new DeleteItemCommand({ TableName, Key, ...more });
const query = (KeyConditionExpression: string, more: object = {}) =>
  new QueryCommand({ TableName, KeyConditionExpression, ...more });
const scan = (more: object = {}) => new ScanCommand({ TableName, ...more });
const update = (Key: Item, UpdateExpression: string, of: Item = {}, more: object = {}) =>
  new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression,
    ReturnValues: 'ALL_NEW',
    ...(Object.keys(of).length > 0 && values(of)),
    ...more,
  });
const readAll = (Keys: Item[], more: object = {}) =>
  new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ...more } } });
const writeAll = (requests: object[]) => new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } });
const putRequest = (Item: Item) => ({ PutRequest: { Item } });

/** A value inside so many lists. */
const within = (levels: number, type: 'L' | 'M' = 'L') =>
  many(levels, () => type).reduce<AttributeValue>((inner, t) => (t === 'L' ? list(inner) : map({ a: inner })), s('x'));
/** An attribute's name, or a path, so many characters long. */
const long = (length: number) => 'a'.repeat(length);
const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
const NEVER = { ConditionExpression: 'attribute_exists(nowhere)' };

const puts: Call[] = [
  ['an item', put({ ...key('a', '1'), v: n(1), kin: s('o'), moment: s('1') })],
  ['an item again, answered with the old one', put({ ...key('a', '1'), v: n(2) }, { ReturnValues: 'ALL_OLD' })],
  ['a new item, answered with no old one', put({ ...key('a', '2'), v: n(2) }, { ReturnValues: 'ALL_OLD' })],
  ['a put answered with what it updated', put(key('a', '1'), { ReturnValues: 'UPDATED_NEW' })],
  ['a put answered with all that is new', put(key('a', '1'), { ReturnValues: 'ALL_NEW' })],
  ['a failed condition', put(key('a', '1'), { ConditionExpression: 'attribute_not_exists(pk)' })],
  [
    'a failed condition and what it met',
    put(key('a', '1'), { ConditionExpression: 'attribute_not_exists(pk)', ...ALL_OLD }),
  ],
  ['a failed condition that met nothing', put(key('a', 'new'), { ...NEVER, ...ALL_OLD })],
  ['an unknown wish about failed conditions', put(key('a', '1'), { ReturnValuesOnConditionCheckFailure: 'ALL_NEW' })],
  ['an empty partition key', put(key('', '1'))],
  ['an empty sort key', put(key('a', ''))],
  ['no sort key', put({ pk: s('a') })],
  ['a key of another type', put({ pk: n(1), sk: s('1') })],
  ['a partition key of 2,048 bytes', put(key('p'.repeat(2048), '1'))],
  ['a partition key of 2,049 bytes', put(key('p'.repeat(2049), '1'))],
  ['a partition key of 2,050 bytes in 1,025 letters', put(key('é'.repeat(1025), '1'))],
  ['a sort key of 1,024 bytes', put(key('p', 's'.repeat(1024)))],
  ['both keys as long as may be', put(key('p'.repeat(2048), 's'.repeat(1024)))],
  ['a sort key of 1,025 bytes', put(key('p', 's'.repeat(1025)))],
  ['a sort key of 1,026 bytes in 513 letters', put(key('p', 'é'.repeat(513)))],
  ['an empty index key', put({ ...key('i', '1'), kin: s('') })],
  ['an empty index sort key', put({ ...key('i', '1'), moment: s('') })],
  ['an index key of another type', put({ ...key('i', '1'), kin: n(1) })],
  ['an index key of null', put({ ...key('i', '1'), kin: { NULL: true } })],
  ['a numeric index key that is word', put({ ...key('i', '1'), place: s('1') })],
  ['an index partition key of 2,048 bytes', put({ ...key('i', '2'), kin: s('o'.repeat(2048)), moment: s('1') })],
  ['an index partition key of 2,049 bytes', put({ ...key('i', '1'), kin: s('o'.repeat(2049)), moment: s('1') })],
  ['an index partition key of 2,049 bytes, no entry', put({ ...key('i', '1'), kin: s('o'.repeat(2049)) })],
  ['an index sort key of 1,024 bytes', put({ ...key('i', '2'), kin: s('o'), moment: s('t'.repeat(1024)) })],
  ['an index sort key of 1,025 bytes', put({ ...key('i', '1'), kin: s('o'), moment: s('t'.repeat(1025)) })],
  [
    'all keys as long as may be',
    put({ ...key('p'.repeat(2048), 's'.repeat(1024)), kin: s('o'.repeat(2048)), moment: s('t'.repeat(1024)) }),
  ],
  ['an empty index key under a failing condition', put({ ...key('i', '1'), kin: s('') }, NEVER)],
  ['an empty string', put({ ...key('e', '1'), v: s('') })],
  ['an empty binary value', put({ ...key('e', '1'), v: { B: new Uint8Array() } })],
  ['an empty list and an empty map', put({ ...key('e', '1'), v: list(), w: map({}) })],
  ['an empty set of strings', put({ ...key('e', '1'), v: { SS: [] } })],
  ['an empty set of numbers', put({ ...key('e', '1'), v: { NS: [] } })],
  ['a set with a member twice', put({ ...key('e', '1'), v: { SS: ['a', 'a'] } })],
  ['a set with a number twice', put({ ...key('e', '1'), v: { NS: ['1', '1.0'] } })],
  ['a set with an empty member', put({ ...key('e', '1'), v: { SS: ['', 'a'] } })],
  ['an empty set within a list', put({ ...key('e', '1'), v: list({ SS: [] }) })],
  ['null that is not true', put({ ...key('e', '1'), v: { NULL: false } })],
  ['an attribute without a name', put({ ...key('e', '1'), '': s('x') })],
  ['a map with an empty name', put({ ...key('e', '1'), v: map({ '': s('x') }) })],
  ['an item of 400 KB', put({ ...key('b', '1'), v: s('x'.repeat(409_600 - 7)) })],
  ['an item of 400 KB and a byte', put({ ...key('b', '2'), v: s('x'.repeat(409_600 - 6)) })],
  ['an item of 400 KB and two, in other letters', put({ ...key('b', '2'), v: s('é'.repeat((409_600 - 5) / 2)) })],
  ['31 levels of lists', put({ ...key('l', '31'), v: within(31) })],
  ['32 levels of lists', put({ ...key('l', '32'), v: within(32) })],
  ['33 levels of lists', put({ ...key('l', '33'), v: within(33) })],
  ['32 levels of maps', put({ ...key('l', '32m'), v: within(32, 'M') })],
  ['33 levels of maps', put({ ...key('l', '33m'), v: within(33, 'M') })],
];

const NUMBERS = [
  '0',
  '-0',
  '007',
  '1.10',
  '0.1e1',
  '1e125',
  '9.9e125',
  '1e126',
  '-1e126',
  '1e-130',
  '1e-131',
  '1'.repeat(38),
  '1'.repeat(39),
  `${'1'.repeat(38)}000`,
  '1e',
  'abc',
  '',
  ' 1',
  'NaN',
  'Infinity',
  '0x10',
  '1,5',
];

const numbers: Call[] = NUMBERS.flatMap((number, index): Call[] => [
  [`the number ${number}`, put({ ...key('n', `${index}`), v: n(number) })],
  [`what became of ${number}`, get(key('n', `${index}`))],
]);

const U = key('u', '1');
const one = { ':one': n(1) };
const item = put({
  ...U,
  num: n(5),
  word: s('hello'),
  tags: { SS: ['a', 'b'] },
  l: list(n(0), n(1), n(2), n(3)),
  m: map({ a: n(1), l: list(n(1), n(2), n(3)), deep: list(list(n(1), n(2)), list(n(3))) }),
  hollow: s(''),
  letters: s('aé🚀'),
  kin: s('o'),
  moment: s('1'),
});

const updates: Call[] = [
  ['what the updates start from', item],
  ['SET and a value', update(U, 'SET v = :one', one)],
  ['SET beyond a list', update(U, 'SET l[99] = :one, l[50] = :two', { ...one, ':two': n(2) })],
  ['REMOVE of two elements', update(U, 'REMOVE l[0], l[2]')],
  ['REMOVE of three, out of order', update(U, 'REMOVE l[2], l[0], l[1]')],
  ['again what the updates start from', item],
  ['REMOVE of an element beside SET of another', update(U, 'REMOVE l[0] SET l[1] = :one', one)],
  ['SET of an element beside REMOVE of another', update(U, 'SET l[2] = :one REMOVE l[1]', one)],
  ['REMOVE of an element beside SET beyond the list', update(U, 'SET l[9] = :one REMOVE l[0]', one)],
  ['REMOVE beyond a list', update(U, 'REMOVE l[77]')],
  ['REMOVE in a list and in its elements', update(U, 'REMOVE m.deep[0][0], m.deep[1]')],
  ['REMOVE of elements of a list in a map', update(U, 'REMOVE m.l[0], m.l[1], m.a')],
  ['REMOVE of what is not there', update(U, 'REMOVE nowhere')],
  ['REMOVE in a map that is not there', update(U, 'REMOVE nowhere.a')],
  ['REMOVE in what is no map', update(U, 'REMOVE word.a')],
  ['REMOVE of an element of what is no list', update(U, 'REMOVE m[0]')],
  ['for the third time what the updates start from', item],
  ['ADD to a number', update(U, 'ADD num :one', one)],
  ['ADD to nothing', update(U, 'ADD fresh :one', one)],
  ['ADD to word', update(U, 'ADD word :one', one)],
  ['ADD of word', update(U, 'ADD num :t', { ':t': s('1') })],
  ['ADD to a set', update(U, 'ADD tags :t', { ':t': { SS: ['b', 'c'] } })],
  ['ADD of numbers to a set of strings', update(U, 'ADD tags :t', { ':t': { NS: ['1'] } })],
  ['ADD in a map', update(U, 'ADD m.a :one, m.fresh :one', one)],
  ['ADD in a list', update(U, 'ADD l[0] :one', one)],
  ['ADD that overflows', update(U, 'ADD num :t', { ':t': n('9.9e125') })],
  [
    'ADD that is as large as may be',
    update(key('u', 'large'), 'ADD v :t', { ':t': n('9.9e125') }, { ReturnValues: 'NONE' }),
  ],
  [
    'ADD that makes it too large',
    update(key('u', 'large'), 'ADD v :t', { ':t': n('9.9e125') }, { ReturnValues: 'NONE' }),
  ],
  ['ADD beyond 38 digits', update(U, 'ADD num :t', { ':t': n(`0.${'1'.repeat(38)}`) })],
  ['DELETE of members', update(U, 'DELETE tags :t', { ':t': { SS: ['a', 'z'] } })],
  ['DELETE of the last members', update(U, 'DELETE tags :t', { ':t': { SS: ['b', 'c'] } })],
  ['DELETE from nothing', update(U, 'DELETE tags :t', { ':t': { SS: ['b', 'c'] } })],
  ['DELETE of word', update(U, 'DELETE word :t', { ':t': s('hello') })],
  ['DELETE of a set from word', update(U, 'DELETE word :t', { ':t': { SS: ['hello'] } })],
  ['SET, two that change places', update(U, 'SET num = v, v = num')],
  ['SET in nothing', update(U, 'SET nowhere.a = :one', one)],
  ['SET of an element of nothing', update(U, 'SET nowhere[0] = :one', one)],
  ['SET in what is no map', update(U, 'SET word.a = :one', one)],
  ['SET to what is not there', update(U, 'SET w = nowhere')],
  ['SET of a sum with what is not there', update(U, 'SET w = nowhere + :one', one)],
  ['SET of a sum with word', update(U, 'SET w = word + :one', one)],
  ['SET of a difference', update(U, 'SET w = :one - num', one)],
  ['SET of a sum of three', update(U, 'SET w = num + :one + :one', one)],
  ['SET of if_not_exists', update(U, 'SET w = if_not_exists(nowhere, :one) + :one', one)],
  [
    'SET of if_not_exists with what is not there',
    update(key('a', '2'), 'SET w = if_not_exists(v, nowhere)', {}, { ReturnValues: 'NONE' }),
  ],
  ['SET of if_not_exists of a value', update(U, 'SET w = if_not_exists(:one, :one)', one)],
  ['SET of list_append', update(U, 'SET l = list_append(:l, l)', { ':l': list(n(7)) })],
  ['SET of list_append to word', update(U, 'SET l = list_append(word, :l)', { ':l': list(n(7)) })],
  ['SET of list_append of a number', update(U, 'SET l = list_append(l, :one)', one)],
  ['SET of an unknown function', update(U, 'SET l = no_such(l, :one)', one)],
  ['two clauses SET', update(U, 'SET v = :one SET w = :one', one)],
  ['two paths that are the same', update(U, 'SET v = :one, v = :one', one)],
  ['two paths that overlap', update(U, 'SET m.a = :one, m = :one', one)],
  ['two paths that overlap in two clauses', update(U, 'SET m.a = :one REMOVE m', one)],
  ['two paths that conflict', update(U, 'SET m.a = :one, m[0] = :one', one)],
  ['the partition key', update(U, 'SET pk = :t', { ':t': s('u') })],
  ['REMOVE of the sort key', update(U, 'REMOVE sk')],
  ['a path in the sort key', update(U, 'SET sk.a = :one', one)],
  ['a path in an index key', update(U, 'SET kin.a = :one', one)],
  ['SET of an index key', update(U, 'SET kin = :t', { ':t': s('p') })],
  ['SET of an index key to nothing', update(U, 'SET kin = :t', { ':t': s('') })],
  ['SET of an index key to what is text elsewhere', update(U, 'SET kin = word')],
  ['SET of an empty string', update(U, 'SET hollow = :t', { ':t': s('') })],
  ['SET of an index key to an empty string elsewhere', update(U, 'SET kin = hollow')],
  ['SET of an index key to an empty default', update(U, 'SET moment = if_not_exists(nowhere, :t)', { ':t': s('') })],
  ['SET of an index key to a number', update(U, 'SET kin = :one', one)],
  ['SET of an index key to a number elsewhere', update(U, 'SET kin = num')],
  ['SET of an index key too long', update(U, 'SET kin = :t', { ':t': s('o'.repeat(2049)) })],
  ['ADD to a numeric index key', update(U, 'ADD #r :one', one, { ExpressionAttributeNames: { '#r': 'place' } })],
  ['REMOVE of an index key', update(U, 'REMOVE kin')],
  ['a reserved word', update(U, 'SET status = :one', one)],
  ['a reserved word within a path', update(U, 'SET m.status = :one', one)],
  ['a reserved word by name', update(U, 'SET #s = :one', one, { ExpressionAttributeNames: { '#s': 'status' } })],
  ['a name that is not used', update(U, 'SET v = :one', one, { ExpressionAttributeNames: { '#s': 'status' } })],
  ['a value that is not used', update(U, 'SET v = :one', { ...one, ':two': n(2) })],
  ['a name that is not given', update(U, 'SET #s = :one', one)],
  ['a value that is not given', update(U, 'SET v = :two', one)],
  ['a name that begins otherwise', update(U, 'SET v = :one', one, { ExpressionAttributeNames: { s: 'status' } })],
  ['no names', update(U, 'SET v = :one', one, { ExpressionAttributeNames: {} })],
  ['no values', update(U, 'REMOVE v', {}, values({}))],
  ['an empty expression', update(U, '', {})],
  ['a syntax error', update(U, 'SET v :one', one)],
  ['an expression of 4,096 bytes', update(U, `SET ${long(4083)} = :one`, one)],
  ['an expression of 4,097 bytes', update(U, `REMOVE ${many(40, (i) => long(99) + i).join(', ')}`.padEnd(4097))],
  ...[300, 301].map(
    (terms): Call => [
      `${terms} sums`,
      update(U, `SET ${many(terms, (i) => `c${i}=:a+:a`).join()}`, { ':a': n(1) }, { ReturnValues: 'NONE' }),
    ],
  ),
  ...[150, 151].map(
    (terms): Call => [
      `${terms} functions in an update`,
      update(
        U,
        `SET ${many(terms, (i) => `c${i}=if_not_exists(b,:a)`).join()}`,
        { ':a': n(1) },
        { ReturnValues: 'NONE' },
      ),
    ],
  ),
  ...[300, 301, 350].map(
    (terms): Call => [
      `${terms} assignments`,
      update(U, `SET ${many(terms, (i) => `c${i}=:a`).join()}`, { ':a': n(1) }, { ReturnValues: 'NONE' }),
    ],
  ),
  ['again the item', item],
  ['old values, of what is new', update(U, 'SET fresh = :one', one, { ReturnValues: 'UPDATED_OLD' })],
  ['old values, of what was there', update(U, 'SET num = :one', one, { ReturnValues: 'UPDATED_OLD' })],
  ['new values, of what is gone', update(U, 'REMOVE num', {}, { ReturnValues: 'UPDATED_NEW' })],
  ['new values, within a map', update(U, 'SET m.a = :one', one, { ReturnValues: 'UPDATED_NEW' })],
  ['an unknown wish about values', update(U, 'SET v = :one', one, { ReturnValues: 'SOME' })],
  ['an update of an item that is new', update(key('u', 'new'), 'SET v = :one', one, { ReturnValues: 'ALL_OLD' })],
  ['a REMOVE of an item that is not', update(key('u', 'none'), 'REMOVE v')],
  ['the item that it made', get(key('u', 'none'))],
  ['a failed condition of an update', update(U, 'SET v = :one', one, { ...NEVER, ...ALL_OLD })],
  [
    'a failed condition of an update of nothing',
    update(key('u', 'not'), 'SET v = :one', one, { ...NEVER, ...ALL_OLD }),
  ],
  ['a value of 33 levels', update(U, 'SET v = :v', { ':v': within(33) })],
  ['a value of 32 levels one level down', update(U, 'SET m.v = :v', { ':v': within(32) })],
  ['a value of 31 levels one level down', update(U, 'SET m.v = :v', { ':v': within(31) })],
  ['an update that makes an item too large', update(key('b', '1'), 'SET w = :one', one)],
  ['a key of another length', update({ ...U, more: s('1') }, 'SET v = :one', one)],
];

const conditionOn = (ConditionExpression: string, of: Item = {}, names: Record<string, string> = {}): Command =>
  update(
    U,
    'SET touched = :touched',
    { ':touched': n(1), ...of },
    {
      ConditionExpression,
      ReturnValues: 'NONE',
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    },
  );

const conditions: Call[] = [
  ['the item for the conditions', item],
  ...(
    [
      ['num > :v', { ':v': n(4) }],
      ['num > :v', { ':v': s('4') }],
      ['num = :v', { ':v': n('5.0') }],
      ['num <> :v', { ':v': s('5') }],
      ['nowhere <> :v', { ':v': s('5') }],
      ['nowhere = nowhere'],
      ['num BETWEEN :a AND :b', { ':a': n(1), ':b': n(9) }],
      ['num BETWEEN :a AND :b', { ':a': n(9), ':b': n(1) }],
      ['num BETWEEN :a AND :b', { ':a': n(1), ':b': s('9') }],
      ['num IN (:a, :b)', { ':a': n(1), ':b': n(5) }],
      ['num IN (:a, word)', { ':a': n(1) }],
      ['begins_with(word, :v)', { ':v': s('he') }],
      ['begins_with(word, :v)', { ':v': s('') }],
      ['begins_with(word, :v)', { ':v': n(1) }],
      ['begins_with(num, :v)', { ':v': s('5') }],
      ['begins_with(:v, :v)', { ':v': s('5') }],
      ['contains(word, :v)', { ':v': s('ell') }],
      ['contains(tags, :v)', { ':v': s('a') }],
      ['contains(l, :v)', { ':v': n(1) }],
      ['contains(l, :v)', { ':v': { BOOL: true } }],
      ['contains(num, :v)', { ':v': n(5) }],
      ['contains(word, word)'],
      ['size(word) = :v', { ':v': n(5) }],
      ['size(tags) = :v', { ':v': n(2) }],
      ['size(m) > :v', { ':v': n(2) }],
      ['size(num) > :v', { ':v': n(0) }],
      ['size(nowhere) > :v', { ':v': n(0) }],
      ['size(word) = size(word)'],
      ['attribute_type(num, :v)', { ':v': s('N') }],
      ['attribute_type(num, :v)', { ':v': s('Q') }],
      ['attribute_type(num, :v)', { ':v': n(1) }],
      ['attribute_exists(m.a) AND attribute_not_exists(m.b)'],
      ['attribute_exists(l[3]) AND NOT attribute_exists(l[4])'],
      ['attribute_exists(:v)', { ':v': s('N') }],
      ['attribute_exists(num, word)'],
      ['NOT (num = :v OR word = :w) OR (num = :v)', { ':v': n(5), ':w': s('x') }],
      ['l = :v', { ':v': list(n(0), n(1), n(2), n(3)) }],
      ['l[1] = :v', { ':v': n(1) }],
      ['l > :v', { ':v': list() }],
      ['l = :v', { ':v': list(n(1), n(0), n(2), n(3)) }],
      ['l <> :v', { ':v': list(n(0), n(1), n(2), n(3)) }],
      ['l IN (:v)', { ':v': list(n(0), n(1), n(2), n(3)) }],
      ['m.l = :v', { ':v': list(n('1.0'), n(2), n(3)) }],
      [':v = m.l', { ':v': list(n('1.0'), n(2), n(3)) }],
      ['m.l = m.l'],
      ['m.l = l'],
      ['m.l <> m.deep'],
      ['contains(m.deep, :v)', { ':v': list(n(3)) }],
      ['contains(m.deep, m.a)'],
      ['tags > :v', { ':v': { SS: ['a'] } }],
      ['num BETWEEN :v AND :v', { ':v': list() }],
      ['num < :v', { ':v': { NULL: true } }],
      ['num < :v', { ':v': { BOOL: true } }],
      ['size(hollow) = :v', { ':v': n(0) }],
      ['size(letters) = :v', { ':v': n(3) }],
      ['size(letters) = :v', { ':v': n(4) }],
      ['size(letters) = :v', { ':v': n(7) }],
      ['size(l) = size(m.l)'],
      ['num IN (nowhere)'],
      ['nowhere IN (num, nowhere.a)'],
      ['num IN (word, num)'],
      ['num BETWEEN nowhere AND num'],
      ['num BETWEEN word AND l[1]'],
      ['word BETWEEN word AND :v', { ':v': s('z') }],
      ['tags = :v', { ':v': { SS: many(40, (i) => `${i}`) } }],
      ['size(l) > :v', { ':v': s('1') }],
      ['tags = :v', { ':v': { SS: ['b', 'a'] } }],
      ['m = :v', { ':v': map({}) }],
      ['num'],
      ['num = :v AND', { ':v': n(5) }],
      ['(num = :v', { ':v': n(5) }],
      ['((num = :v))', { ':v': n(5) }],
      ['((num = :v) AND num = :v)', { ':v': n(5) }],
      ['num == :v', { ':v': n(5) }],
      ['no_such(num)'],
      ['ttl = :v', { ':v': n(5) }],
    ] as [string, Item?][]
  ).map(
    ([condition, of], index): Call => [
      `condition ${index}: ${condition} ${JSON.stringify(of ?? {})}`,
      conditionOn(condition, of),
    ],
  ),
  ...[100, 101].map(
    (operands): Call => [
      `IN of ${operands}`,
      conditionOn(
        `num IN (${many(operands, (i) => `:v${i}`)})`,
        Object.fromEntries(many(operands, (i) => [`:v${i}`, n(i)])),
      ),
    ],
  ),
  ...[150, 151].map(
    (terms): Call => [`a condition of ${terms} comparisons`, conditionOn(many(terms, () => 'c<a').join(' OR '))],
  ),
  ...[100, 101].map(
    (terms): Call => [
      `a condition of ${terms} denied functions`,
      conditionOn(many(terms, () => 'NOT attribute_exists(c)').join(' AND ')),
    ],
  ),
  ...[75, 76, 100, 101, 150, 151].map(
    (terms): Call => [
      `a condition of ${terms} ranges`,
      conditionOn(many(terms, () => 'c BETWEEN a AND b').join(' OR ')),
    ],
  ),
  ['a condition of 4,096 bytes', conditionOn(`attribute_exists(pk)${' '.repeat(4076)}`)],
  ['a condition of 4,097 bytes', conditionOn(`attribute_exists(pk)${' '.repeat(4077)}`)],
  ['a path of 32 levels', conditionOn(`attribute_not_exists(${many(32, () => 'a').join('.')})`)],
  ['a path of 33 levels', conditionOn(`attribute_not_exists(${many(33, () => 'a').join('.')})`)],
  ['a path of 32 levels of lists', conditionOn(`attribute_not_exists(a${'[0]'.repeat(31)})`)],
  ['a path of 33 levels of lists', conditionOn(`attribute_not_exists(a${'[0]'.repeat(32)})`)],
  ['a path of 33 levels in an update', update(U, `SET ${many(33, () => 'a').join('.')} = :one`, one)],
  ['a name of 255 letters', conditionOn('attribute_not_exists(#n)', {}, { '#n': long(255) })],
  ['a name of 256 letters', conditionOn('attribute_not_exists(#n)', {}, { '#n': long(256) })],
  ['a placeholder of 255 letters', conditionOn(`attribute_not_exists(#${long(254)})`, {}, { [`#${long(254)}`]: 'n' })],
  ['a placeholder of 256 letters', conditionOn(`attribute_not_exists(#${long(255)})`, {}, { [`#${long(255)}`]: 'n' })],
  ['a condition denied twice', conditionOn('NOT NOT num = :v', { ':v': n(5) })],
  ['an empty condition', conditionOn('')],
  ['values without an expression', put(key('a', '9'), values({ ':v': n(1) }))],
  ['names without an expression', put(key('a', '9'), { ExpressionAttributeNames: { '#n': 'n' } })],
  ['a value of no type', conditionOn('num = :v', { ':v': {} as AttributeValue })],
  ['a value of two types', conditionOn('num = :v', { ':v': { S: 'x', N: '1' } as unknown as AttributeValue })],
];

const READ = { ':p': s('q') };
const OWNED = { ':o': s('clan') };
const queries: Call[] = [
  ...many(
    6,
    (i): Call => [
      `item ${i} to be found`,
      put({ ...key('q', `s${i}`), v: n(i), colour: s('red'), kin: s('clan'), moment: s(`t${i}`), place: n(i * 10) }),
    ],
  ),
  ['Query of all', query('pk = :p', values(READ))],
  ['Query, value first', query(':p = pk', values(READ))],
  ['Query in brackets', query('(pk = :p) AND (sk > :a)', values({ ...READ, ':a': s('s2') }))],
  ['Query backwards, limited', query('pk = :p', { ...values(READ), ScanIndexForward: false, Limit: 3 })],
  ['Query limited to what is there', query('pk = :p', { ...values(READ), Limit: 6 })],
  ['Query limited to nothing', query('pk = :p', { ...values(READ), Limit: 0 })],
  ['Query counts', query('pk = :p', { ...values(READ), Select: 'COUNT' })],
  [
    'Query counts what passes a filter',
    query('pk = :p', { ...values({ ...READ, ':v': n(3) }), FilterExpression: 'v > :v', Select: 'COUNT' }),
  ],
  ['Query counts with a projection', query('pk = :p', { ...values(READ), Select: 'COUNT', ProjectionExpression: 'v' })],
  [
    'Query of all attributes with a projection',
    query('pk = :p', { ...values(READ), Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'v' }),
  ],
  [
    'Query of chosen attributes with a projection',
    query('pk = :p', { ...values(READ), Select: 'SPECIFIC_ATTRIBUTES', ProjectionExpression: 'v' }),
  ],
  ['Query of chosen attributes without one', query('pk = :p', { ...values(READ), Select: 'SPECIFIC_ATTRIBUTES' })],
  [
    'Query of projected attributes of a table',
    query('pk = :p', { ...values(READ), Select: 'ALL_PROJECTED_ATTRIBUTES' }),
  ],
  ['Query with an unknown Select', query('pk = :p', { ...values(READ), Select: 'SOME' })],
  [
    'Query with both kinds of projection',
    query('pk = :p', { ...values(READ), ProjectionExpression: 'v', AttributesToGet: ['v'] }),
  ],
  ['a projection with a path twice', query('pk = :p', { ...values(READ), ProjectionExpression: 'v, v' })],
  ['a projection that overlaps', query('pk = :p', { ...values(READ), ProjectionExpression: 'v, v.a' })],
  ['a projection of a reserved word', query('pk = :p', { ...values(READ), ProjectionExpression: 'status' })],
  ['a projection of nothing', query('pk = :p', { ...values(READ), ProjectionExpression: '' })],
  ['a filter on the partition key', query('pk = :p', { ...values(READ), FilterExpression: 'pk = :p' })],
  ['a filter on the sort key', query('pk = :p', { ...values(READ), FilterExpression: 'sk = :p' })],
  ['an empty filter', query('pk = :p', { ...values(READ), FilterExpression: '' })],
  ['an empty partition key in a Query', query('pk = :p', values({ ':p': s('') }))],
  ...['sk > :a', 'sk = :a', 'begins_with(sk, :a)', 'sk BETWEEN :a AND :a'].map(
    (condition): Call => [
      `an empty sort key: ${condition}`,
      query(`pk = :p AND ${condition}`, values({ ...READ, ':a': s('') })),
    ],
  ),
  ...(
    [
      ['sk BETWEEN :a AND :b', s('s1'), s('s3')],
      ['sk BETWEEN :a AND :b', s('s3'), s('s1')],
      ['sk BETWEEN :a AND :b', s('s3'), s('s3')],
      ['sk > :a AND sk < :b', s('s1'), s('s3')],
    ] as const
  ).map(
    ([condition, a, b]): Call => [
      `${condition} of ${a.S} and ${b.S}`,
      query(`pk = :p AND ${condition}`, values({ ...READ, ':a': a, ':b': b })),
    ],
  ),
  ...(
    [
      ['begins_with(sk, :a)', s('s')],
      ['begins_with(sk, :a)', n(1)],
      ['begins_with(:a, sk)', s('s')],
      ['sk = :a', n(1)],
      ['sk <> :a', s('s1')],
      ['sk IN (:a)', s('s1')],
      ['contains(sk, :a)', s('s1')],
      ['attribute_exists(sk) AND sk > :a', s('s1')],
      ['size(sk) = :a', n(2)],
      ['sk.a = :a', s('s1')],
      ['v = :a', n(1)],
      ['NOT sk = :a', s('s1')],
      ['sk > pk AND sk > :a', s('s1')],
    ] as const
  ).map(
    ([condition, a]): Call => [
      `key condition ${condition} of ${JSON.stringify(a)}`,
      query(`pk = :p AND ${condition}`, values({ ...READ, ':a': a })),
    ],
  ),
  ['a key condition OR', query('pk = :p OR sk = :a', values({ ...READ, ':a': s('s1') }))],
  ['a range of partition keys', query('pk > :p', values(READ))],
  ['no partition key', query('sk = :a', values({ ':a': s('s1') }))],
  ['a key condition too long for a key', query('pk = :p AND sk > :a', values({ ...READ, ':a': s('s'.repeat(1025)) }))],
  ['a partition key too long for one', query('pk = :p', values({ ':p': s('p'.repeat(2049)) }))],
  ['an index of keys', query('kin = :o', { ...values(OWNED), IndexName: 'by-kin' })],
  [
    'an index of keys, all that is projected',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-kin', Select: 'ALL_PROJECTED_ATTRIBUTES' }),
  ],
  [
    'an index of keys, all attributes',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-kin', Select: 'ALL_ATTRIBUTES' }),
  ],
  [
    'an index of keys, read consistently',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-kin', ConsistentRead: true }),
  ],
  [
    'an index of keys, projected to another attribute',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-kin', ProjectionExpression: 'v' }),
  ],
  [
    'an index of keys, projected to keys',
    query('kin = :o', {
      ...values(OWNED),
      IndexName: 'by-kin',
      ProjectionExpression: 'pk, #a',
      ExpressionAttributeNames: { '#a': 'moment' },
    }),
  ],
  [
    'an index of keys, filtered by another attribute',
    query('kin = :o', { ...values({ ...OWNED, ':v': n(1) }), IndexName: 'by-kin', FilterExpression: 'v > :v' }),
  ],
  [
    'an index of keys, filtered by two others',
    query('kin = :o', {
      ...values({ ...OWNED, ':v': n(1) }),
      IndexName: 'by-kin',
      FilterExpression: 'v > :v OR attribute_exists(colour)',
    }),
  ],
  [
    'an index of keys, filtered by the table’s key',
    query('kin = :o', { ...values({ ...OWNED, ':v': s('s2') }), IndexName: 'by-kin', FilterExpression: 'sk > :v' }),
  ],
  [
    'an index of keys, filtered by its own',
    query('kin = :o', {
      ...values({ ...OWNED, ':v': s('t2') }),
      IndexName: 'by-kin',
      FilterExpression: '#a > :v',
      ExpressionAttributeNames: { '#a': 'moment' },
    }),
  ],
  [
    'an index that includes, filtered by it',
    query('kin = :o', {
      ...values({ ...OWNED, ':v': s('red') }),
      IndexName: 'by-sort-key',
      FilterExpression: 'colour = :v',
    }),
  ],
  [
    'an index that includes, projected to it',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-sort-key', ProjectionExpression: 'colour, sk' }),
  ],
  [
    'an index that includes, projected to another',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-sort-key', ProjectionExpression: 'colour, v' }),
  ],
  [
    'an index of all by number',
    query('kin = :o AND #r BETWEEN :a AND :b', {
      ...values({ ...OWNED, ':a': n(9), ':b': n(30) }),
      IndexName: 'by-place',
      ExpressionAttributeNames: { '#r': 'place' },
    }),
  ],
  [
    'begins_with on a number',
    query('kin = :o AND begins_with(#r, :a)', {
      ...values({ ...OWNED, ':a': n(1) }),
      IndexName: 'by-place',
      ExpressionAttributeNames: { '#r': 'place' },
    }),
  ],
  ['an index that is not', query('kin = :o', { ...values(OWNED), IndexName: 'by-nothing' })],
  ['a start', query('pk = :p', { ...values(READ), ExclusiveStartKey: key('q', 's2') })],
  ['a start that is not there', query('pk = :p', { ...values(READ), ExclusiveStartKey: key('q', 's2x') })],
  ['a start elsewhere', query('pk = :p', { ...values(READ), ExclusiveStartKey: key('r', 's2') })],
  ['half a start', query('pk = :p', { ...values(READ), ExclusiveStartKey: { pk: s('q') } })],
  ['a start of another type', query('pk = :p', { ...values(READ), ExclusiveStartKey: { pk: s('q'), sk: n(1) } })],
  [
    'a start with more than a key',
    query('pk = :p', { ...values(READ), ExclusiveStartKey: { ...key('q', 's1'), v: n(1) } }),
  ],
  [
    'a start before the range',
    query('pk = :p AND sk > :a', { ...values({ ...READ, ':a': s('s3') }), ExclusiveStartKey: key('q', 's1') }),
  ],
  [
    'a start in an index',
    query('kin = :o', {
      ...values(OWNED),
      IndexName: 'by-kin',
      ExclusiveStartKey: { ...key('q', 's2'), kin: s('clan'), moment: s('t2') },
    }),
  ],
  [
    'a start in an index without its key',
    query('kin = :o', { ...values(OWNED), IndexName: 'by-kin', ExclusiveStartKey: key('q', 's2') }),
  ],
  ['no key condition', new QueryCommand({ TableName })],
  [
    'a table that is not',
    new QueryCommand({ TableName: 'nowhere', KeyConditionExpression: 'pk = :p', ...values(READ) }),
  ],
  ['a table name too short', new GetItemCommand({ TableName: 'ab', Key: key('q', 's1') })],
  ['Scan counts with a projection', scan({ Select: 'COUNT', ProjectionExpression: 'v' })],
  [
    'Scan of an index of keys, filtered by another attribute',
    scan({ IndexName: 'by-kin', FilterExpression: 'attribute_exists(v)' }),
  ],
  [
    'Scan of an index of keys, projected to another attribute',
    scan({ IndexName: 'by-kin', ProjectionExpression: 'v' }),
  ],
  ['Scan of an index that is not', scan({ IndexName: 'by-nothing' })],
  ['Scan limited to nothing', scan({ Limit: 0 })],
  ['Scan of a segment without a total', scan({ Segment: 0 })],
  ['Scan of a segment beyond the total', scan({ Segment: 2, TotalSegments: 2 })],
  ['Scan of an index, consistently', scan({ IndexName: 'by-kin', ConsistentRead: true })],
  ['Get', get(key('q', 's1'))],
  ['Get of attributes', get(key('q', 's1'), { ProjectionExpression: 'v, colour, nowhere' })],
  ['Get of nothing', get(key('q', 'nothing'))],
  ['Get by half a key', get({ pk: s('q') })],
  ['Get by more than a key', get({ ...key('q', 's1'), v: n(1) })],
  ['Get by an empty key', get(key('', 's1'))],
  ['Get by a key too long', get(key('q', 's'.repeat(1025)))],
];

const batches: Call[] = [
  [
    'a batch of reads',
    readAll([key('q', 's1'), key('q', 'nothing')], { ProjectionExpression: 'sk, v', ConsistentRead: true }),
  ],
  ['a batch of 100 reads', readAll(many(100, (i) => key('none', `${i}`)))],
  ['a batch of 101 reads', readAll(many(101, (i) => key('none', `${i}`)))],
  ['a batch of no reads', readAll([])],
  ['a batch of nothing to read', new BatchGetItemCommand({ RequestItems: {} })],
  ['a batch that reads twice', readAll([key('q', 's1'), key('q', 's1')])],
  ['a batch of half a key', readAll([{ pk: s('q') }])],
  ['a batch of an empty key', readAll([key('q', '')])],
  ['a batch of 25 writes', writeAll(many(25, (i) => putRequest(key('w', `${i}`))))],
  ['a batch of 26 writes', writeAll(many(26, (i) => putRequest(key('w', `${i}`))))],
  ['a batch of no writes', writeAll([])],
  ['a batch of nothing to write', new BatchWriteItemCommand({ RequestItems: {} })],
  ['a batch that writes twice', writeAll([putRequest(key('w', '1')), putRequest({ ...key('w', '1'), v: n(1) })])],
  [
    'a batch that writes and deletes one',
    writeAll([putRequest(key('w', '1')), { DeleteRequest: { Key: key('w', '1') } }]),
  ],
  ['a batch of a request of neither kind', writeAll([{}])],
  [
    'a batch of a request of both kinds',
    writeAll([{ ...putRequest(key('w', '1')), DeleteRequest: { Key: key('w', '2') } }]),
  ],
  ['a batch with an empty index key', writeAll([putRequest({ ...key('w', '1'), kin: s('') })])],
  [
    'a batch with an index key too long',
    writeAll([putRequest({ ...key('w', '1'), kin: s('o'.repeat(2049)), moment: s('1') })]),
  ],
  ['a batch with an empty key', writeAll([putRequest(key('', '1'))])],
  ['a batch with an item too large', writeAll([putRequest({ ...key('w', '1'), v: s('x'.repeat(409_600)) })])],
  ['a batch with an item too deep', writeAll([putRequest({ ...key('w', '1'), v: within(33) })])],
  [
    'a batch on a table that is not',
    new BatchWriteItemCommand({ RequestItems: { nowhere: [putRequest(key('w', '1'))] } }),
  ],
];

const deletes: Call[] = [
  ['Delete, answered with what was there', remove(key('q', 's0'), { ReturnValues: 'ALL_OLD' })],
  ['Delete of nothing, answered with what was there', remove(key('q', 's0'), { ReturnValues: 'ALL_OLD' })],
  ...['ALL_NEW', 'UPDATED_NEW', 'UPDATED_OLD', 'SOME'].map(
    (ReturnValues): Call => [`Delete, answered with ${ReturnValues}`, remove(key('q', 's1'), { ReturnValues })],
  ),
  ['Delete under a failing condition', remove(key('q', 's1'), NEVER)],
  ['Delete under a failing condition and what it met', remove(key('q', 's1'), { ...NEVER, ...ALL_OLD })],
  ['Delete of nothing under a failing condition', remove(key('q', 'no'), { ...NEVER, ...ALL_OLD })],
  ['Delete by half a key', remove({ pk: s('q') })],
  ['Delete by an empty key', remove(key('q', ''))],
];

export const CALLS: readonly Call[] = [
  ...puts,
  ...numbers,
  ...updates,
  ...conditions,
  ...queries,
  ...batches,
  ...deletes,
];
