import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionError } from '../../local/execution-environment.js';
import { FunctionPool, MAX_PAYLOAD_BYTES } from '../../local/function-pool.js';
import { temporaryFolder, writeBundle } from './temporary-folder.js';

const folder = temporaryFolder();
const printed: string[] = [];
const pools: FunctionPool[] = [];

/** A pool whose handler body is `body`, with `event` and `context` in scope. */
function poolOf(
  body: string,
  options: { timeoutSeconds?: number; limit?: number; before?: string } = {},
): FunctionPool {
  const source = `${options.before ?? ''}
    exports.handler = async (event, context) => { ${body} };`;
  const definition = {
    name: `fn${pools.length}`,
    code: writeBundle(folder, `fn${pools.length}`, source),
    handler: 'handler.handler',
    timeoutSeconds: options.timeoutSeconds ?? 10,
    memoryMb: 128,
    environment: { ONLY: 'this' },
  };
  const pool = new FunctionPool(definition, options.limit ?? 3, (name, line) => printed.push(`${name}: ${line}`));
  pools.push(pool);
  return pool;
}

afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(5);
};

test('a handler sees its event, a context, and nothing of our environment', async () => {
  const pool =
    poolOf(`return { event, env: { ...process.env }, arn: context.invokedFunctionArn, name: context.functionName,
    memory: context.memoryLimitInMB, id: context.awsRequestId, left: context.getRemainingTimeInMillis() };`);
  const result = (await pool.invoke({ a: 'ä' })) as Record<string, unknown>;
  expect(result).toMatchObject({ event: { a: 'ä' }, env: { ONLY: 'this' }, name: pool.definition.name, memory: '128' });
  expect(Object.keys(result['env'] as object).sort()).toEqual(['AWS_SDK_UA_APP_ID', 'ONLY']);
  expect(result['arn']).toBe(`arn:aws:lambda:us-east-1:000000000000:function:${pool.definition.name}`);
  expect(result['id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(result['left']).toBeGreaterThan(9_000);
  expect(result['left']).toBeLessThanOrEqual(10_000);
});

test('an environment serves one invocation at a time, is reused, and there are never more than the limit', async () => {
  const before = 'let running = 0; let calls = 0;';
  const body = `const together = ++running; await new Promise((r) => setTimeout(r, 30)); running--; return [together, ++calls];`;
  const pool = poolOf(body, { before, limit: 2 });
  const results = (await Promise.all(Array.from({ length: 12 }, () => pool.invoke({})))) as [number, number][];
  expect(results.map(([together]) => together)).toEqual(Array(12).fill(1));
  expect(pool.workers()).toHaveLength(2);
  expect(Math.max(...results.map(([, calls]) => calls))).toBeGreaterThanOrEqual(6);
});

test('what the handler throws arrives with its type, and the environment lives on', async () => {
  const pool = poolOf(`if (event.fail) throw new RangeError('no such luck'); return 'fine';`);
  const error = await pool.invoke({ fail: true }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FunctionError);
  expect(error).toMatchObject({ errorType: 'RangeError', message: 'no such luck' });
  const [environment] = pool.workers();
  expect(await pool.invoke({})).toBe('fine');
  expect(pool.workers()).toEqual([environment]);
});

test('a timeout ends the environment, and the next invocation gets a new one', async () => {
  const pool = poolOf(`if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return 'fine';`, {
    timeoutSeconds: 0.2,
  });
  await expect(pool.invoke({ hang: true })).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    message: 'Task timed out after 0.20 seconds',
  });
  expect(pool.workers()).toHaveLength(0);
  expect(await pool.invoke({})).toBe('fine');
});

test('an endless loop is ended by its timeout too', async () => {
  await expect(poolOf('for (;;);', { timeoutSeconds: 0.2 }).invoke({})).rejects.toThrow('Task timed out');
});

test('killing an environment fails its invocation alone', async () => {
  const pool = poolOf(`await new Promise((r) => setTimeout(r, event.ms)); return event.ms;`, { limit: 2 });
  const victim = pool.invoke({ ms: 5_000 });
  await until(() => pool.workers().some(({ requestId }) => requestId));
  const environment = pool.workers().find(({ requestId }) => requestId)!;
  const other = pool.invoke({ ms: 1 });
  await Promise.all([
    environment.terminate(),
    expect(victim).rejects.toMatchObject({ errorType: 'Runtime.ExitError' }),
  ]);
  expect(await other).toBe(1);
});

test('process.exit and an error outside of the handler fail the invocation', async () => {
  await expect(poolOf('process.exit(1);').invoke({})).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  const crash = `setTimeout(() => { throw new TypeError('adrift'); }); await new Promise(() => setInterval(() => {}, 1e3));`;
  await expect(poolOf(crash).invoke({})).rejects.toMatchObject({ errorType: 'TypeError', message: 'adrift' });
});

test('a bundle that does not load fails each invocation with the reason', async () => {
  const pool = poolOf('', { before: `throw new Error('no such table');` });
  await expect(pool.invoke({})).rejects.toThrow('no such table');
  await expect(pool.invoke({})).rejects.toThrow('no such table');
});

test('payloads and answers beyond 6 MB are refused', async () => {
  const pool = poolOf(`return 'x'.repeat(event.answer ?? 1);`);
  await expect(pool.invoke({ big: 'x'.repeat(MAX_PAYLOAD_BYTES) })).rejects.toMatchObject({
    errorType: 'RequestTooLargeException',
  });
  await expect(pool.invoke({ answer: MAX_PAYLOAD_BYTES })).rejects.toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
  });
});

test('what a function prints reaches the log under its name', async () => {
  const pool = poolOf(`console.log('one\\ntwo'); console.error('three');`);
  expect(await pool.invoke({})).toBeNull();
  const name = pool.definition.name;
  await until(() => printed.filter((line) => line.startsWith(`${name}:`)).length === 3);
  expect(printed).toEqual(expect.arrayContaining([`${name}: one`, `${name}: two`, `${name}: three`]));
});

test('closing fails what is under way and what waits', async () => {
  const pool = poolOf(`await new Promise((r) => setTimeout(r, 5_000));`, { limit: 1 });
  const both = [pool.invoke({}), pool.invoke({})].map((invocation) => invocation.catch((error) => error.errorType));
  await until(() => pool.workers().some(({ requestId }) => requestId));
  await pool.close();
  expect(await Promise.all(both)).toEqual(['Runtime.ExitError', 'Runtime.ExitError']);
});

test('beyond what the processors can use, environments are started for those alone who wait long', async () => {
  const pool = poolOf('await new Promise((r) => setTimeout(r, event.ms)); return null;', { limit: 60 });
  const enough = 2 * availableParallelism();
  pool.warm(enough);
  await until(() => pool.workers().length === enough);
  await Promise.all(pool.workers().map(({ started }) => started));
  await Promise.all(Array.from({ length: 2 * enough }, () => pool.invoke({ ms: 1 })));
  expect(pool.workers()).toHaveLength(enough);
  const long = Array.from({ length: enough }, () => pool.invoke({ ms: 9_000 }));
  expect(await pool.invoke({ ms: 0 })).toBeNull();
  expect(pool.workers()).toHaveLength(enough + 1);
  await Promise.allSettled([pool.close(), ...long]);
}, 20_000);
