import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type ApiClient, apiClient } from '../api-client.js';
import { type LocalStack, startLocalStack } from '../local-stack.js';
import { readyProject } from '../ready-project.js';
import { bundleCost } from './bundles.js';
import { CallCounter } from './call-counter.js';
import { type FanOutResult, measureFanOut } from './fan-out.js';
import { fireSchedules } from './fires.js';
import { countInvocations } from './invocation-counter.js';
import { createLoad, type Delivery, deliveriesOf, percentile, untilArrived } from './load.js';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000' },
    /** Tasks per request; 1 makes single POSTs. */
    batch: { type: 'string', default: '100' },
    /** Milliseconds that the receiver takes; a fast one flatters what an invocation costs. */
    receiver: { type: 'string', default: '0' },
    /** Instead of tasks: one event to so many endpoints. */
    endpoints: { type: 'string' },
    /** Instead of tasks: schedules that fire so often a second, for so many seconds. */
    fires: { type: 'string' },
    seconds: { type: 'string', default: '20' },
  },
});
const tasks = Number(values.tasks);
const WARM_UP = 50;

/** `npm run bench`: what deliveries take on this machine, in calls to AWS, and in code to load. */
async function main(): Promise<void> {
  process.env['TZ'] = 'UTC';
  const data = mkdtempSync(join(tmpdir(), 'punctual-bench-'));
  const stack = await startLocalStack({ data });
  try {
    await measure(stack, data);
    if (values.endpoints !== undefined || values.fires !== undefined) return;
    console.log('\nbundles');
    for (const pool of stack.functions) {
      const { name, kilobytes, gzippedKilobytes, importMs } = bundleCost(pool.definition);
      row(
        name,
        `${kilobytes.toFixed(0)} KB, ${gzippedKilobytes.toFixed(0)} KB gzipped, import ${importMs.toFixed(0)} ms`,
      );
    }
  } finally {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function measure(stack: LocalStack, data: string): Promise<void> {
  const { api_key } = await readyProject(stack.api, stack.operatorKey, data);
  const api = apiClient(stack.api, { 'X-API-Key': api_key });
  const path = values.receiver === '0' ? '/ok' : `/slow/${values.receiver}`;
  const calls = new CallCounter(stack);
  await warmUp(calls, () => createLoad(api, stack.receiver + path, WARM_UP, WARM_UP));
  if (values.endpoints !== undefined)
    return printFanOut(await measureFanOut(api, stack.receiver + path, Number(values.endpoints), calls));
  if (values.fires !== undefined) return measureFires(api, stack.receiver + path, calls);
  const invocations = countInvocations(stack.functions);
  calls.start();
  const start = Date.now();
  const endpoint = await createLoad(api, stack.receiver + path, tasks, Number(values.batch));
  const created = Date.now();
  await untilArrived(() => calls.arrivals, tasks);
  await sleep(500); // the last verdicts
  calls.stop();
  const counted = new Map([...invocations].map(([name, { ...now }]) => [name, now]));
  const deliveries = await deliveriesOf(api, endpoint, tasks);
  const seconds = (Math.max(...deliveries.map(({ finished_at }) => Date.parse(finished_at))) - start) / 1000;

  console.log(`${tasks} deliveries of 1 KB, created ${values.batch} at a time, receiver ${path}`);
  row('deliveries per second', (tasks / seconds).toFixed(0));
  row('requests accepted within', `${created - start} ms`);
  printLateness(deliveries);
  console.log('\nmessages per invocation');
  for (const [name, { count, messages }] of counted)
    if (count > 0) row(name, `${(messages / count).toFixed(1)} (${count})`);
  printCalls(calls, tasks);
}

async function measureFires(api: ApiClient, url: string, calls: CallCounter): Promise<void> {
  const [perSecond, seconds] = [Number(values.fires), Number(values.seconds)];
  for (const beat of ['spread', 'aligned'] as const) {
    calls.start();
    const deliveries = await fireSchedules(api, url, { perSecond, seconds, beat }, () => calls.arrivals);
    calls.stop();
    console.log(`${perSecond} fires a second for ${seconds} seconds, ${beat}`);
    printLateness(deliveries);
    printCalls(calls, deliveries.length);
  }
}

function printLateness(deliveries: readonly Delivery[]): void {
  const lateness = deliveries.map(({ lateness_ms }) => lateness_ms);
  const at = (share: number) => `${percentile(lateness, share)} ms`;
  row('lateness', `earliest ${at(0)}, p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, latest ${at(1)}`);
}

function printFanOut({ endpoints, fannedOutMs, deliveredMs, calls }: FanOutResult): void {
  console.log(`one event to ${endpoints} endpoints`);
  row('runs made per second', ((endpoints / fannedOutMs) * 1000).toFixed(0));
  row('deliveries per second', ((endpoints / deliveredMs) * 1000).toFixed(0));
  printCalls(calls, endpoints);
}

function printCalls({ counts }: CallCounter, deliveries: number): void {
  console.log('\ncalls to AWS per delivery');
  for (const [call, count] of [...counts].sort(([, a], [, b]) => b - a)) row(call, (count / deliveries).toFixed(3));
}

/** Loads the functions, so that cold starts are told apart: by the import times below. */
async function warmUp(calls: CallCounter, load: () => Promise<unknown>): Promise<void> {
  calls.start();
  await load();
  await untilArrived(() => calls.arrivals, WARM_UP);
  await sleep(500);
  calls.stop();
}

function row(name: string, value: string): void {
  // A logical id without the hash that the CDK puts behind it.
  console.log(`  ${name.replace(/[0-9A-F]{8}$/, '').padEnd(34)} ${value}`);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
