import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, apiClient } from '../../api-client.js';
import { type LocalStack, type Synthesized, startLocalStack } from '../../local-stack.js';
import { readyProject } from '../../ready-project.js';
import { accessLogBytes } from './access-log.js';
import { AwsMeter } from './aws-meter.js';
import type { FunctionCount } from './delivered.js';
import { FunctionMeter } from './function-meter.js';
import { processorShare } from './processor-share.js';
import { units } from './units.js';

/** A local stack of which everything is counted that AWS would bill. */
export interface MeteredStack {
  readonly api: ApiClient;
  /** Loads every execution environment that there may be: what a cold start takes is told apart. */
  warm(): Promise<void>;
  /** Counts from zero. */
  reset(): void;
  read(): FunctionCount[];
  /** Milliseconds since the last call to AWS ended; 0 while one is under way. */
  quietMs(): number;
  close(): Promise<void>;
}

const METRICS = '{"_aws"';

export async function startMeteredStack(synthesized: Synthesized, environmentLimit: number): Promise<MeteredStack> {
  const data = mkdtempSync(join(tmpdir(), 'punctual-bench-'));
  const calls = new AwsMeter(() => stack.dynamodb);
  const meters = new Map<string, FunctionMeter>();
  const log = (source: string, line: string) => {
    if (!line.startsWith(METRICS)) console.error(`[${source}] ${line}`);
    meters.get(source)?.line(line);
  };
  const options = { data, synthesized, environmentLimit, intercept: calls.intercept, log };
  const stack: LocalStack = await startLocalStack(options);
  const facts = {
    isFair: (arn: string) => calls.isFair(stack.queueUrl(arn.split(':').at(-1)!)),
    accessLogBytes: accessLogBytes(synthesized.template),
  };
  for (const pool of stack.functions) meters.set(pool.definition.name, new FunctionMeter(pool, facts));
  let share = processorShare(stack.functions);

  const { api_key } = await readyProject(stack.api, stack.operatorKey, data);
  return {
    api: apiClient(stack.api, { 'X-API-Key': api_key }),
    async warm() {
      for (const pool of stack.functions) pool.warm(pool.limit);
      const started = () => stack.functions.flatMap((pool) => pool.workers()).map((environment) => environment.started);
      const all = stack.functions.reduce((total, pool) => total + pool.limit, 0);
      for (let count = 0; count < all; count = started().length) await Promise.all(started());
      await Promise.all(started());
    },
    reset() {
      calls.reset();
      for (const meter of meters.values()) meter.reset();
      share = processorShare(stack.functions);
    },
    read: () =>
      [...meters].map(([name, meter]) => ({
        name,
        calls: calls.byFunction.get(name) ?? units(),
        ...meter.read(calls.rounds.get(name) ?? 0, share()),
      })),
    quietMs: () => (calls.underWay > 0 ? 0 : Date.now() - calls.lastEnd),
    async close() {
      await stack.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
