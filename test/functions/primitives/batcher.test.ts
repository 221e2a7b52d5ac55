import { setTimeout as sleep } from 'node:timers/promises';
import { createBatcher } from '../../../functions/primitives/batcher.js';

const GATHER_MS = 20;

function gathering(expected?: () => number) {
  const sent: (readonly number[])[] = [];
  const give = createBatcher(
    GATHER_MS,
    async (items: readonly number[]) => {
      sent.push(items);
      return items.map((item) =>
        item < 0
          ? ({ status: 'rejected', reason: new Error(`no ${item}`) } as const)
          : ({ status: 'fulfilled', value: item * 2 } as const),
      );
    },
    expected,
  );
  return { sent, give };
}

test('what comes one shortly after the other travels together, and each gets its own answer', async () => {
  const { sent, give } = gathering();
  const answers: Promise<number>[] = [];
  for (const item of [1, 2, 3, 4, 5]) {
    answers.push(give(item));
    await sleep(GATHER_MS / 4);
  }
  expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10]);
  expect(sent).toEqual([[1, 2, 3, 4, 5]]);
});

test('ten at most are one batch, and what comes alone is not kept waiting for others', async () => {
  const { sent, give } = gathering();
  await Promise.all(Array.from({ length: 23 }, (_, item) => give(item)));
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 3]);
  await give(1);
  await give(2);
  expect(sent.slice(3)).toEqual([[1], [2]]);
});

test('a batch that has all that is expected does not wait, and one that has not waits as usual', async () => {
  let expected = 3;
  const { sent, give } = gathering(() => expected);
  const began = performance.now();
  await Promise.all([give(1), give(2), give(3)]);
  expect(performance.now() - began).toBeLessThan(GATHER_MS);
  await Promise.all([give(4), give(5)]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(GATHER_MS);
  expected = 1;
  await Promise.all([give(6), give(7)]);
  await Promise.all(Array.from({ length: 12 }, (_, item) => give(item)));
  expect(sent.map(({ length }) => length)).toEqual([3, 2, 2, 10, 2]);
});

test('one that is refused fails alone; a call that fails, with all of its batch', async () => {
  const { give } = gathering();
  const settled = await Promise.allSettled([give(1), give(-1), give(3)]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const failing = createBatcher<number, number>(GATHER_MS, async () => {
    throw new Error('throttled');
  });
  for (const { status } of await Promise.allSettled([failing(1), failing(2)])) expect(status).toBe('rejected');
});
