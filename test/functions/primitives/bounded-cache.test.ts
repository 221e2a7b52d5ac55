import { BoundedCache } from '../../../functions/primitives/bounded-cache.js';

it('replaces the least recently used value when it is full', () => {
  const cache = new BoundedCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  cache.set('c', 4);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 4]);
});

it('gives a value back until its lifetime is over; use does not extend the lifetime', () => {
  let now = 0;
  const cache = new BoundedCache<string>(2, { ms: 1_000, now: () => now });
  cache.set('key', 'value');
  now = 999;
  expect(cache.get('key')).toBe('value');
  now = 1_000;
  expect(cache.get('key')).toBeUndefined();
});

it('removes a value only while the key still has it', () => {
  const cache = new BoundedCache<string>(2);
  cache.set('key', 'new');
  cache.remove('key', 'old');
  expect(cache.get('key')).toBe('new');
  cache.remove('key', 'new');
  expect(cache.get('key')).toBeUndefined();
});
