import { setTimeout as sleep } from 'node:timers/promises';
import { type StageSettings, settingsFor } from '../../../lib/config.js';
import { synthesize } from '../../../lib/synthesize.js';
import type { Synthesized } from '../../local-stack.js';
import type { Counted } from './delivered.js';
import { startMeteredStack } from './metered-stack.js';
import { startBenchReceiver } from './receiver.js';
import { type Scenario, type Work, warmUp } from './scenarios.js';

export interface CostRun {
  readonly scenario: Scenario;
  readonly tasks: number;
  readonly payloadBytes: number;
}

/** The pace of messages. */
interface Pace {
  readonly settings: Partial<StageSettings>;
  readonly environments: number;
  /** Concurrent requests. */
  readonly atOnce: number;
  /** Tasks delivered before the count: code is slow until it has run often. */
  readonly warmUp: number;
}

/** Messages wait for few invocations, so that ten come together. */
export const CROWDED: Pace = {
  settings: { fastLaneConcurrency: 2, wakeUpConcurrency: 2, intakeConcurrency: 2 },
  environments: 2,
  atOnce: 16,
  warmUp: 1_000,
};
/** More concurrent invocations: a fire's batches all wait for the minute, and many tasks would take hours. */
export const CROWDED_WIDELY: Pace = { ...CROWDED, settings: { fastLaneConcurrency: 8 }, environments: 8, atOnce: 2 };
/** One message per invocation, and one invocation after the other: the undisturbed time of an invocation. */
export const ALONE: Pace = {
  settings: { fastLaneBatchSize: 1, wakeUpBatchSize: 1, fastLaneConcurrency: 2, wakeUpConcurrency: 2 },
  environments: 1,
  atOnce: 1,
  warmUp: 50,
};

/** After this time without a call to AWS beyond the wait for a schedule, no more work is expected. */
const PATIENCE_MS = 60_000;
/** After this time without a call to AWS, the last verdict is written. */
const QUIET_MS = 1_500;
/** Tasks before the count: in a scenario's first tasks, each function fills caches and compiles code. */
const UNCOUNTED_TASKS = 1_000;
const POLL_MS = 50;

/** With the few invocations of a pace every project would be over its share: what is noted goes by the lane of `prod`. */
function sharedAsInProd(settings: Partial<StageSettings>): Synthesized {
  const { projectShare, fastLaneConcurrency } = settingsFor('prod');
  const synthesized = synthesize(settingsFor('local', settings));
  const resources: { Properties?: { Environment?: { Variables: Record<string, unknown> } } }[] = Object.values(
    synthesized.template.Resources,
  );
  for (const { Properties } of resources)
    if (Properties?.Environment?.Variables['LANE'])
      Properties.Environment.Variables['FAST_LANE_PROJECT_PLACES'] = String(projectShare * fastLaneConcurrency);
  return synthesized;
}

/** Runs the scenario on its own local stack, and counts the units that AWS would bill. */
export async function measureCost({ scenario, tasks, payloadBytes }: CostRun, pace: Pace): Promise<Counted> {
  const { firesAfterMinutes = 0 } = scenario;
  const receiver = await startBenchReceiver();
  const stack = await startMeteredStack(sharedAsInProd(pace.settings), pace.environments, receiver.url);
  const arrived = () => receiver.calls + stack.sentToTargets();
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      if (stack.quietMs() > PATIENCE_MS + firesAfterMinutes * 60_000)
        throw new Error(`${scenario.name}: ${arrived()} calls came, and no more`);
      await sleep(POLL_MS);
    }
  };
  /** Does the work of `count` tasks, until all their calls have arrived and are recorded. */
  const perform = async (work: Work, count: number, attempts: number) => {
    const calls = arrived() + count * attempts;
    const release = pace.atOnce > 1 && firesAfterMinutes === 0 ? stack.pileUp() : () => {};
    await work(count).finally(release);
    await until(() => arrived() >= calls);
    await until(() => stack.quietMs() > QUIET_MS);
    if (arrived() > calls) throw new Error(`${scenario.name}: ${arrived()} calls in place of ${calls}`);
  };
  const world = { api: stack.api, send: stack.send, receiver: receiver.url, payloadBytes, tasks, atOnce: pace.atOnce };
  try {
    await perform(await warmUp(world), pace.warmUp, 1);
    const work = await scenario.prepare(world);
    if (firesAfterMinutes === 0) await perform(work, Math.min(tasks, UNCOUNTED_TASKS), scenario.attempts);
    await until(() => stack.quietMs() > QUIET_MS);
    receiver.reset();
    stack.reset();
    await perform(work, tasks, scenario.attempts);
    return { deliveries: tasks, functions: stack.read(), rest: { egressBytes: receiver.bytes, ...stack.sent() } };
  } finally {
    await stack.close();
    await receiver.close();
  }
}
