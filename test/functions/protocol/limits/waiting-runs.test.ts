import { createQuotaCounts, takeRuns } from '../../../../functions/protocol/limits/quota-counts.js';
import { createWaitingRuns, waitingNow } from '../../../../functions/protocol/limits/waiting-runs.js';
import type { CountedRuns, QuotaName } from '../../../../functions/subjects/projects/quotas.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const NOON = Date.UTC(2030, 0, 1, 12);
const PROJECT = 'proj_1';

/** Execution environments over one store. `waiting` is what a count finds. */
function aProject({ most = 5, perDay = 1_000_000_000, environments = 1 } = {}) {
  const clock = { at: NOON, now: () => clock.at };
  const sums = new Map<number, number>();
  const rows = new Map<number, CountedRuns>();
  const world = { clock, most, waiting: 0, peak: 0, counts: 0, isDown: false, rows };
  const usage = {
    async add(_project: string, _quota: string, start: number, count: number) {
      sums.set(start, (sums.get(start) ?? 0) + count);
      return sums.get(start)!;
    },
    before: async () => 0,
    used: async (_project: string, _quota: string, start: number) => sums.get(start) ?? 0,
    async counted() {
      if (world.isDown) throw new Error('the table is not there');
      return [...rows].sort(([a], [b]) => b - a)[0]?.[1];
    },
    putCounted: async (_project: string, counted: CountedRuns) => void rows.set(counted.start, counted),
  };
  const count = async () => {
    world.counts += 1;
    return world.waiting;
  };
  const ofEach = Array.from({ length: environments }, () => {
    const waiting = createWaitingRuns(usage, count, clock);
    return { waiting, take: createQuotaCounts(usage, clock, waiting) };
  });
  const limitOf = (name: QuotaName) => (name === 'waiting_runs' ? world.most : perDay);
  /** Makes runs as a request does. */
  async function make(runs = 1, environment = 0): Promise<string | undefined> {
    const refused = await takeRuns(ofEach[environment]!.take, PROJECT, limitOf, { count: runs, bytes: 0 });
    if (refused === undefined) world.waiting += runs;
    world.peak = Math.max(world.peak, world.waiting);
    return refused;
  }
  const now = () => waitingNow(ofEach[0]!.waiting, usage, PROJECT, clock.at);
  return Object.assign(world, { make, now });
}

test('as many runs wait as may, exactly, and the others are refused', async () => {
  const project = aProject({ most: 5 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => project.make()));
  expect(answers.filter((refused) => refused === undefined)).toHaveLength(5);
  expect(answers.filter((refused) => refused === 'waiting_runs')).toHaveLength(3);
  expect(project.counts).toBe(1);
});

test('what has ended is noticed at the next refusal, a minute after the last count', async () => {
  const project = aProject({ most: 5 });
  expect(await project.make(5)).toBeUndefined();
  project.waiting = 1;
  expect(await project.make()).toBe('waiting_runs');
  project.clock.at += MINUTE;
  const answers = await Promise.all(Array.from({ length: 6 }, () => project.make()));
  expect(answers.filter((refused) => refused === undefined)).toHaveLength(4);
  expect(project.counts).toBe(2);
});

test('nothing is counted while what was made fits, however many runs end', async () => {
  const project = aProject({ most: 5_000 });
  for (let n = 0; n < 5_000; n++, project.waiting = 0) expect(await project.make()).toBeUndefined();
  expect(project.counts).toBe(1);
});

test('several are made together, or none', async () => {
  const project = aProject({ most: 5 });
  expect([await project.make(4), await project.make(2), await project.make(1)]).toEqual([
    undefined,
    'waiting_runs',
    undefined,
  ]);
});

test('the quota of the day is refused as before', async () => {
  const project = aProject({ most: 5, perDay: 3 });
  expect([await project.make(3), await project.make()]).toEqual([undefined, 'runs_per_day']);
});

// [quota, environments, of ten runs so many end at once, minutes]
test.each([
  [20, 1, 0, 3],
  [20, 12, 5, 3],
  [3_000, 12, 8, 5],
  [50_000, 60, 9, 2],
])(
  'of %d in %d environments at most a tenth more wait, and no less than the quota may, while %d of ten end',
  async (most, environments, ending, minutes) => {
    const project = aProject({ most, environments });
    let made = 0;
    for (let minute = 0; minute < minutes; minute++, project.clock.at += MINUTE) {
      await Promise.all(
        Array.from({ length: environments }, async (_, environment) => {
          for (let n = 0; n < (2 * most) / environments; n++) {
            if ((await project.make(1, environment)) !== undefined) return;
            if (made++ % 10 < ending) project.waiting -= 1;
          }
        }),
      );
      expect(project.waiting).toBeGreaterThanOrEqual(ending === 0 ? most : 0);
    }
    expect(project.peak).toBeLessThanOrEqual(most * 1.1);
    // Each minute goes on with what the count has found.
    if (ending > 0) expect(made).toBeGreaterThan(most * (1 + ending / 10));
    expect(project.counts).toBeLessThanOrEqual(environments * minutes);
  },
);

test('a count holds for its day and the next one; of the days after, they are counted anew', async () => {
  const project = aProject({ most: 100 });
  await project.make(30);
  project.waiting = 10;
  project.clock.at += DAY;
  expect(await project.make(60)).toBeUndefined();
  expect(project.counts).toBe(1);
  expect(await project.make(11)).toBeUndefined(); // it is counted again: 70 wait
  expect(project.counts).toBe(2);
  project.clock.at += 2 * DAY;
  await project.make();
  expect(project.counts).toBe(3);
});

test('a count of one environment holds for the others', async () => {
  const project = aProject({ most: 10, environments: 3 });
  for (const environment of [0, 1, 2]) await project.make(3, environment);
  expect(project.counts).toBe(1);
  expect(await project.make(3, 1)).toBe('waiting_runs');
  project.waiting = 0;
  project.clock.at += MINUTE;
  expect(await project.make(3, 1)).toBeUndefined();
  expect(await project.make(3, 2)).toBeUndefined();
  expect(project.counts).toBe(2);
});

test('a lower quota holds at once, and so does a higher one', async () => {
  const project = aProject({ most: 10 });
  await project.make(6);
  project.most = 5;
  expect(await project.make()).toBe('waiting_runs');
  project.most = 7;
  expect(await project.make()).toBeUndefined();
});

test('a store that does not answer refuses nothing', async () => {
  const project = aProject({ most: 2 });
  project.isDown = true;
  expect([await project.make(), await project.make(), await project.make()]).toEqual([undefined, undefined, undefined]);
  project.isDown = false;
  expect(await project.make()).toBe('waiting_runs');
});

test('what is shown is counted within the minute, and what was made since is in it', async () => {
  const project = aProject({ most: 10 });
  await project.make(4);
  expect(await project.now()).toBe(4);
  project.waiting = 1;
  expect(await project.now()).toBe(4);
  project.clock.at += MINUTE;
  expect(await project.now()).toBe(1);
});
