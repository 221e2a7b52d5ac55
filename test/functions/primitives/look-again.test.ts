import { lookAgain } from '../../../functions/primitives/look-again.js';

/** The pauses of a wait in which a look takes `lookMs`; the look with this number sees what is waited for. */
async function pauses(waitMs: number, lookMs: number, seenAt = Number.POSITIVE_INFINITY): Promise<number[]> {
  const slept: number[] = [];
  let now = 1_000;
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      slept.push(ms);
      now += ms;
    },
  };
  await lookAgain(clock, waitMs, async () => {
    now += lookMs;
    return slept.length >= seenAt;
  });
  return slept;
}

test('pauses grow up to half a second, and end with the wait', async () => {
  expect(await pauses(2_000, 0)).toEqual([100, 200, 400, 500, 500, 300]);
});

test('the time of the looks counts', async () => {
  expect(await pauses(1_000, 250)).toEqual([100, 200, 200]);
});

test('what is seen ends the wait', async () => {
  expect(await pauses(2_000, 0, 2)).toEqual([100, 200]);
});
