import type { Clock } from './clock.js';

const FIRST_LOOK_MS = 100;
const LONGEST_PAUSE_MS = 500;

/**
 * Looks again and again until something is seen, for `waitMs` at most. The first look comes after a pause. Each pause is
 * twice as long as the pause before, up to `longestMs`.
 */
export async function lookAgain(
  clock: Pick<Clock, 'now' | 'sleep'>,
  waitMs: number,
  isSeen: () => Promise<boolean>,
  longestMs = LONGEST_PAUSE_MS,
): Promise<void> {
  const until = clock.now() + waitMs; // looks take time, too
  for (let waited = 0, pause = FIRST_LOOK_MS; waited < waitMs && clock.now() < until; ) {
    await clock.sleep(Math.min(pause, waitMs - waited, until - clock.now()));
    if (await isSeen()) return;
    waited += pause;
    pause = Math.min(2 * pause, longestMs);
  }
}
