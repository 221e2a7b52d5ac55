import { retryRead } from '../../../functions/primitives/retry-read.js';

/** A row that is there from the `th` read on. */
function thereAt(th: number) {
  let reads = 0;
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  const found = retryRead(
    { sleep },
    async () => ++reads,
    (read) => read >= th,
  );
  return found.then((read) => ({ read, pauses }));
}

test.each([
  [1, 1, []],
  [2, 2, [20]],
  [4, 4, [20, 80, 200]],
  [5, 4, [20, 80, 200]],
])('a row that is there at read %d: the answer of read %d, after pauses of %j ms', async (th, read, pauses) => {
  expect(await thereAt(th)).toEqual({ read, pauses });
});
