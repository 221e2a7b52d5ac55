import { hexOf, isId, makeId, pickBy, shardOf, siblingId, timeOf, uuidOf } from '../../../functions/primitives/ids.js';

const AT = 1_800_000_000_123;
const id = makeId('run', AT, Buffer.alloc(9, 0xff), 0xabc);

test('an id has its moment, its shard and its random digits', () => {
  expect(id).toBe('run_01a3185c507b7abcbfffffffffffffff');
  expect([timeOf(id), shardOf(id)]).toEqual([AT, 0xabc]);
  expect(uuidOf(id)).toBe('01a3185c-507b-7abc-bfff-ffffffffffff');
  expect(siblingId('dl', id)).toBe(`dl_${hexOf(id)}`);
});

test.each([0, 0xfff])('shard %d fits', (shard) =>
  expect(shardOf(makeId('run', AT, Buffer.alloc(8), shard))).toBe(shard),
);

test.each([-1, 0x1000])('shard %d does not fit', (shard) =>
  expect(() => makeId('run', AT, Buffer.alloc(8), shard)).toThrow(RangeError),
);

test.each([
  [id, true],
  [siblingId('dl', id), false],
  [`run-${hexOf(id)}`, false],
  [hexOf(id), false],
  [`x${id}`, false],
  [`${id}0`, false],
  [id.toUpperCase(), false],
  [id.replace('7abc', '4abc'), false],
])('%s is an id of a run: %p', (value, is) => expect(isId('run', value)).toBe(is));

test('a number by an id is the same each time, and below the count', () => {
  expect(pickBy(id, 7)).toBe(0xffffffff % 7);
  expect(pickBy(id, 7)).toBeLessThan(7);
});
