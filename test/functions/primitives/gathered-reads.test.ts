import { setTimeout as sleep } from 'node:timers/promises';
import { gatheredReads } from '../../../functions/primitives/batcher.js';

test('who asks together shares one read, which begins after all have asked', async () => {
  let value = 'before';
  let reads = 0;
  const read = async () => {
    reads++;
    return value;
  };
  const gathered = gatheredReads();
  const asked = [gathered('a', read), gathered('a', read), gathered('b', read)];
  value = 'after';
  expect(await Promise.all(asked)).toEqual(['after', 'after', 'after']);
  expect(reads).toBe(2);
});

test('who comes when the read is under way gets one of its own', async () => {
  const gathered = gatheredReads();
  let answer = (_: string) => {};
  const first = gathered('a', () => new Promise((resolve) => (answer = resolve)));
  await sleep(20);
  expect(await gathered('a', async () => 'later')).toBe('later');
  answer('earlier');
  expect(await first).toBe('earlier');
});

test('a failure fails all who shared it, and is not remembered', async () => {
  const gathered = gatheredReads();
  const fail = () => Promise.reject(new Error('throttled'));
  const both = await Promise.allSettled([gathered('a', fail), gathered('a', fail)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gathered('a', async () => 'there')).toBe('there');
});
