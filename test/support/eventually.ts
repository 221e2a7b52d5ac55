import { setTimeout as sleep } from 'node:timers/promises';

/** A look at the API takes ten milliseconds of a processor, so the pauses between looks grow with the time waited. */
const pauseAfter = (waitedMs: number): number => Math.min(400, Math.max(40, waitedMs / 5));

/** Looks until `look` answers something other than undefined or false; throws, saying `what`, after `patienceMs`. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  patienceMs = 25_000,
  pollMs?: number,
): Promise<Found> {
  const start = Date.now();
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    const waited = Date.now() - start;
    if (waited > patienceMs) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await sleep(pollMs ?? pauseAfter(waited));
  }
}
