import { setTimeout as sleep } from 'node:timers/promises';
import { type StageSettings, settingsFor } from '../../../lib/config.js';
import { synthesize } from '../../../lib/synthesize.js';
import type { Counted } from './delivered.js';
import { startMeteredStack } from './metered-stack.js';
import { startBenchReceiver } from './receiver.js';
import { type Scenario, type Work, warmUp } from './scenarios.js';

export interface CostRun {
  readonly scenario: Scenario;
  readonly tasks: number;
  readonly payloadBytes: number;
}

/** How messages come to the functions. */
interface Pace {
  readonly settings: Partial<StageSettings>;
  readonly environments: number;
  /** Requests under way at once. */
  readonly atOnce: number;
  /** Tasks delivered before: a processor is slow with code that it has met a few times only. */
  readonly warmUp: number;
}

/** Messages wait for few invocations, and come ten together. */
export const CROWDED: Pace = {
  settings: { fastLaneConcurrency: 2, wakeUpConcurrency: 2 },
  environments: 2,
  atOnce: 16,
  warmUp: 1_000,
};
/** More of them side by side: a fire's batches all wait for the minute, and a great many tasks would take hours. */
export const CROWDED_WIDELY: Pace = { ...CROWDED, settings: { fastLaneConcurrency: 8 }, environments: 8, atOnce: 2 };
/** One message per invocation, and one invocation after the other: what an invocation takes, nothing else holding it up. */
export const ALONE: Pace = {
  settings: { fastLaneBatchSize: 1, wakeUpBatchSize: 1, fastLaneConcurrency: 2, wakeUpConcurrency: 2 },
  environments: 1,
  atOnce: 1,
  warmUp: 50,
};

/** No call to AWS for so long: nothing more will come. A cron's wake-up may be a minute away. */
const PATIENCE_MS = 120_000;
/** No call to AWS for so long: the last verdict is in. */
const QUIET_MS = 1_500;
/** Done before anything is counted: what a scenario does for the first time, each function looks up, and compiles. */
const UNCOUNTED_TASKS = 1_000;
const POLL_MS = 50;

/** Runs the scenario on a local stack of its own, and counts what AWS would bill for it. */
export async function measureCost({ scenario, tasks, payloadBytes }: CostRun, pace: Pace): Promise<Counted> {
  const receiver = await startBenchReceiver();
  const stack = await startMeteredStack(synthesize(settingsFor('local', pace.settings)), pace.environments);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      if (stack.quietMs() > PATIENCE_MS) throw new Error(`${scenario.name}: ${receiver.calls} calls came, and no more`);
      await sleep(POLL_MS);
    }
  };
  /** Does the work of so many tasks, until all their calls came and were recorded. */
  const perform = async (work: Work, count: number, attempts: number) => {
    const calls = count * attempts;
    receiver.reset();
    const release = pace.atOnce > 1 && !scenario.everyMinute ? stack.pileUp() : () => {};
    await work(count).finally(release);
    await until(() => receiver.calls >= calls);
    await until(() => stack.quietMs() > QUIET_MS);
    if (receiver.calls > calls) throw new Error(`${scenario.name}: ${receiver.calls} calls in place of ${calls}`);
  };
  const world = { api: stack.api, receiver: receiver.url, payloadBytes, tasks, atOnce: pace.atOnce };
  try {
    await perform(await warmUp(world), pace.warmUp, 1);
    const work = await scenario.prepare(world);
    if (!scenario.everyMinute) await perform(work, Math.min(tasks, UNCOUNTED_TASKS), scenario.attempts);
    await until(() => stack.quietMs() > QUIET_MS);
    stack.reset();
    await perform(work, tasks, scenario.attempts);
    return { deliveries: tasks, functions: stack.read(), rest: { egressBytes: receiver.bytes } };
  } finally {
    await stack.close();
    await receiver.close();
  }
}
