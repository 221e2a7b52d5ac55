import {
  refusedWriteUnits,
  shapeOf,
  storedBytes,
  type TableShape,
  writeUnits,
} from '../../../../local/bench/costs/capacity.js';

const index = (name: string, attribute: string, Projection: object) => ({
  IndexName: name,
  KeySchema: [
    { AttributeName: attribute, KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
  Projection,
});

const KeySchema = [
  { AttributeName: 'pk', KeyType: 'HASH' as const },
  { AttributeName: 'sk', KeyType: 'RANGE' as const },
];

const shape = (...indexes: ReturnType<typeof index>[]): TableShape =>
  shapeOf({ KeySchema, GlobalSecondaryIndexes: indexes });

const KEYS_ONLY = { ProjectionType: 'KEYS_ONLY' as const };
const sparse = shape(index('g1', 'g1', KEYS_ONLY), index('g2', 'g2', KEYS_ONLY));

const item = (more: Record<string, { S: string } | { N: string }> = {}) => ({
  pk: { S: 'p' },
  sk: { S: 's' },
  ...more,
});
const bytes = (count: number) => ({ S: 'x'.repeat(count) });

test('a write takes a unit for each started KB of the larger of before and after', () => {
  expect(writeUnits(shape(), undefined, item())).toBe(1);
  const names = 'pkpsksdata'.length;
  expect(writeUnits(shape(), undefined, item({ data: bytes(1024 - names) }))).toBe(1);
  expect(writeUnits(shape(), undefined, item({ data: bytes(1025 - names) }))).toBe(2);
  expect(writeUnits(shape(), item({ data: bytes(3000) }), item())).toBe(3);
  expect(writeUnits(shape(), item({ data: bytes(3000) }), undefined)).toBe(3);
});

test('what deletes nothing takes a unit, and so does what a condition refused, by the item that is there', () => {
  expect(writeUnits(sparse, undefined, undefined)).toBe(1);
  expect(refusedWriteUnits(undefined)).toBe(1);
  expect(refusedWriteUnits(item({ data: bytes(1500) }))).toBe(2);
});

test('an index is charged only where its key is there', () => {
  expect(writeUnits(sparse, undefined, item({ g1: { S: 'e' } }))).toBe(2);
  expect(writeUnits(sparse, undefined, item({ g1: { S: 'e' }, g2: { S: 'w' } }))).toBe(3);
  expect(writeUnits(sparse, item({ g2: { S: 'w' } }), item())).toBe(2);
});

test('an index of keys is not charged for a change of anything else, and twice for another key', () => {
  const before = item({ g2: { S: 'w' }, data: bytes(10) });
  expect(writeUnits(sparse, before, item({ g2: { S: 'w' }, data: bytes(20) }))).toBe(1);
  expect(writeUnits(sparse, before, item({ g2: { S: 'x' }, data: bytes(10) }))).toBe(3);
});

test('an index is charged for what is projected into it, and its size', () => {
  const all = shape(index('g1', 'g1', { ProjectionType: 'ALL' }));
  const some = shape(index('g1', 'g1', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] }));
  const at = (status: string, size: number) => item({ g1: { S: 'e' }, status: { S: status }, data: bytes(size) });
  expect(writeUnits(all, undefined, at('a', 1500))).toBe(4);
  expect(writeUnits(all, at('a', 1500), at('a', 1501))).toBe(4);
  expect(writeUnits(some, undefined, at('a', 1500))).toBe(3);
  expect(writeUnits(some, at('a', 1500), at('a', 1501))).toBe(2);
  expect(writeUnits(some, at('a', 1500), at('b', 1500))).toBe(3);
});

test('an item and each of its index entries are stored with a hundred bytes more', () => {
  expect(storedBytes(sparse, undefined)).toBe(0);
  expect(storedBytes(sparse, item())).toBe('pkpsks'.length + 100);
  expect(storedBytes(sparse, item({ g1: { S: 'e' }, d: { S: '1' } }))).toBe(
    'pkpsksg1ed1'.length + 100 + 'pkpsksg1e'.length + 100,
  );
});
