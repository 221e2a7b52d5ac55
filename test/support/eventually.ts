import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until `look` answers something other than undefined or false; throws, saying `what`, after `patienceMs`. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  patienceMs = 25_000,
  pollMs = 40,
): Promise<Found> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await sleep(pollMs);
  }
}
