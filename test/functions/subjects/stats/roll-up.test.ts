import { ConflictError } from '../../../../functions/primitives/faults.js';
import { hexOf, makeId } from '../../../../functions/primitives/ids.js';
import { cancelRun, createRun, replayDeadLetter } from '../../../../functions/protocol/runs/run-operations.js';
import type { Outcome } from '../../../../functions/subjects/stats/hour-stats.js';
import { rollUp, rollUpAll } from '../../../../functions/subjects/stats/roll-up.js';
import { HOUR_MS, hourOf } from '../../../../functions/subjects/stats/stats-ports.js';
import { MemoryStats } from '../../../support/memory-stats.js';
import { aRun, FAILED, Killed, MemoryWorld, START } from '../../../support/memory-world.js';

const FIRST_HOUR = hourOf(START) + HOUR_MS;
const MINUTE = 60_000;
const HOURS = 12;

/** Numbers that look drawn, the same every time. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Half a day of everything: successes, retries over hours, deaths, delays, cancels; counted every quarter of an hour. */
async function halfADay(seed: number, countNow: (stats: MemoryStats, world: MemoryWorld) => Promise<void>) {
  const draw = drawing(seed);
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.project = { ...world.project, created_at: FIRST_HOUR };
  world.now = FIRST_HOUR;
  const outcomes: string[] = [];
  world.answer = (call) => {
    const outcome = draw(3) === 0 ? 'failed' : draw(8) === 0 ? 'timed_out' : 'success';
    outcomes[call] = outcome;
    const failed = { ...FAILED, status: outcome as 'failed' };
    return { ...(outcome === 'success' ? {} : failed), finished_at: world.now + draw(5_000) };
  };
  const made: string[] = [];
  for (let minute = 0; minute < HOURS * 60; minute += 5) {
    await world.runUntil(FIRST_HOUR + minute * MINUTE);
    const delay = draw(3) === 0 ? draw(4 * 60) * MINUTE : 0;
    const id = makeId('run', world.now, Buffer.from(hexOf(makeId('run', minute, Buffer.alloc(8, draw(256)))), 'hex'));
    made.push(id);
    await createRun(world.ports, aRun({ id, due: world.now + delay, created_at: world.now, max_attempts: 5 }));
    const unwanted = world.definitions.get(made[draw(made.length)]!)!;
    if (draw(4) === 0)
      await cancelRun(world.ports, unwanted).catch((error) => expect(error).toBeInstanceOf(ConflictError));
    if (minute % 15 === 0) await countNow(stats, world);
  }
  await world.settleDown();
  world.now = Math.max(world.now, FIRST_HOUR + 48 * HOUR_MS);
  await countNow(stats, world);
  return { world, stats, outcomes };
}

type Happened = Awaited<ReturnType<typeof halfADay>>;

function counted({ stats }: Happened, outcome: Outcome): Map<number, number> {
  const hours = [...stats.hours.values()].filter(({ stats: { outcomes } }) => outcomes[outcome] > 0);
  return new Map(hours.map(({ hour, stats: { outcomes } }) => [hour, outcomes[outcome]]));
}

function byHour(moments: readonly number[]): Map<number, number> {
  const hours = new Map<number, number>();
  for (const at of [...moments].sort((a, b) => a - b)) hours.set(hourOf(at), (hours.get(hourOf(at)) ?? 0) + 1);
  return hours;
}

function expectCountedRight(happened: Happened): void {
  const { world, outcomes } = happened;
  for (const outcome of ['success', 'failed', 'timed_out'] as const) {
    const moments = world.calls.flatMap(({ at }, call) => (outcomes[call] === outcome ? [at] : []));
    expect([outcome, counted(happened, outcome)]).toEqual([outcome, byHour(moments)]);
  }
  const ended = (status: string) => [...world.states.values()].filter((state) => state.status === status);
  expect(counted(happened, 'dead_letters')).toEqual(byHour(ended('dead_letter').map((state) => state.finished_at!)));
  const cancelled = [...counted(happened, 'cancelled').values()].reduce((sum, count) => sum + count, 0);
  expect(cancelled).toBe(ended('cancelled').length);
}

const countAll = (stats: MemoryStats, world: MemoryWorld) => rollUp(stats.ports, world.project, Infinity);

test.each([1, 2, 3, 4])('each attempt and each end is counted once, in its hour (%d)', async (seed) => {
  const happened = await halfADay(seed, countAll);
  expect(happened.outcomes.length).toBeGreaterThan(100);
  expectCountedRight(happened);
});

test('a roll-up that dies at any of its calls, again and again, counts nothing twice', async () => {
  const draw = drawing(9);
  let deaths = 0;
  const happened = await halfADay(5, async (stats, world) => {
    world.at = () => {
      if (draw(12) > 0) return;
      deaths++;
      throw new Killed();
    };
    await countAll(stats, world).catch((error) => expect(error).toBeInstanceOf(Killed));
    world.at = () => {};
    if (world.now > FIRST_HOUR + HOURS * HOUR_MS) await countAll(stats, world);
  });
  expect(deaths).toBeGreaterThan(20);
  expectCountedRight(happened);
});

test('one that comes a day late counts the same', async () => {
  let isOver = false;
  const happened = await halfADay(6, async (stats, world) => {
    isOver = world.now >= FIRST_HOUR + 48 * HOUR_MS;
    if (isOver) world.now = FIRST_HOUR + 23 * HOUR_MS;
    if (isOver) await countAll(stats, world);
  });
  expect(isOver).toBe(true);
  expectCountedRight(happened);
});

test('two at once count once', async () => {
  const happened = await halfADay(7, async (stats, world) => {
    await Promise.all([countAll(stats, world), countAll(stats, world)]);
    await countAll(stats, world);
  });
  expectCountedRight(happened);
});

/** A run in the first hour that fails for good. */
async function aDeath() {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.project = { ...world.project, created_at: FIRST_HOUR };
  world.now = FIRST_HOUR;
  world.answer = () => FAILED;
  const run = aRun({ id: makeId('run', FIRST_HOUR, Buffer.alloc(8)), due: FIRST_HOUR, max_attempts: 1 });
  await createRun(world.ports, run);
  await world.settleDown();
  return { world, stats, run, happened: { world, stats, outcomes: [] } };
}

test.each([
  ['hours later', 3 * HOUR_MS],
  ['in the same hour', 5 * MINUTE],
])('a dead run that is replayed %s is followed by its attempts', async (_when, later) => {
  const { world, stats, run, happened } = await aDeath();
  world.now = FIRST_HOUR + later;
  await countAll(stats, world);
  await replayDeadLetter(world.ports, world.letters.get(run.id)!);
  await world.settleDown();
  world.now = FIRST_HOUR + 6 * HOUR_MS;
  await countAll(stats, world);
  const isLater = later > HOUR_MS;
  expect(counted(happened, 'failed')).toEqual(byHour([FIRST_HOUR, FIRST_HOUR + later]));
  // As they stand when the hour is counted: a death that was undone before is none.
  expect(counted(happened, 'dead_letters')).toEqual(byHour([...(isLater ? [FIRST_HOUR] : []), FIRST_HOUR + later]));
});

test('an attempt that lost against another worker’s is not counted', async () => {
  const { world, stats, run, happened } = await aDeath();
  const first = world.states.get(run.id)!.first_attempt!;
  const id = makeId('att', FIRST_HOUR + 1, Buffer.alloc(8, 1));
  world.attempts.set(id, { ...first, id, attempt: 2 });
  world.now = FIRST_HOUR + 2 * HOUR_MS;
  await countAll(stats, world);
  expect(counted(happened, 'failed')).toEqual(byHour([FIRST_HOUR]));
});

test('a run that its paused endpoint holds is counted when it goes', async () => {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.project = { ...world.project, created_at: FIRST_HOUR };
  world.now = FIRST_HOUR;
  const id = makeId('run', FIRST_HOUR, Buffer.alloc(8));
  await createRun(world.ports, aRun({ id, due: FIRST_HOUR }));
  const [message] = world.messages.splice(0);
  for (; world.now < FIRST_HOUR + 5.5 * HOUR_MS; world.now += 15 * MINUTE) await countAll(stats, world);
  world.messages.push(message!);
  await world.settleDown();
  const { at } = world.calls[0]!;
  world.now += 2 * HOUR_MS;
  await countAll(stats, world);
  expect(counted({ world, stats, outcomes: [] }, 'success')).toEqual(byHour([at]));
});

test('a round ends at its deadline, and the next one goes on', async () => {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.project = { ...world.project, created_at: FIRST_HOUR };
  stats.pageSize = 1;
  for (let n = 0; n < 50; n++) {
    const id = makeId('run', FIRST_HOUR + n, Buffer.alloc(8, n));
    await createRun(world.ports, aRun({ id, due: FIRST_HOUR, created_at: FIRST_HOUR }));
  }
  await world.settleDown();
  world.now = FIRST_HOUR + 2 * HOUR_MS;
  const rounds: number[] = [];
  while (stats.hours.get(FIRST_HOUR)?.position !== undefined || rounds.length === 0) {
    // Each read takes a second.
    world.at = (moment) => {
      if (moment === 'before runs') world.now += 1_000;
    };
    await rollUp(stats.ports, world.project, world.now + 1);
    rounds.push(stats.hours.get(FIRST_HOUR)!.stats.outcomes.success);
  }
  expect(rounds).toEqual([20, 40, 50]);
});

test('an hour waits until its last call is over', async () => {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.project = { ...world.project, created_at: FIRST_HOUR };
  world.now = FIRST_HOUR + HOUR_MS + 9 * MINUTE;
  await rollUp(stats.ports, world.project, Infinity);
  expect(stats.hours.size).toBe(0);
  world.now += MINUTE;
  await rollUp(stats.ports, world.project, Infinity);
  expect([...stats.hours.keys()]).toEqual([FIRST_HOUR]);
});

test('a project of many shards stands for itself by two of them', async () => {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.project = { ...world.project, created_at: FIRST_HOUR, shards: 8 };
  world.now = FIRST_HOUR + 2 * HOUR_MS;
  const asked: number[] = [];
  const { runs } = stats.ports.runLists;
  const runLists = {
    ...stats.ports.runLists,
    runs: (...[projects, ...rest]: Parameters<typeof runs>) => {
      asked.push(projects[0]!.shards);
      return runs(projects, ...rest);
    },
  };
  await rollUp({ ...stats.ports, runLists }, world.project, Infinity);
  expect(asked).toEqual([2]);
  expect(stats.hours.get(FIRST_HOUR)?.factor).toBe(4);
});

test('a project whose hours cannot be counted keeps no other from it, and a deleted one has none', async () => {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.now = FIRST_HOUR + 2 * HOUR_MS;
  const project = { ...world.project, created_at: FIRST_HOUR };
  const ids = Array.from({ length: 6 }, (_, n) => `proj_${n}`);
  const projects = ids.map((id) => ({ ...project, id, ...(id === 'proj_2' && { deleted_at: START }) }));
  const asked: string[] = [];
  const newest = async (id: string) => {
    asked.push(id);
    if (id === 'proj_1') throw new Error('out of order');
    return undefined;
  };
  const ports = { ...stats.ports, stats: { ...stats.ports.stats, newest, put: async () => false } };
  const counting = rollUpAll({ ...ports, lists: { projects: async () => projects } }, Infinity);
  await expect(counting).rejects.toThrow('the hours of 1 projects were not counted');
  expect(asked).toEqual(ids.filter((id) => id !== 'proj_2'));
});
