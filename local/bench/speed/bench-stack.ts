import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, apiClient } from '../../api-client.js';
import { type LocalStack, startLocalStack } from '../../local-stack.js';
import { readyProject } from '../../ready-project.js';
import { CallCounter } from './call-counter.js';
import { createLoad, untilArrived } from './load.js';

/** A local stack with its state on disk, with functions that have already delivered. */
export interface BenchStack {
  readonly stack: LocalStack;
  readonly api: ApiClient;
  readonly calls: CallCounter;
}

/** Deliveries before the measurement, in which the functions' code is compiled. */
const WARM_UP = 500;
const WARM_UP_BATCH = 50;
/** Wait after the last arrival, until its verdict is written. */
export const LAST_VERDICTS_MS = 500;

/** Runs `work` on a new stack, and deletes the stack's files. */
export async function onBenchStack<Result>(work: (bench: BenchStack) => Promise<Result>): Promise<Result> {
  const data = mkdtempSync(join(tmpdir(), 'punctual-bench-'));
  const stack = await startLocalStack({ data });
  try {
    const { api_key } = await readyProject(stack.api, stack.operatorKey, data);
    const api = apiClient(stack.api, { 'X-API-Key': api_key });
    const calls = new CallCounter(stack);
    calls.start();
    await createLoad(api, `${stack.receiver}/ok`, WARM_UP, WARM_UP_BATCH);
    await untilArrived(() => calls.arrivals, WARM_UP);
    await sleep(LAST_VERDICTS_MS);
    calls.stop();
    return await work({ stack, api, calls });
  } finally {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  }
}
