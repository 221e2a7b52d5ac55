import { settingsFor } from '../../../lib/config.js';
import { synthesize } from '../../../lib/synthesize.js';
import { functionCode } from '../code/function-code.js';
import { loadMs } from '../code/load-time.js';
import type { FunctionCount } from '../costs/delivered.js';
import { CROWDED, measureCost } from '../costs/measure.js';
import { startMeteredStack } from '../costs/metered-stack.js';
import { SCENARIOS } from '../costs/scenarios.js';
import { median } from '../median.js';
import { type InvocationTime, timesOf } from './invocation-time.js';

/** One invocation after the other, so that the waits of one do not hide those of another; messages come ten together. */
const ONE_BY_ONE = { ...CROWDED, environments: 1, atOnce: 2, warmUp: 100 };
const PAYLOAD_BYTES = 1024;
const ROUNDS = 5;

interface Measured {
  readonly part: 'Api' | 'FastLane' | 'Dispatcher' | 'Reconciler';
  /** Folder of the bundle. */
  readonly code: string;
  readonly what: string;
  /** Of an invocation; 1 where no message causes it. */
  readonly messages: number;
  count(tasks: number): Promise<(readonly FunctionCount[])[]>;
}

const single = scenario('single');

const MEASURED: readonly Measured[] = [
  { part: 'Api', code: 'api', what: 'one `POST /v1/tasks`', messages: 1, count: single },
  {
    part: 'FastLane',
    code: 'deliverer',
    what: 'ten calls of a receiver that takes 200 ms',
    messages: 10,
    count: single,
  },
  { part: 'Dispatcher', code: 'dispatcher', what: 'an event to ten endpoints', messages: 1, count: scenario('event') },
  { part: 'Reconciler', code: 'reconciler', what: 'a round over a project without work', messages: 1, count: rounds },
];

/** Processor time and waits of the functions' bundles, each function in a process of its own. */
export async function measureTimes(tasks: number): Promise<InvocationTime[]> {
  const code = await functionCode();
  const counted = new Map<Measured['count'], Awaited<ReturnType<Measured['count']>>>();
  const found: InvocationTime[] = [];
  for (const { part, code: name, what, messages, count } of MEASURED) {
    const memoryMb = memoryOf(part);
    const all = counted.get(count) ?? (await count(tasks));
    counted.set(count, all);
    const counts = all.map((functions) => functions.find((one) => one.name.startsWith(part))!);
    const times = counts.map((one) => timesOf(one, messages, memoryMb));
    found.push({
      name: name === 'api' ? 'API' : name,
      what,
      memoryMb,
      processorMs: median(times.map(({ processorMs }) => processorMs)),
      waitMs: median(times.map(({ waitMs }) => waitMs)),
      loadMs: loadMs(code.find((entry) => entry.name === name)!),
    });
    console.error(`measured: ${name}`);
  }
  return found;
}

function memoryOf(part: string): number {
  const resources: Record<string, { Type: string; Properties: { MemorySize?: number } }> = synthesize(
    settingsFor('local'),
  ).template.Resources;
  const [, found] = Object.entries(resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(part),
  )!;
  return found.Properties.MemorySize!;
}

/** The counts of all functions while the scenario's tasks are delivered. */
function scenario(name: string): Measured['count'] {
  const chosen = SCENARIOS.find((one) => one.name === name)!;
  return async (tasks) => [
    (await measureCost({ scenario: chosen, tasks, payloadBytes: PAYLOAD_BYTES }, ONE_BY_ONE)).functions,
  ];
}

/** No message causes a round, so each is counted apart. The first one fills caches and compiles code. */
async function rounds(): Promise<(readonly FunctionCount[])[]> {
  const stack = await startMeteredStack(synthesize(settingsFor('local')), 1);
  try {
    await stack.invoke('Reconciler', {});
    const counts: (readonly FunctionCount[])[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      stack.reset();
      await stack.invoke('Reconciler', {});
      counts.push(stack.read());
    }
    return counts;
  } finally {
    await stack.close();
  }
}
