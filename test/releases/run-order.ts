import type { Synthesized } from '../../local/local-stack.js';
import { type Received, startReceiver } from '../../local/receiver.js';
import { grouped } from '../chaos/grouped.js';
import { PersistentClient } from '../chaos/persistent-client.js';
import { isFinal, type ShownRun } from '../chaos/shown.js';
import { type StoryReceiver, tellingReceiver } from '../stories/receiver.js';
import { StoryTeller } from '../stories/story-teller.js';
import { newProject } from '../support/tenant.js';
import { startLoad } from './load.js';
import { SERVED } from './mixed.js';
import { differences, snapshotOf } from './shown-by-both.js';
import type { Spanning, SpanningStory } from './spanning-story.js';
import { SwitchedStack } from './switched-stack.js';

export interface Order {
  readonly first: Synthesized;
  readonly second: Synthesized;
  readonly stories: readonly SpanningStory[];
  readonly seed: number;
  /** Tasks of the load; without any there is none. */
  readonly tasks: number;
  /** How long it takes until all is ended. The clock is moved, so it takes a fraction of that. */
  readonly minutes: number;
  /** Whether messages may wait for the other release: in an upgrade each of them is read at once. */
  readonly mayWait: boolean;
  /** Whether the first release takes over again at the end. */
  readonly returns?: boolean;
  /** Whether the data folder stays after a fault. */
  readonly keep: boolean;
  /** Told what is going on. */
  readonly say: (line: string) => void;
}

export interface OrderResult {
  readonly counts: Readonly<Record<string, number>>;
  /** What must not be, in words. */
  readonly faults: readonly string[];
}

const isUnknown = (line: string) => line.includes('UnknownFormatError');

/** Begins all work under the first release, and ends it under the second, over one data folder. */
export async function runOrder(order: Order): Promise<OrderResult> {
  const { first, second, stories, seed, tasks, minutes, mayWait, returns = false, keep, say } = order;
  const stack = new SwitchedStack();
  const receiver = await startReceiver();
  const faults: string[] = [];
  let load: Awaited<ReturnType<typeof startLoad>> | undefined;
  try {
    await stack.start(first);
    const told = await Promise.all(stories.map((story) => begin(story, stack, tellingReceiver(receiver.url), faults)));
    const allGoOn = (chosen = told) => Promise.all(chosen.map(({ goOn }) => goOn()));
    const clients = told.map(({ client }) => client);
    const runsOf = async () => (await Promise.all(clients.map((client) => client.all<ShownRun>('/v1/tasks')))).flat();
    say('work begins');
    await allGoOn(told.filter(({ isBrief }) => !isBrief));
    if (tasks > 0) {
      load = await startLoad(stack, seed, tasks);
      clients.push(load.client);
      await load.untilHalf();
    }
    const before = await Promise.all(clients.map(snapshotOf));
    await allGoOn(told.filter(({ isBrief }) => isBrief));
    const open = (await runsOf()).filter((run) => !isFinal(run));
    if (load && open.length === 0) faults.push('no run is open at the switch');
    await stack.switchTo(second);
    const after = await Promise.all(clients.map(snapshotOf));
    faults.push(...before.flatMap((snapshot, index) => differences(snapshot, after[index]!)));
    say('the release has changed');
    await Promise.all([allGoOn(), load?.finish()]);
    say(`${minutes} minutes pass`);
    await stack.passes(minutes);
    await allGoOn();
    if (returns) {
      await stack.switchTo(first);
      say('the first release is back');
      await allGoOn();
    }
    const runs = await runsOf();
    await stack.stop();
    const audited = load?.audit();
    const received: Received[] = JSON.parse(await (await fetch(`${receiver.url}/received`)).text());
    faults.push(...(audited?.faults ?? []), ...stuckFaults(runs), ...repeatFaults(received, stack.switches));
    const served = stack.log.flatMap((line) => SERVED.exec(line)?.[1] ?? []);
    const waited = stack.log.filter(isUnknown).length;
    if (waited > 0 && !mayWait) faults.push(`${waited} receives of messages that the new release does not read`);
    const counts = {
      'stories told': told.length,
      'rows and objects that both releases showed': before.reduce((sum, { size }) => sum + size, 0),
      'runs that were open at the switch': open.length,
      runs: runs.length,
      calls: received.length + (audited?.counts['HTTP calls'] ?? 0),
      'receives of messages that waited for the other release': waited,
      ...(served.length > 0 && {
        'invocations of the old bundles': served.filter((release) => release === '0').length,
        'invocations of the new bundles': served.filter((release) => release === '1').length,
      }),
    };
    return { counts, faults };
  } finally {
    if (keep && faults.length > 0) say(`tables and queues are left in ${stack.folder}`);
    await stack.dispose({ keep: keep && faults.length > 0 });
    await load?.close();
    await receiver.close();
  }
}

/** A story in a project of its own; what fails in it is a fault, after which it does not go on. */
async function begin(story: SpanningStory, stack: SwitchedStack, receiver: StoryReceiver, faults: string[]) {
  const access = await newProject(stack.api, stack.operatorKey);
  const { api, operator } = access;
  const spanning = { stack, operator, teller: new StoryTeller(access), receiver: receiver as Spanning['receiver'] };
  const telling = story.tell(spanning);
  return {
    isBrief: story.isBrief ?? false,
    client: new PersistentClient(() => api.base, api.headers),
    async goOn(): Promise<void> {
      await telling.next().catch((error) => faults.push(`${story.name}: ${error.message}`));
    },
  };
}

function stuckFaults(runs: readonly ShownRun[]): string[] {
  return runs.filter((run) => !isFinal(run)).map(({ id, status }) => `${id} is stuck in ${status}`);
}

/** No attempt is called twice, unless the switch ended its first worker. */
function repeatFaults(received: readonly Received[], switches: readonly number[]): string[] {
  const attempts = grouped(
    received,
    ({ headers }) => `${headers['webhook-id']} attempt ${headers['punctual-attempt']}`,
  );
  return [...attempts].flatMap(([attempt, calls]) => {
    const times = calls.map(({ received_at }) => Date.parse(received_at));
    const isExcused = times.length === 2 && switches.some((at) => times[0]! <= at && at <= times[1]!);
    return times.length === 1 || isExcused ? [] : [`${attempt} was called ${times.length} times`];
  });
}
