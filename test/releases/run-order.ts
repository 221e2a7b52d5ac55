import type { Synthesized } from '../../local/local-stack.js';
import { type Received, startReceiver } from '../../local/receiver.js';
import { grouped } from '../chaos/grouped.js';
import { isFinal } from '../chaos/shown.js';
import { type StoryReceiver, tellingReceiver } from '../stories/receiver.js';
import { StoryTeller } from '../stories/story-teller.js';
import { expectStatus } from '../support/http-client.js';
import { newProject } from '../support/tenant.js';
import { startLoad } from './load.js';
import { SERVED } from './mixed.js';
import { allRows, differences, type Get, snapshotOf } from './shown-by-both.js';
import type { Spanning, SpanningStory } from './spanning-story.js';
import { SwitchedStack } from './switched-stack.js';

export interface Order {
  readonly first: Synthesized;
  readonly second: Synthesized;
  readonly stories: readonly SpanningStory[];
  readonly seed: number;
  /** Tasks of the load; without any there is none. */
  readonly tasks: number;
  /** Told what is going on. */
  readonly say: (line: string) => void;
}

export interface OrderResult {
  readonly counts: Readonly<Record<string, number>>;
  /** What must not be, in words. */
  readonly faults: readonly string[];
}

const PASSING_MINUTES = 32;

/** Begins all work under the first release, and ends it under the second, over one data folder. */
export async function runOrder({ first, second, stories, seed, tasks, say }: Order): Promise<OrderResult> {
  const stack = new SwitchedStack();
  const receiver = await startReceiver();
  const faults: string[] = [];
  let load: Awaited<ReturnType<typeof startLoad>> | undefined;
  try {
    await stack.start(first);
    const told = await Promise.all(stories.map((story) => begin(story, stack, tellingReceiver(receiver.url), faults)));
    if (tasks > 0) load = await startLoad(stack, seed, tasks);
    const ofLoad: Get[] = load ? [(path) => load!.client.must('GET', path)] : [];
    const projects: Get[] = [...told.map(({ get }) => get), ...ofLoad];
    say('work begins');
    await Promise.all([...told.map(({ goOn }) => goOn()), load?.untilHalf()]);
    const before = await Promise.all(projects.map(snapshotOf));
    const open = (await Promise.all(projects.map((get) => allRows(get, '/v1/tasks')))).flat();
    await stack.switchTo(second);
    const after = await Promise.all(projects.map(snapshotOf));
    faults.push(...before.flatMap((snapshot, index) => differences(snapshot, after[index]!)));
    say('the release has changed, and shows what was written before');
    await Promise.all([...told.map(({ goOn }) => goOn()), load?.finish()]);
    say(`${PASSING_MINUTES} minutes pass`);
    await stack.passes(PASSING_MINUTES);
    await Promise.all(told.map(({ goOn }) => goOn()));
    const runs = (await Promise.all(told.map(({ get }) => allRows(get, '/v1/tasks')))).flat();
    await stack.stop();
    const audited = load?.audit();
    const received: Received[] = JSON.parse(await (await fetch(`${receiver.url}/received`)).text());
    faults.push(...(audited?.faults ?? []), ...endFaults(runs), ...repeatFaults(received, stack.switches));
    const served = stack.log.flatMap((line) => SERVED.exec(line)?.[1] ?? []);
    return {
      counts: {
        'stories told': told.length,
        'objects and rows that the other release was asked for': before.reduce((sum, { size }) => sum + size, 0),
        'runs that were open at the switch': open.filter((run) => !isFinal(run)).length,
        'runs of the stories': runs.length,
        'calls of the stories': received.length,
        ...(audited && { 'runs of the load': audited.counts['accepted']!, 'of them lost': audited.counts['lost']! }),
        ...(audited && { 'calls of the load': audited.counts['HTTP calls']! }),
        ...(served.length > 0 && {
          'invocations of the old bundles': served.filter((release) => release === '0').length,
          'invocations of the new bundles': served.filter((release) => release === '1').length,
        }),
      },
      faults,
    };
  } finally {
    if (faults.length > 0) say(`tables and queues are left in ${stack.folder}`);
    await stack.dispose({ keep: faults.length > 0 });
    await load?.close();
    await receiver.close();
  }
}

/** A story in a project of its own; what fails in it is a fault, after which it does not go on. */
async function begin(story: SpanningStory, stack: SwitchedStack, receiver: StoryReceiver, faults: string[]) {
  const access = await newProject(stack.api, stack.operatorKey);
  const { operator } = access;
  const teller = new StoryTeller(access);
  const telling = story.tell({ stack, operator, teller, receiver: receiver as Spanning['receiver'] });
  return {
    get: async (path: string) => expectStatus(await teller.api.get(path), 200).body,
    async goOn(): Promise<void> {
      await telling.next().catch((error) => faults.push(`${story.name}: ${error.message}`));
    },
  };
}

function endFaults(runs: readonly { readonly id: string; readonly status: string }[]): string[] {
  return runs.filter((run) => !isFinal(run as never)).map(({ id, status }) => `${id} is stuck in ${status}`);
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
