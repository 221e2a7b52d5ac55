import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchStack, LAST_VERDICTS_MS } from './bench-stack.js';
import { countInvocations } from './invocation-counter.js';
import { type Lateness, latenessOf } from './lateness.js';
import { createLoad, deliveriesOf, untilArrived } from './load.js';
import { type ProcessorTime, processorTime, processorTimePer } from './processor-time.js';

export interface ThroughputReport {
  readonly tasks: number;
  /** From the first request until the last call was answered. */
  readonly deliveriesPerSecond: number;
  readonly acceptedMs: number;
  readonly lateness: Lateness;
  /** Messages per invocation, by function. */
  readonly messagesPerInvocation: Readonly<Record<string, number>>;
  readonly callsPerDelivery: Readonly<Record<string, number>>;
  readonly processorMsPerDelivery: ProcessorTime;
}

/** Task runs that are due at once, created `batch` at a time; the receiver takes `receiverMs`. */
export async function measureThroughput(
  { stack, api, calls }: BenchStack,
  { tasks, batch, receiverMs }: { tasks: number; batch: number; receiverMs: number },
): Promise<ThroughputReport> {
  const url = stack.receiver + (receiverMs === 0 ? '/ok' : `/slow/${receiverMs}`);
  const invocations = countInvocations(stack.functions);
  calls.start();
  const before = processorTime();
  const start = Date.now();
  const endpoint = await createLoad(api, url, tasks, batch);
  const acceptedMs = Date.now() - start;
  await untilArrived(() => calls.arrivals, tasks);
  await sleep(LAST_VERDICTS_MS);
  calls.stop();
  const processorMsPerDelivery = processorTimePer(tasks, before);
  const invoked = [...invocations].filter(([, { count }]) => count > 0);
  const messagesPerInvocation = Object.fromEntries(
    invoked.map(([name, { count, messages }]) => [name, messages / count]),
  );
  const deliveries = await deliveriesOf(api, endpoint, tasks);
  const end = Math.max(...deliveries.map(({ finished_at }) => Date.parse(finished_at)));
  return {
    tasks,
    deliveriesPerSecond: tasks / ((end - start) / 1000),
    acceptedMs,
    lateness: latenessOf(deliveries),
    messagesPerInvocation,
    callsPerDelivery: calls.per(tasks),
    processorMsPerDelivery,
  };
}
