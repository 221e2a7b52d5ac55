import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../api-client.js';
import type { CallCounter } from './call-counter.js';
import { untilArrived } from './load.js';

export interface FanOutResult {
  readonly endpoints: number;
  /** From the event's publication until each endpoint had its run; others are delivered meanwhile. */
  readonly fannedOutMs: number;
  readonly deliveredMs: number;
  /** From the event's publication until all were delivered. */
  readonly calls: CallCounter;
}

const NAME = 'bench.load';
const CREATED_AT_ONCE = 20;
const POLL_MS = 50;

/** Publishes one event to `endpoints` endpoints at `url`, and waits until all have got it. */
export async function measureFanOut(
  api: ApiClient,
  url: string,
  endpoints: number,
  calls: CallCounter,
): Promise<FanOutResult> {
  for (let made = 0; made < endpoints; made += CREATED_AT_ONCE) {
    const creations = Array.from({ length: Math.min(CREATED_AT_ONCE, endpoints - made) }, (_, index) =>
      api.request('POST', '/v1/endpoints', { name: `bench ${made + index}`, url, event_filters: [NAME] }),
    );
    await Promise.all(creations);
  }
  calls.start();
  const start = Date.now();
  const { id } = await api.request<{ id: string }>('POST', '/v1/events', { event_name: NAME, payload: { n: 1 } });
  // The newest alone: to show an event with all its runs costs more than to make them.
  const isFannedOut = async () => {
    const list = await api.request<{ data: { id: string; status: string }[] }>('GET', '/v1/events?page_size=1');
    return list.data.some((event) => event.id === id && event.status === 'completed');
  };
  while (!(await isFannedOut())) await sleep(POLL_MS);
  const fannedOutMs = Date.now() - start;
  await untilArrived(() => calls.arrivals, endpoints);
  const deliveredMs = Date.now() - start;
  await sleep(500); // the last verdicts
  calls.stop();
  return { endpoints, fannedOutMs, deliveredMs, calls };
}
