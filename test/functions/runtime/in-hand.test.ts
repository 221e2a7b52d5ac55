import { handleAll, inHand } from '../../../functions/runtime/in-hand.js';

test('a message is in hand before the first is handled, and until it is handled, however that ends', async () => {
  const seen: number[] = [];
  const ends: (() => void)[] = [];
  const handle = async (message: string) => {
    seen.push(inHand());
    await new Promise<void>((resolve) => ends.push(resolve));
    if (message === 'fails') throw new Error('fails');
  };
  const results = handleAll(['a', 'fails', 'c'], handle);
  for (const end of ends) {
    end();
    await new Promise(setImmediate);
    seen.push(inHand());
  }
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual([3, 3, 3, 2, 1, 0]);
});
