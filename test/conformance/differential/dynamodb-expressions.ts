import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

/** An expression and its values by placeholder. */
export interface Expression {
  readonly text: string;
  readonly values: Record<string, AttributeValue>;
}

const VALUES: Record<string, AttributeValue> = {
  ':one': { N: '1' },
  ':many': { N: '12' },
  ':text': { S: 'b' },
  ':empty': { S: '' },
  ':list': { L: [{ N: '1' }, { S: 'b' }] },
  ':map': { M: { a: { N: '1' } } },
  ':texts': { SS: ['a', 'b'] },
  ':numbers': { NS: ['1', '2'] },
  ':null': { NULL: true },
  ':yes': { BOOL: true },
};

const PATHS = 'n t s l m x l[0] l[1] l[2] l[7] m.a m.b m.l m.l[0] m.l[1] m.l[3] m.x x.y l[1].a'.split(' ');

const value = fc.constantFrom(...Object.values(VALUES));

/** An item's attributes, beside its key: those that the expressions name, or some of them. */
export const attributes = fc.record(
  {
    n: fc.constantFrom({ N: '1' }, { N: '-2' }, { S: 'no number' }),
    t: fc.constantFrom({ S: 'abc' }, { S: '' }),
    s: fc.constantFrom({ SS: ['a'] }, { SS: ['b', 'a'] }, { NS: ['2', '3'] }),
    l: fc.array(value, { maxLength: 4 }).map((L) => ({ L })),
    m: fc.record({ a: value, b: value, l: fc.array(value, { maxLength: 4 }).map((L) => ({ L })) }).map((M) => ({ M })),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, AttributeValue>>;

const path = fc.constantFrom(...PATHS);
const placeholder = fc.constantFrom(...Object.keys(VALUES));
const operand = fc.oneof({ weight: 2, arbitrary: placeholder }, { weight: 1, arbitrary: path });
const call = (name: string, ...args: fc.Arbitrary<string>[]) =>
  fc.tuple(...args).map((texts) => `${name}(${texts.join(', ')})`);

const assigned = fc.oneof(
  { weight: 4, arbitrary: operand },
  call('if_not_exists', path, placeholder),
  call('list_append', operand, operand),
  fc.tuple(operand, fc.constantFrom('+', '-'), operand).map((parts) => parts.join(' ')),
);

const clause = (name: string, part: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(part, { maxLength }).map((parts) => (parts.length > 0 ? `${name} ${parts.join(', ')}` : ''));

/** Update expressions, of which about half are in order. */
export const updates: fc.Arbitrary<Expression> = fc
  .tuple(
    clause(
      'SET',
      fc.tuple(path, assigned).map((parts) => parts.join(' = ')),
      2,
    ),
    clause('REMOVE', path, 3),
    clause(
      'ADD',
      fc.tuple(path, fc.constantFrom(':one', ':many', ':texts', ':numbers')).map((parts) => parts.join(' ')),
      1,
    ),
    clause(
      'DELETE',
      fc.tuple(path, fc.constantFrom(':texts', ':numbers')).map((parts) => parts.join(' ')),
      1,
    ),
  )
  .map((clauses) => withValues(clauses.filter(Boolean).join(' ')))
  .filter(({ text }) => text !== '');

const comparison = fc
  .tuple(operand, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), operand)
  .map((parts) => parts.join(' '));

/** Conditions, of which about half are in order. */
export const conditions: fc.Arbitrary<Expression> = fc
  .letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      comparison,
      comparison,
      call('attribute_exists', path),
      call('begins_with', path, placeholder),
      call('contains', path, operand),
      fc.tuple(call('size', path), fc.constantFrom('= :one', '> :one', '< :many')).map((parts) => parts.join(' ')),
      fc
        .tuple(operand, fc.array(operand, { minLength: 1, maxLength: 3 }))
        .map(([one, of]) => `${one} IN (${of.join()})`),
      fc.tuple(path, operand, operand).map(([one, low, high]) => `${one} BETWEEN ${low} AND ${high}`),
      tie('condition').map((inner) => `NOT (${inner})`),
      tie('condition').map((inner) => `(${inner})`),
      fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map((parts) => parts.join(' ')),
    ),
  }))
  .condition.map(withValues);

function withValues(text: string): Expression {
  const used = Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  return { text, values: Object.fromEntries(used) };
}

/** A Query's parameters beside its table. */
export interface RandomQuery {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ScanIndexForward: boolean;
  readonly Limit?: number;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
}

const s = (S: string): AttributeValue => ({ S });
const n = (N: string): AttributeValue => ({ N });
const many = <Value>(count: number, of: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => of(index));

/** Each index (or none), its keys, and values to look for in the second. */
const READ_BY = [
  { keys: ['pk', 'sk'], of: s('read'), at: ['a', 'b', 'b0', 'c', 'é', '🚀', 'zz'].map(s) },
  { IndexName: 'by-kin', keys: ['kin', 'moment'], of: s('clan'), at: ['1', '10', '2', '~'].map(s) },
  { IndexName: 'by-place', keys: ['kin', 'place'], of: s('clan'), at: ['-1', '0', '0.5', '2', '10', '1e20'].map(n) },
] as const;

/** Items that the queries find some of; no two have the same key in an index, among which the order would be open. */
export const READABLE: readonly Record<string, AttributeValue>[] = READ_BY[0].at.flatMap((sk, i) =>
  many(6, (j) => {
    const unique = i * 6 + j;
    const place = [`${unique}`, `-${unique}`, `${unique}.5`, `${unique}e3`][unique % 4]!;
    return {
      pk: s('read'),
      sk: s(`${sk.S}${'x'.repeat(j % 3)}${j}`),
      v: n(`${(i * j) % 5}`),
      ...(unique % 3 > 0 && { kin: s('clan') }),
      ...(unique % 5 > 0 && { moment: s(`${READ_BY[1].at[unique % 4]!.S}-${unique}`), place: n(place) }),
    };
  }),
);

export const queries: fc.Arbitrary<RandomQuery> = fc
  .record({
    by: fc.constantFrom(...READ_BY),
    how: fc.constantFrom('', '=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with'),
    bounds: fc.tuple(fc.nat(), fc.nat()),
    filter: fc.constantFrom('', 'attribute_exists(sk) OR pk = :of', 'v > :v', 'attribute_not_exists(v)', 'v IN (:v)'),
    forward: fc.boolean(),
    Limit: fc.constantFrom(undefined, 1, 2, 5, 41, 42, 43),
  })
  .map(({ by, how, bounds, filter, forward, Limit }) => {
    const [hash, range] = by.keys;
    const [low, high] = bounds.map((bound) => by.at[bound % by.at.length]!);
    const conditions: Record<string, string> = {
      '': '',
      BETWEEN: ` AND ${range} BETWEEN :low AND :high`,
      begins_with: ` AND begins_with(${range}, :low)`,
    };
    const KeyConditionExpression = `${hash} = :of${conditions[how] ?? ` AND ${range} ${how} :low`}`;
    const named = { ':of': by.of, ':low': low!, ':high': high!, ':v': n('2') };
    const used = Object.entries(named).filter(([name]) => `${KeyConditionExpression} ${filter} `.match(`${name}\\b`));
    return {
      ...('IndexName' in by && { IndexName: by.IndexName }),
      KeyConditionExpression,
      ...(filter !== '' && { FilterExpression: filter }),
      ScanIndexForward: forward,
      ...(Limit !== undefined && { Limit }),
      ExpressionAttributeValues: Object.fromEntries(used),
    };
  });
