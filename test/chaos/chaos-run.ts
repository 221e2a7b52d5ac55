import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../local/chaos/random.js';
import type { Synthesized } from '../../local/local-stack.js';
import { builtOnce } from '../support/built-once.js';
import { type Audit, audit } from './audit.js';
import { Book } from './book.js';
import { decideFarRetries } from './far-retries.js';
import { type HostileReceiver, startHostileReceiver } from './hostile-receiver.js';
import { findTaken } from './intake.js';
import { KillableStack } from './killable-stack.js';
import { leftovers } from './leftovers.js';
import { mendAndReplay, untilReplayed } from './replaying.js';
import { sendAll } from './sending.js';
import { SETTINGS } from './settings.js';
import { readAll, untilAllFinal } from './shown.js';
import { passOver, STORMY_MS } from './storms.js';
import { isTrial, trialCalls } from './trials.js';
import { planTasks, throughAws } from './workload.js';
import { type ChaosWorld, prepareWorld } from './world.js';

export interface ChaosRun {
  readonly seed: number;
  readonly tasks: number;
  /** Seconds between two kills, about. */
  readonly killEverySeconds: number;
  /** Whether storms of the platform pass over the stack, and one in a thousand messages and schedules is lost. */
  readonly storms?: boolean;
  /** Kills at least, even if everything is sent before. */
  readonly minKills: number;
  /** Changes what is run, such as a function's code. */
  readonly adapt?: (synthesized: Synthesized) => Synthesized;
  /** Told what is going on. */
  readonly say: (line: string) => void;
}

export interface ChaosResult extends Audit {
  readonly kills: number;
  /** Requests that clients had to repeat. */
  readonly repeatedRequests: number;
  /** Deliveries that ended in an exception, for SQS to bring them again. */
  readonly failedMessages: number;
}

/** Longer than the longest pause between two tries of a message, and a round of the reconciler. */
const PATIENCE_MS = 180_000;
const LOSES_ONE_IN = 1_000;
const QUARTER_MS = 15 * 60_000;
const QUARTER_PATIENCE_MS = 20_000;
/** What is lost once goes out within half an hour; what is lost again, or when its queue stood still, later. */
const MOST_QUARTERS = 16;
const PROGRESS_MS = 10_000;
const WARM_MS = 15_000;
const POLL_MS = 50;

/** The whole story: a stack that suffers, clients that insist, receivers that misbehave; then the audit. */
export async function runChaos({
  seed,
  tasks: count,
  say,
  adapt = (same) => same,
  storms = false,
  ...pace
}: ChaosRun): Promise<ChaosResult> {
  const tasks = throughAws(seed, planTasks(seed, count));
  const bodies = tasks.map(({ payload }) => JSON.stringify(payload));
  const synthesized = adapt(builtOnce(SETTINGS));
  const stack = new KillableStack(synthesized, seed, storms ? LOSES_ONE_IN : undefined);
  const isIntact = (task: number, body: string) => body === bodies[task];
  const receiver = await startHostileReceiver(seed, isIntact, () => stack.ahead);
  stack.targets = receiver.url;
  const book = new Book();
  let isGood = false;
  try {
    await stack.start();
    const world = await prepareWorld(stack, receiver, () => stack.sqs);
    const progress = setInterval(() => {
      say(`${book.runs.size} acknowledged, ${receiver.calls.length} calls received, ${stack.kills.length} kills`);
    }, PROGRESS_MS);
    progress.unref();
    const killing = keepKilling(stack, receiver, seed, pace);
    const sending = sendAll(seed, tasks, world, book, storms ? STORMY_MS : 0);
    const passing = storms ? passOver(stack, synthesized, say) : undefined;
    const all = [sending, passing, decideFarRetries(tasks, world, book, Promise.all([sending, passing]))];
    await Promise.race([Promise.all(all), killing.broken]);
    say('all tasks are sent, and their clients have changed their minds');
    await killing.stop();
    await findTaken(world, book, PATIENCE_MS);
    if (storms) await findWhatWasLost(stack, world, book, say);
    await untilAllFinal(world.client, book, PATIENCE_MS);
    say('all runs have ended; the doomed ones are mended and replayed');
    const { job } = await mendAndReplay(seed, world, book);
    await stack.kill();
    await stack.start({ calm: true });
    await untilReplayed(world, job);
    await untilAllFinal(world.client, book, PATIENCE_MS);
    clearInterval(progress);
    say('auditing');
    const shown = await readAll(world.client);
    await stack.stop();
    const left = leftovers(stack.data);
    const evidence = {
      tasks,
      book,
      calls: [...receiver.calls, ...trialCalls(left, stack, seed, isIntact)],
      shown,
      leftovers: left.filter((one) => !isTrial(one)),
      kills: stack.kills,
    };
    const audited = audit(evidence);
    isGood = audited.faults.length === 0;
    return {
      ...audited,
      kills: stack.kills.length,
      repeatedRequests: world.client.repeats,
      failedMessages: stack.log().filter((line) => line.includes('message failed')).length,
    };
  } finally {
    if (!isGood) say(`tables, queues and the log of the functions are left in ${stack.folder}`);
    await stack.dispose({ keep: !isGood });
    await receiver.close();
  }
}

/** Quarters of an hour pass, each with a round of the reconciler, until all that lost its message has gone out again. */
async function findWhatWasLost(
  stack: KillableStack,
  { client }: ChaosWorld,
  book: Book,
  say: (line: string) => void,
): Promise<void> {
  for (let quarters = 1; quarters <= MOST_QUARTERS; quarters++) {
    if (await untilAllFinal(client, book, QUARTER_PATIENCE_MS)) return;
    say(`${quarters} quarters of an hour pass, to find what was lost`);
    await stack.passes(QUARTER_MS);
  }
}

/** On a busy machine a stack that is killed before it is warm would never get anywhere. */
async function untilCalled({ calls }: HostileReceiver, signal: AbortSignal): Promise<void> {
  const before = calls.length;
  const end = Date.now() + WARM_MS;
  while (calls.length === before && Date.now() < end && !signal.aborted) await sleep(POLL_MS);
}

/** Kills the stack every few seconds, and starts it again; `broken` rejects when it does not come back. */
function keepKilling(
  stack: KillableStack,
  receiver: HostileReceiver,
  seed: number,
  pace: Pick<ChaosRun, 'killEverySeconds' | 'minKills'>,
) {
  const random = randomFrom(seed, 'kills');
  const enough = new AbortController();
  const work = (async () => {
    for (;;) {
      const { signal } = stack.kills.length < pace.minKills ? new AbortController() : enough;
      await untilCalled(receiver, signal);
      await sleep(pace.killEverySeconds * random.between(600, 1_400), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await stack.restart();
    }
  })();
  return {
    broken: new Promise<never>((_, reject) => work.catch(reject)),
    stop: () => {
      enough.abort();
      return work;
    },
  };
}
