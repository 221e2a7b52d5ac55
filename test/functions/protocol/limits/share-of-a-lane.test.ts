import { projectShares } from '../../../../functions/protocol/limits/project-shares.js';
import type { Lane } from '../../../../functions/subjects/endpoints/endpoint.js';
import { type StageSettings, settingsFor } from '../../../../lib/config.js';
import { PRICES } from '../../../../local/bench/costs/prices.js';
import { randomFrom } from '../../../../local/chaos/random.js';
import type { Message } from '../../../../local/sqs/message.js';
import { ReadyLines } from '../../../../local/sqs/ready-lines.js';
import { MemoryPlaces } from '../../../support/memory-places.js';

// A lane, the crowded lane, and the rule between them, on a made-up clock: at the deployed counts, and no slower for a busy
// machine. What is real: the rule, and how the local SQS shares a queue. `test/e2e/project-share` is the whole.

const NOISY = 'proj_noisy';
const QUIET = 'proj_quiet';
/** Lambda starts with five batches at a time and adds 300 a minute. */
const FIRST_BATCHES = 5;
const ADDED_EACH_MS = 200;
/** A start of an environment, the reads and writes around a call, or a message's way to the crowded lane. */
const AROUND_MS = 300;
const QUIET_CALL_MS = 200;
const QUIET_RUNS = 150;

interface Work {
  readonly project: string;
  readonly callMs: number;
  readonly sentAt: number;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A queue and its event source mapping. */
class ModelLane {
  readonly lines = new ReadyLines();
  private readonly works = new Map<Message, Work>();
  private readonly idle: number[] = [];
  private started = 0;
  private atWork = 0;
  private allowed = FIRST_BATCHES;

  constructor(
    private readonly places: number,
    private readonly batchSize: number,
    private readonly handle: (environment: number, work: Work) => Promise<void>,
  ) {
    setInterval(() => {
      if (this.atWork === 0) this.allowed = FIRST_BATCHES;
      else if (this.atWork >= this.allowed && this.lines.size > 0) this.allowed = Math.min(this.allowed + 1, places);
      this.poll();
    }, ADDED_EACH_MS);
  }

  send(work: Work, group: string): void {
    const message = { group } as Message;
    this.works.set(message, work);
    this.lines.add(message);
    this.poll();
  }

  private poll(): void {
    while (this.lines.size > 0 && this.atWork < Math.min(this.allowed, this.places)) void this.invoke();
  }

  private async invoke(): Promise<void> {
    const batch: Work[] = [];
    for (let first = this.lines.first; first && batch.length < this.batchSize; first = this.lines.first) {
      this.lines.remove(first);
      batch.push(this.works.get(first)!);
    }
    const environment = this.idle.pop() ?? this.started++;
    this.atWork++;
    await Promise.all(batch.map((work) => this.handle(environment, work)));
    this.atWork--;
    this.idle.push(environment);
    this.poll();
  }
}

interface Story {
  readonly lane: Lane;
  readonly places: number;
  readonly crowdedPlaces: number;
  readonly batchSize: number;
  readonly runs: number;
  readonly callMs: number;
  /** Calls before these that are short. */
  readonly shortBefore?: number;
  readonly share?: number;
  /** The runs come one by one, this far apart, so none of them waits. */
  readonly apartMs?: number;
}

/** The quiet project makes a call every half second, for more than a minute; answers how late they start. */
async function tell(story: Story) {
  const { lane, places, crowdedPlaces, batchSize, runs, callMs, shortBefore = 0, share = 0.5, apartMs = 0 } = story;
  const store = new MemoryPlaces();
  const writes = [jest.spyOn(store, 'take'), jest.spyOn(store, 'leave')];
  const reads = jest.spyOn(store, 'taken');
  const random = randomFrom(7, lane);
  const limit = share < 1 ? Math.ceil(share * places) : 0;
  const deliverers = new Map<string, ReturnType<typeof projectShares>>();
  const delivererOf = (holder: string) => {
    const shares =
      deliverers.get(holder) ??
      projectShares({
        places: store,
        limits: { fast: limit, slow: limit },
        hasOthers: async () => true,
        holder,
        clock: { now: Date.now },
        random: random.next,
        onError: (error) => {
          throw error;
        },
      });
    deliverers.set(holder, shares);
    return shares;
  };
  const latenesses: number[] = [];
  /** Environments in which a call of the noisy project is under way, with how many of them. */
  const noisy = new Map<string, number>();
  const most = { own: 0, crowded: 0 };
  const count = (holder: string, change: number) => {
    noisy.set(holder, (noisy.get(holder) ?? 0) + change);
    for (const name of ['own', 'crowded'] as const) {
      const taken = [...noisy].filter(([key, calls]) => key.startsWith(name) && calls > 0).length;
      most[name] = Math.max(most[name], taken);
    }
  };
  const call = async (holder: string, { project, callMs: lasts, sentAt }: Work) => {
    const waitsSince = holder.startsWith('crowded') ? 0 : sentAt;
    const span = { startsAt: 0, waitsSince, endsAt: Date.now() + 330_000 };
    await delivererOf(holder).occupying({ project, lane }, span, async () => {
      if (project === QUIET) latenesses.push(Date.now() - sentAt);
      if (project === NOISY) count(holder, 1);
      await pass(lasts + AROUND_MS);
      if (project === NOISY) count(holder, -1);
    });
  };
  const crowdedQueue = new ModelLane(crowdedPlaces, 10, (environment, work) => call(`crowded ${environment}`, work));
  const queue = new ModelLane(places, batchSize, async (environment, work) => {
    if (!(await delivererOf(`own ${environment}`).isOver({ project: work.project, lane })))
      return call(`own ${environment}`, work);
    await pass(AROUND_MS);
    crowdedQueue.send(work, work.project);
  });
  for (let n = 0; n < shortBefore; n++)
    queue.send({ project: NOISY, callMs: QUIET_CALL_MS, sentAt: Date.now() }, `${NOISY}#${n % 4}`);
  for (let n = 0; n < runs; n++)
    setTimeout(() => queue.send({ project: NOISY, callMs, sentAt: Date.now() }, `${NOISY}#${n % 4}`), n * apartMs);
  await jest.advanceTimersByTimeAsync(0);
  for (let n = 0; n < QUIET_RUNS; n++) {
    queue.send({ project: QUIET, callMs: QUIET_CALL_MS, sentAt: Date.now() }, `${QUIET}#1`);
    await jest.advanceTimersByTimeAsync(500);
  }
  await jest.advanceTimersByTimeAsync(400_000);
  expect(latenesses).toHaveLength(QUIET_RUNS);
  const { writeUnits, readUnits } = PRICES;
  const dollars = callsOf(writes) * writeUnits.dollars + 0.5 * callsOf([reads]) * readUnits.dollars;
  return { late: Math.max(...latenesses), ...most, dollarsPerMillion: dollars / runs };
}

const callsOf = (spies: readonly jest.SpyInstance[]) => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);

const SLOW = { lane: 'slow', batchSize: 1, callMs: 60_000 } as const;
const FAST = { lane: 'fast', batchSize: 10, callMs: 25_000 } as const;
const DEV = settingsFor('dev');
const PROD = settingsFor('prod');
const placesOf = ({ slowLaneConcurrency: places, crowdedLaneConcurrency: crowdedPlaces }: StageSettings) => ({
  places,
  crowdedPlaces,
});
const slow = { ...SLOW, ...placesOf(DEV) };
const fast = { ...FAST, places: DEV.fastLaneConcurrency, crowdedPlaces: DEV.crowdedLaneConcurrency };

const STORIES: [string, Story, number][] = [
  ['slow calls', { ...slow, runs: 400 }, 5_000],
  ['calls that last as long as they may', { ...slow, runs: 400, callMs: 300_000 }, 5_000],
  ['calls of 25 s in the fast lane', { ...fast, runs: 2_000 }, 1_000],
  ['short calls', { ...fast, runs: 10_000, callMs: 200 }, 1_000],
  ['calls that are just not long', { ...fast, runs: 4_000, callMs: 1_100 }, 1_000],
  ['calls that hang after a few short calls', { ...fast, runs: 800, shortBefore: 4_000 }, 1_000],
  ['calls that hang after short calls that had the lane', { ...fast, runs: 800, shortBefore: 15_000 }, 1_000],
  ['slow calls that begin one by one', { ...slow, runs: 100, callMs: 300_000, apartMs: 1_200 }, 1_000],
  // Here Lambda's growth binds: of five more a second, the model's SQS gives the noisy project's four groups four.
  ['slow calls in `prod`', { ...SLOW, ...placesOf(PROD), runs: 2_000 }, 10_000],
];

test.each(STORIES)('%s of one project do not hold up another', async (_what, story, mostMs) => {
  const { late, own, crowded } = await tell(story);
  expect(late).toBeLessThanOrEqual(mostMs);
  if (story.callMs < 25_000 || story.shortBefore || story.apartMs) return;
  expect(own).toBeLessThanOrEqual(0.6 * story.places);
  expect(crowded).toBeGreaterThan(0.7 * story.crowdedPlaces);
});

test('without a share they do', async () => {
  const { late, own } = await tell({ ...slow, runs: 200, share: 1 });
  expect(late).toBeGreaterThan(30_000);
  expect(own).toBe(slow.places);
});

// One message per invocation, which is the dearest.
test.each([
  ['dev', DEV, 2_100],
  ['prod', PROD, 210],
])(
  'in `%s` the notes of a project below its share cost at most $0.10 for a million calls of 25 s',
  async (_stage, of, apartMs) => {
    const { fastLaneConcurrency: places, crowdedLaneConcurrency: crowdedPlaces } = of;
    const runs = Math.floor(400_000 / apartMs);
    const told = await tell({ ...FAST, places, crowdedPlaces, runs, apartMs });
    expect([told.crowded, told.own / places > 0.2]).toEqual([0, true]);
    expect(told.dollarsPerMillion).toBeLessThanOrEqual(0.1);
  },
);
