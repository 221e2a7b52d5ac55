import { isOurs } from '../../fields/event-names.js';
import type { Clock } from '../../primitives/clock.js';
import type { Endpoint } from '../endpoints/endpoint.js';

/** A worker may remember for so long that no endpoint listens for a job notification: a delivery costs two reads more without. */
export const UNHEARD_MS = 5_000;
/** Two machines' clocks do not run at exactly the same speed. */
const MARGIN_MS = 250;

/**
 * Returns when no worker remembers any more that no endpoint listens for these filters: from then on the endpoint misses
 * nothing. To be called after the endpoint was written, and before that is acknowledged.
 * @param filters what a request has asked for
 * @param before the endpoint as it was until then; none for a new one
 */
export async function untilHeard(
  clock: Clock,
  filters: readonly string[] | null | undefined,
  before?: Pick<Endpoint, 'event_filters' | 'updated_at'>,
): Promise<void> {
  // What was asked for just now, by another request, may not be acknowledged yet.
  const isSettled = before !== undefined && before.updated_at + UNHEARD_MS + MARGIN_MS <= clock.now();
  const heard = (isSettled && before.event_filters) || [];
  if (filters?.some((filter) => isOurs(filter) && !heard.includes(filter))) await clock.sleep(UNHEARD_MS + MARGIN_MS);
}
