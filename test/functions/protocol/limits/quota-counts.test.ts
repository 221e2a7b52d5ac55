import {
  createQuotaCounts,
  createRunQuota,
  type TakeQuota,
  takeRuns,
} from '../../../../functions/protocol/limits/quota-counts.js';
import { createUsageStore } from '../../../../functions/storage/usage-store.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { allowanceOf, windowAt } from '../../../../functions/subjects/projects/quotas.js';
import { startPipelineWorld } from '../../../support/pipeline-world.js';
import { QUOTAS } from '../../../support/quotas.js';

const DAY = 86_400_000;
const NOON = Date.UTC(2030, 0, 1, 12);
const PROJECT = 'proj_1';
const ONE = { count: 1, bytes: 0 };
const before = async () => 0;
const starting = startPipelineWorld();
afterAll(async () => (await starting).close());

let days = 0;
/** Execution environments over one store, on a day of their own. */
async function environments(count: number) {
  const { client } = await starting;
  const usage = createUsageStore(client, 'runs', 'config', 3 * DAY);
  const clock = { at: NOON + 2 * days++ * DAY, now: () => clock.at };
  let reports = 0;
  const counted = {
    ...usage,
    add: (...given: Parameters<typeof usage.add>) => usage.add(...given).finally(() => reports++),
  };
  const takes = Array.from({ length: count }, () => createQuotaCounts(counted, clock));
  const used = () => usage.used(PROJECT, 'runs_per_day', windowAt('runs_per_day', clock.at).start);
  return { takes, clock, used, reports: () => reports };
}

const take = async (one: TakeQuota, limit: number, count?: number) =>
  (await one('runs_per_day', PROJECT, limit, count)).isWithin;

/** How many are admitted when all environments go on until each refuses. */
async function admittedBy(takes: readonly TakeQuota[], limit: number): Promise<number> {
  let admitted = 0;
  await Promise.all(
    takes.map(async (one) => {
      while (await take(one, limit)) admitted += 1;
    }),
  );
  return admitted;
}

test('a small quota is exact in one environment, and nothing is written once it is used up', async () => {
  const { takes, reports } = await environments(1);
  expect(await admittedBy(takes, 20)).toBe(20);
  const reported = reports();
  expect(await take(takes[0]!, 20)).toBe(false);
  expect(reports()).toBe(reported);
});

test('a small quota is exact in many environments', async () => {
  const { takes } = await environments(12);
  expect(await admittedBy(takes, 50)).toBe(50);
});

test.each([
  [50_000, 10],
  [50_000, 300],
])('of %d runs a day in %d environments at most a tenth more are admitted, and none less', async (limit, count) => {
  // In memory: a thousand reports take the local table ten seconds.
  let sum = 0;
  const add = async (_project: string, _quota: string, _start: number, more: number) => {
    sum += more;
    return sum;
  };
  const takes = Array.from({ length: count }, () => createQuotaCounts({ add, before }, { now: () => NOON }));
  const admitted = await admittedBy(takes, limit);
  expect(admitted).toBeGreaterThanOrEqual(limit);
  expect(admitted).toBeLessThanOrEqual(limit * 1.1);
});

test('an environment reports its allowance at a time', async () => {
  const { takes, reports, used } = await environments(1);
  const limit = 1_000_000;
  const allowance = allowanceOf('runs_per_day', limit);
  for (let n = 1; n < allowance; n++) await take(takes[0]!, limit);
  expect(reports()).toBe(0);
  await take(takes[0]!, limit);
  expect([reports(), await used()]).toEqual([1, allowance]);
});

test('what is left is known from the first report on, and then without another', async () => {
  const { takes, reports } = await environments(2);
  const [one, other] = takes.map((taking) => (count: number) => taking('runs_per_day', PROJECT, 20_000, count));
  expect(await one!(1)).toEqual({ isWithin: true });
  await other!(100);
  expect(await one!(1)).toEqual({ isWithin: true, left: 19_898 });
  const reported = reports();
  expect(await one!(1)).toEqual({ isWithin: true, left: 19_897 });
  expect(reports()).toBe(reported);
  expect(await one!(20_000)).toEqual({ isWithin: false, left: 19_897 });
});

test('little is reported after ten minutes', async () => {
  const { takes, clock, used } = await environments(1);
  await take(takes[0]!, 1_000_000);
  clock.at += 10 * 60_000;
  expect(await used()).toBe(0);
  await take(takes[0]!, 1_000_000);
  expect(await used()).toBe(2);
});

test('a window begins with nothing used', async () => {
  const { takes, clock } = await environments(1);
  expect(await admittedBy(takes, 3)).toBe(3);
  clock.at = windowAt('runs_per_day', clock.at).end;
  expect(await admittedBy(takes, 3)).toBe(3);
});

test('several are taken together, or none', async () => {
  const { takes } = await environments(1);
  expect(await take(takes[0]!, 10, 8)).toBe(true);
  expect(await take(takes[0]!, 10, 3)).toBe(false);
  expect(await take(takes[0]!, 10, 2)).toBe(true);
});

test('a store that does not answer refuses nothing, and what was counted meanwhile is reported later', async () => {
  let isDown = true;
  const sent: number[] = [];
  const add = async (_project: string, _quota: string, _start: number, count: number) => {
    if (isDown) throw new Error('down');
    sent.push(count);
    return sent.reduce((sum, one) => sum + one, 0);
  };
  const one = createQuotaCounts({ add, before }, { now: () => NOON });
  expect([await take(one, 20), await take(one, 20)]).toEqual([true, true]);
  isDown = false;
  expect(await take(one, 20)).toBe(true);
  expect(sent).toEqual([3]);
});

test('where the project is not at hand, its quota is read once, and again before a refusal', async () => {
  const { takes, clock } = await environments(1);
  const project: { quotas: Project['quotas']; reads: number } = { quotas: { runs_per_day: 2 }, reads: 0 };
  const config = {
    project: async () => {
      project.reads += 1;
      return project as unknown as Project;
    },
  };
  const takeOf = createRunQuota(takes[0]!, config, QUOTAS, clock);
  expect([await takeOf(PROJECT, ONE), await takeOf(PROJECT, ONE), project.reads]).toEqual([true, true, 1]);
  expect(await takeOf(PROJECT, ONE)).toBe(false);
  project.quotas = { runs_per_day: 3 };
  expect([await takeOf(PROJECT, ONE), await takeOf(PROJECT, ONE)]).toEqual([true, false]);
});

test('stored bytes are those of all days within the retention, and leave the count with their day', async () => {
  const { takes, clock } = await environments(2);
  const project = 'proj_stores';
  const store = (one: TakeQuota, bytes: number) =>
    takeRuns(one, project, (quota) => (quota === 'stored_bytes' ? 1_000 : 50), { count: 1, bytes });
  expect([await store(takes[0]!, 600), await store(takes[1]!, 300)]).toEqual([undefined, undefined]);
  expect([await store(takes[0]!, 101), await store(takes[0]!, 0)]).toEqual(['stored_bytes', undefined]);
  clock.at += DAY;
  expect([await store(takes[1]!, 101), await store(takes[1]!, 100)]).toEqual(['stored_bytes', undefined]);
  clock.at += 2 * DAY;
  expect(await store(takes[0]!, 1)).toBe('stored_bytes');
  clock.at += DAY;
  expect([await store(takes[0]!, 901), await store(takes[0]!, 900)]).toEqual(['stored_bytes', undefined]);
});

test('runs beyond those of the day take no room for payloads', async () => {
  const { takes } = await environments(1);
  const project = 'proj_takes';
  const store = (bytes: number) =>
    takeRuns(takes[0]!, project, (quota) => (quota === 'stored_bytes' ? 1_000 : 1), { count: 1, bytes });
  expect([await store(500), await store(500), await store(500)]).toEqual([undefined, 'runs_per_day', 'runs_per_day']);
  expect((await takes[0]!('stored_bytes', project, 1_000, 500)).isWithin).toBe(true);
});

test('without an answer about the days before, nothing is refused for them', async () => {
  let asked = 0;
  const down = async () => {
    asked += 1;
    throw new Error('down');
  };
  const one = createQuotaCounts({ add: async () => 0, before: down }, { now: () => NOON });
  expect((await one('stored_bytes', PROJECT, 1_000_000_000, 1)).isWithin).toBe(true);
  expect((await one('stored_bytes', PROJECT, 1_000_000_000, 1)).isWithin).toBe(true);
  expect(asked).toBe(2);
});
