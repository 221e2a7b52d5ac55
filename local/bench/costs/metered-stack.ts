import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toJson } from '../../../functions/primitives/json-text.js';
import { type ApiClient, apiClient } from '../../api-client.js';
import type { FunctionPool } from '../../function-pool.js';
import { type LocalStack, type Synthesized, startLocalStack } from '../../local-stack.js';
import { sendBatch } from '../../queue-client.js';
import { readyProject } from '../../ready-project.js';
import { accessLogBytes } from './access-log.js';
import { AwsMeter } from './aws-meter.js';
import type { FunctionCount } from './delivered.js';
import { FunctionMeter } from './function-meter.js';
import { FunctionProcesses } from './function-processes.js';
import { SQS_CHUNK_BYTES } from './prices.js';
import { type Units, units } from './units.js';

/** A local stack that counts all units that AWS would bill. */
export interface MeteredStack {
  readonly api: ApiClient;
  /** Sends tasks to the intake queue. */
  readonly send: (tasks: readonly object[]) => Promise<void>;
  /** What sending has cost the sender since the last reset. */
  sent(): Partial<Units>;
  /** Holds messages back from the deliverers and the intake until released, so that messages pile up even on a slow machine. */
  pileUp(): () => void;
  /** Invokes a function as its timer does; no meter counts the invocation, but its time. */
  invoke(part: string, event: object): Promise<unknown>;
  /** Counts from zero. */
  reset(): void;
  read(): FunctionCount[];
  /** Number of messages to queues that are targets, since the last reset. */
  sentToTargets(): number;
  /** Milliseconds since the last call to AWS ended; 0 while one is under way. */
  quietMs(): number;
  close(): Promise<void>;
}

const METRICS = '{"_aws"';

/**
 * `environmentLimit`: most execution environments of each function, each a process of its own. `targets`: what answers for
 * services of AWS that are only targets; without it none does.
 */
export async function startMeteredStack(
  synthesized: Synthesized,
  environmentLimit: number,
  targets?: string,
): Promise<MeteredStack> {
  const data = mkdtempSync(join(tmpdir(), 'punctual-bench-'));
  const calls = new AwsMeter(() => stack.dynamodb);
  const meters = new Map<string, FunctionMeter>();
  const log = (source: string, line: string) => {
    if (!line.startsWith(METRICS)) console.error(`[${source}] ${line}`);
    meters.get(source)?.line(line);
  };
  const options = { data, synthesized, environmentLimit, ...(targets && { targets }), intercept: calls.intercept, log };
  const stack: LocalStack = await startLocalStack(options);
  const facts = {
    isFair: (arn: string) => calls.isFair(stack.queueUrl(arn.split(':').at(-1)!)),
    accessLogBytes: accessLogBytes(synthesized.template),
  };
  const processes = new Map<string, FunctionProcesses>();
  for (const pool of stack.functions) {
    const own = new FunctionProcesses(pool.definition, environmentLimit, log);
    processes.set(pool.definition.name, own);
    meters.set(pool.definition.name, new FunctionMeter(pool, own, facts));
  }

  const { api_key, project_id } = await readyProject(stack.api, stack.operatorKey, data);
  let sqsRequests = 0;
  return {
    async send(tasks) {
      const url = stack.queueUrl('IntakeQueue');
      const bodies = tasks.map((task) => toJson({ project: project_id, task }));
      sqsRequests += Math.ceil(bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / SQS_CHUNK_BYTES);
      calls.noteFair(url);
      await sendBatch(stack.sqs, url, bodies, project_id);
    },
    sent: () => ({ sqsRequests, fairRequests: sqsRequests }),
    api: apiClient(stack.api, { 'X-API-Key': api_key }),
    pileUp: () => {
      const releases = stack.functions.filter(isFed).map(heldBack);
      return () => {
        for (const release of releases) release();
      };
    },
    invoke: (part, event) => [...processes].find(([name]) => name.startsWith(part))![1].invoke(event),
    reset() {
      calls.reset();
      sqsRequests = 0;
      for (const meter of meters.values()) meter.reset();
    },
    read: () =>
      [...meters].map(([name, meter]) => ({
        name,
        calls: calls.byFunction.get(name) ?? units(),
        ...meter.read(calls.rounds.get(name) ?? 0),
      })),
    sentToTargets: () => calls.sentToTargets,
    quietMs: () => (calls.underWay > 0 ? 0 : Date.now() - calls.lastEnd),
    async close() {
      await stack.close();
      for (const each of processes.values()) each.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function isFed({ definition }: FunctionPool): boolean {
  return /Deliverer|Intake/.test(definition.name);
}

function heldBack(pool: FunctionPool): () => void {
  const { invoke } = pool;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  pool.invoke = (event) => released.then(() => invoke(event));
  return () => {
    pool.invoke = invoke;
    release();
  };
}
