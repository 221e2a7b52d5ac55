import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../../functions/primitives/map-bounded.js';
import { type BenchStack, LAST_VERDICTS_MS } from './bench-stack.js';
import { untilArrived } from './load.js';

export interface FanOutReport {
  readonly endpoints: number;
  /** From the event's publication until each endpoint had its run; earlier runs are delivered meanwhile. */
  readonly runsPerSecond: number;
  /** From the event's publication until all runs were delivered. */
  readonly deliveriesPerSecond: number;
  readonly callsPerDelivery: Readonly<Record<string, number>>;
}

const NAME = 'bench.load';
const CREATED_AT_ONCE = 20;
const POLL_MS = 50;

/** Publishes one event to this many endpoints, and waits until all of them have got it. */
export async function measureFanOut({ stack, api, calls }: BenchStack, endpoints: number): Promise<FanOutReport> {
  const url = `${stack.receiver}/ok`;
  await mapBounded([...Array(endpoints).keys()], CREATED_AT_ONCE, (n) =>
    api.request('POST', '/v1/endpoints', { name: `bench ${n}`, url, event_filters: [NAME] }),
  );
  calls.start();
  const start = Date.now();
  const { id } = await api.request<{ id: string }>('POST', '/v1/events', { event_name: NAME, payload: { n: 1 } });
  // Reads the newest runs alone: showing an event with all its runs costs more than making them.
  const isFannedOut = async () => {
    const list = await api.request<{ data: { id: string; status: string }[] }>('GET', '/v1/events?page_size=1');
    return list.data.some((event) => event.id === id && event.status === 'completed');
  };
  while (!(await isFannedOut())) await sleep(POLL_MS);
  const fannedOutMs = Date.now() - start;
  await untilArrived(() => calls.arrivals, endpoints);
  const deliveredMs = Date.now() - start;
  await sleep(LAST_VERDICTS_MS);
  calls.stop();
  return {
    endpoints,
    runsPerSecond: (endpoints / fannedOutMs) * 1000,
    deliveriesPerSecond: (endpoints / deliveredMs) * 1000,
    callsPerDelivery: calls.per(endpoints),
  };
}
