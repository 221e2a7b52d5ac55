import type { Clock } from './ports.js';

/** What a token speaks of is written right after it was sent: it is usually there a moment later. */
const LOOK_AGAIN_MS = [20, 80, 200];

/** Looks; while there is nothing, looks again for a moment. */
export async function lookAgain<Found>(
  clock: Pick<Clock, 'sleep'>,
  look: () => Promise<Found>,
  isThere: (found: Found) => boolean,
): Promise<Found> {
  let found = await look();
  for (const pause of LOOK_AGAIN_MS) {
    if (isThere(found)) break;
    await clock.sleep(pause);
    found = await look();
  }
  return found;
}
