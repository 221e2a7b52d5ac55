import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FunctionPool } from '../../local/function-pool.js';
import { MovableClock } from '../../local/movable-clock.js';
import { temporaryFolder, writeBundle } from './temporary-folder.js';

const folder = temporaryFolder();
const pools: FunctionPool[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function poolOf(name: string, body: string, clock?: MovableClock): FunctionPool {
  const code = writeBundle(folder, name, `exports.handler = async (event, context) => { ${body} };`);
  const settings = { handler: 'handler.handler', timeoutSeconds: 10, memoryMb: 128, environment: {} };
  pools.push(new FunctionPool({ name, code, ...settings }, 2, () => {}, clock));
  return pools.at(-1)!;
}

test('a function goes by the time of its stack', async () => {
  const clock = new MovableClock();
  const pool = poolOf(
    'clock',
    'return [Date.now(), new Date().getTime(), new Date(7).getTime(), context.getRemainingTimeInMillis()];',
    clock,
  );
  for (const hours of [0, 1, 5]) {
    clock.advance(hours * 3_600_000);
    const [now, date, given, left] = (await pool.invoke({})) as number[];
    expect(Math.abs(now! - clock.now())).toBeLessThan(5_000);
    expect(Math.abs(date! - clock.now())).toBeLessThan(5_000);
    expect(given).toBe(7);
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThanOrEqual(10_000);
  }
});

test('a bundle is compiled once, until it is another, which is not mistaken for it by its length', async () => {
  const place = join(folder, 'compiled');
  const known = () => (existsSync(place) ? readdirSync(place).filter((name) => /^compiled-\w+-\d+$/.test(name)) : []);
  const seen = new Set<string>();
  const isNew = () => known().length === 1 && !seen.has(known()[0]!);
  for (const answer of ['one', 'two', 'six']) {
    const pool = poolOf('compiled', `return '${answer}';`);
    expect(await pool.invoke({})).toBe(answer);
    while (!isNew()) await new Promise(setImmediate);
    const [file] = known();
    seen.add(file!);
    await Promise.all(pool.workers().map((worker) => worker.terminate()));
    expect(await pool.invoke({})).toBe(answer);
    expect(known()).toEqual([file]);
  }
  writeFileSync(join(place, known()[0]!), 'no machine code');
  expect(await poolOf('compiled', "return 'six';").invoke({})).toBe('six');
});

test('environments are started ahead, again after a death', async () => {
  const pool = poolOf('warm', 'return 1;');
  const until = async (count: number) => {
    while (pool.workers().length !== count) await new Promise(setImmediate);
  };
  pool.warm(2);
  await until(2);
  await pool.workers()[0]!.terminate();
  await until(2);
  expect(await pool.invoke({})).toBe(1);
});

test('one that is ended at work fails its invocation, also when it never turns to its event loop again', async () => {
  for (const [name, body] of [
    ['waits', 'await new Promise((resolve) => setTimeout(resolve, 60_000));'],
    ['spins', 'for (;;);'],
  ] as const) {
    const pool = poolOf(name, body);
    const invoked = pool.invoke({});
    const atWork = () => pool.workers().find(({ requestId }) => requestId !== undefined);
    while (!atWork()) await new Promise(setImmediate);
    const failed = expect(invoked).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
    await Promise.all([atWork()!.terminate(), failed]);
    expect(pool.workers()).toEqual([]);
  }
});
