import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../api-client.js';

interface Page<Row> {
  readonly data: Row[];
  readonly next_cursor: string | null;
}

export interface Delivery {
  readonly status: string;
  readonly lateness_ms: number;
  readonly latency_ms: number;
  readonly started_at: string;
  readonly finished_at: string;
}

const POLL_MS = 200;
const PATIENCE_MS = 300_000;
const PAYLOAD = 'x'.repeat(1000);

/** Creates an endpoint at `url` and `tasks` task runs for it, due at once, in requests of `batch`; returns its id. */
export async function createLoad(api: ApiClient, url: string, tasks: number, batch: number): Promise<string> {
  const { id } = await api.request<{ id: string }>('POST', '/v1/endpoints', { name: 'bench', url });
  for (let left = tasks; left > 0; left -= batch) {
    const entries = Array.from({ length: Math.min(batch, left) }, () => ({ endpoint_id: id, payload: PAYLOAD }));
    if (batch === 1) await api.request('POST', '/v1/tasks', entries[0]);
    else await assertCreated(api, entries);
  }
  return id;
}

async function assertCreated(api: ApiClient, tasks: object[]): Promise<void> {
  const { data } = await api.request<{ data: { status: number }[] }>('POST', '/v1/tasks/batch', { tasks });
  const refused = data.find(({ status }) => status !== 201);
  if (refused) throw new Error(`an entry was refused: ${JSON.stringify(refused)}`);
}

/** Waits, without requests to the API, until `arrived()` has reached `tasks`. */
export async function untilArrived(arrived: () => number, tasks: number): Promise<void> {
  const patience = Date.now() + PATIENCE_MS;
  while (arrived() < tasks) {
    if (Date.now() > patience) throw new Error(`${arrived()} of ${tasks} deliveries arrived`);
    await sleep(POLL_MS);
  }
}

/** All deliveries of the endpoint; throws unless each run has exactly one delivery, which succeeded. */
export async function deliveriesOf(api: ApiClient, endpoint: string, tasks: number): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = `endpoint_id=${endpoint}&page_size=100${cursor && `&cursor=${cursor}`}`;
    const page: Page<Delivery> = await api.request('GET', `/v1/deliveries?${query}`);
    found.push(...page.data);
    cursor = page.next_cursor;
  }
  const good = found.filter(({ status }) => status === 'success').length;
  if (good !== tasks || found.length !== tasks)
    throw new Error(`${good} of ${found.length} deliveries of ${tasks} runs`);
  return found;
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
