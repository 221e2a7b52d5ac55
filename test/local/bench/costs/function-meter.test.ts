import { FunctionMeter } from '../../../../local/bench/costs/function-meter.js';
import type { FunctionProcesses } from '../../../../local/bench/costs/function-processes.js';
import { INVOCATION_LINES_BYTES } from '../../../../local/bench/costs/prices.js';
import type { FunctionPool } from '../../../../local/function-pool.js';

function metered(memoryMb: number, processorMs: () => number = () => 0) {
  const pool = { definition: { memoryMb }, invoke: async () => ({}) } as unknown as FunctionPool;
  const processes = { invoke: async () => ({}), processorMs } as unknown as FunctionProcesses;
  const facts = { isFair: (arn: string) => arn === 'fair', accessLogBytes: 200 };
  return { pool, meter: new FunctionMeter(pool, processes, facts) };
}

const record = (token: object, eventSourceARN = 'fair') => ({ body: JSON.stringify(token), eventSourceARN });
const due = { kind: 'deliver', due: 0 };

test('a batch pays one invocation, a receive and a delete, and waits for the receiver once', async () => {
  const { pool, meter } = metered(256);
  await pool.invoke({ Records: [record(due), record(due), record(due)] });
  const { invocations, messages, isFed, perInvocation } = meter.read(4);
  expect({ invocations, messages, isFed }).toEqual({ invocations: 1, messages: 3, isFed: true });
  expect(perInvocation).toMatchObject({ functionRequests: 1, sqsRequests: 2, fairRequests: 2, apiRequests: 0 });
  expect(perInvocation.gbSeconds).toBeCloseTo(((200 + 4 * 5) / 1000) * 0.25);
});

test('what comes before its due moment waits for it, what comes far too early is put back', async () => {
  const { pool, meter } = metered(1024);
  await pool.invoke({ Records: [record({ ...due, due: Date.now() + 2_000 })] });
  expect(meter.read(0).perInvocation.gbSeconds).toBeCloseTo(2.2, 1);
  meter.reset();
  await pool.invoke({ Records: [record({ ...due, due: Date.now() + 60_000 })] });
  await pool.invoke({ Records: [record({ kind: 'fire', due: 0 })] });
  expect(meter.read(0).perInvocation.gbSeconds).toBe(0);
});

test('a request pays for each started 512 KB for its line in the access log, and for Lambda’s own', async () => {
  const { pool, meter } = metered(512);
  await pool.invoke({ headers: {}, body: 'x'.repeat(600 * 1024) });
  meter.line('x'.repeat(100));
  expect(meter.read(0).perInvocation).toMatchObject({
    apiRequests: 2,
    sqsRequests: 0,
    logBytes: 200 + 100 + 26 + INVOCATION_LINES_BYTES,
  });
});

test('a function has as much of a processor as its memory buys', async () => {
  let spent = 0;
  const { pool, meter } = metered(1769 / 4, () => spent);
  meter.reset();
  await pool.invoke({ Records: [record(due), record(due)] });
  spent = 10;
  const seconds = (10 * 4) / 1000 / 2;
  expect(meter.read(0).perMessage.gbSeconds).toBeCloseTo(seconds * (1769 / 4 / 1024));
});

test('what a timer causes is not counted, nor done', async () => {
  const { pool, meter } = metered(512);
  await pool.invoke({ 'detail-type': 'Scheduled Event', detail: {} });
  expect(meter.read(0)).toMatchObject({ invocations: 0, perInvocation: { functionRequests: 0 } });
});
