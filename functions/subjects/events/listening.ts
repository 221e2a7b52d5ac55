import { isOurs } from '../../fields/event-names.js';
import type { Clock } from '../../primitives/clock.js';
import type { Endpoint } from '../endpoints/endpoint.js';

/** How long a worker caches that no endpoint listens for a job notification: the cache saves a delivery two reads. */
export const UNHEARD_MS = 5_000;
/** The clocks of two machines do not run at exactly the same speed. */
const MARGIN_MS = 250;

/**
 * Returns when no worker caches any more that no endpoint listens for these filters: from then on the endpoint misses
 * no notification. To be called after the endpoint is written, and before the answer.
 * @param filters the filters that a request sets
 * @param before the endpoint before the change; absent for a new endpoint
 */
export async function untilHeard(
  clock: Clock,
  filters: readonly string[] | null | undefined,
  before?: Pick<Endpoint, 'event_filters' | 'updated_at'>,
): Promise<void> {
  // Filters that another request has set just now may not be answered yet.
  const isSettled = before !== undefined && before.updated_at + UNHEARD_MS + MARGIN_MS <= clock.now();
  const heard = (isSettled && before.event_filters) || [];
  if (filters?.some((filter) => isOurs(filter) && !heard.includes(filter))) await clock.sleep(UNHEARD_MS + MARGIN_MS);
}
