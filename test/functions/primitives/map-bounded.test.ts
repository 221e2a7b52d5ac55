import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../../functions/primitives/map-bounded.js';

it('has at most so many items at work, and answers in the order of the items', async () => {
  let [atWork, most] = [0, 0];
  const results = await mapBounded([30, 1, 20, 2, 10], 2, async (ms, index) => {
    most = Math.max(most, ++atWork);
    await sleep(ms);
    atWork -= 1;
    return `${index}: ${ms}`;
  });
  expect(results).toEqual(['0: 30', '1: 1', '2: 20', '3: 2', '4: 10']);
  expect(most).toBe(2);
});

it('begins no further item after a failure', async () => {
  const begun: number[] = [];
  const work = async (n: number) => {
    begun.push(n);
    if (n === 1) throw new Error('refused');
    await sleep(5);
  };
  await expect(mapBounded([0, 1, 2, 3], 2, work)).rejects.toThrow('refused');
  await sleep(10);
  expect(begun).toEqual([0, 1]);
});
