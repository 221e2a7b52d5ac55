import type { Clock } from './clock.js';

/** A token is sent before its row is written, so the row is usually there a moment later. */
const PAUSES_MS = [20, 80, 200];

/** Reads, and repeats the read after short pauses while the value is not there. */
export async function retryRead<Found>(
  clock: Pick<Clock, 'sleep'>,
  look: () => Promise<Found>,
  isThere: (found: Found) => boolean,
): Promise<Found> {
  let found = await look();
  for (const pause of PAUSES_MS) {
    if (isThere(found)) break;
    await clock.sleep(pause);
    found = await look();
  }
  return found;
}
