import { makeId } from '../../../functions/primitives/ids.js';
import { createStatsStore } from '../../../functions/storage/stats-store.js';
import { createWaitingCount } from '../../../functions/storage/waiting-count.js';
import type { Project } from '../../../functions/subjects/projects/project.js';
import { rollUp, SETTLED_MS } from '../../../functions/subjects/stats/roll-up.js';
import { HOUR_MS, hourOf } from '../../../functions/subjects/stats/stats-ports.js';
import type { RunStatus } from '../../../functions/subjects/task-runs/task-run.js';
import { aRunOf, aState, DAY, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

let made = 0;
/** A run that was made `ago` milliseconds before now, and is in this status. */
async function aRun(project: Project, ago: number, status?: RunStatus, dueIn = -ago, epoch = 0) {
  const at = world.time.now - ago;
  const id = makeId('run', at, Buffer.from(String(1e7 + made)), made++ % project.shards);
  const definition = { ...aRunOf(project), id, created_at: at, due: world.time.now + dueIn };
  const ended = status && /success|dead|cancel|skip/.test(status) ? { finished_at: at } : {};
  await world.store([{ definition, ...(status && { state: aState(definition, { status, epoch, ...ended }) }) }]);
  return definition;
}

function count(project: Project): Promise<number> {
  const runs = { client: world.client, table: 'runs', clock: world.ports.clock };
  const config = { project: async (id: string) => (id === project.id ? project : undefined) };
  return createWaitingCount(runs, createStatsStore(world.client, 'runs', 30 * DAY), config)(project.id);
}

/** All hours that have settled are counted. */
const countHours = (project: Project) => rollUp({ ...world.ports, stats: world.ports.stats }, project, Infinity);

function aProject(shards = 1): Project {
  return { ...world.addProject(shards), created_at: hourOf(world.time.now) - 5 * HOUR_MS };
}

test.each<[RunStatus | undefined, number]>([
  [undefined, 1],
  ['pending', 1],
  ['running', 1],
  ['retry_scheduled', 1],
  ['success', 0],
  ['dead_letter', 0],
  ['cancelled', 0],
  ['skipped', 0],
])('of a run that is %s %d waits, before its hour is counted and after', async (status, waiting) => {
  const project = aProject();
  await aRun(project, 2 * HOUR_MS, status);
  await aRun(aProject(), 2 * HOUR_MS);
  expect(await count(project)).toBe(waiting);
  await countHours(project);
  expect(await count(project)).toBe(waiting);
});

test('a run that is due much later waits, until it is cancelled', async () => {
  const project = aProject();
  const run = await aRun(project, 3 * HOUR_MS, undefined, 9 * DAY);
  await countHours(project);
  expect(await count(project)).toBe(1);
  await world.store([{ definition: run, state: aState(run, { status: 'cancelled', finished_at: world.time.now }) }]);
  expect(await count(project)).toBe(0);
});

test('runs that are carried from hour to hour, and those of the hour that is not counted, count once', async () => {
  const project = aProject();
  for (const hours of [4, 3, 2]) await aRun(project, hours * HOUR_MS, 'retry_scheduled');
  await countHours(project);
  await aRun(project, 1_000);
  await aRun(project, 1_000, 'success');
  expect(await count(project)).toBe(4);
  world.time.now += HOUR_MS + SETTLED_MS;
  await countHours(project);
  expect(await count(project)).toBe(4);
});

test.each<[RunStatus, number]>([
  ['pending', 1],
  ['running', 1],
  ['retry_scheduled', 1],
  ['success', 0],
  ['dead_letter', 0],
])('of a replayed run that is %s %d waits, before its hour is counted and after', async (status, waiting) => {
  const project = aProject();
  await aRun(project, 2 * HOUR_MS, status, 0, 1);
  await aRun(project, 2 * HOUR_MS, 'retry_scheduled');
  expect(await count(project)).toBe(1 + waiting);
  await countHours(project);
  expect(await count(project)).toBe(1 + waiting);
});

test('a run that is replayed after its hour was counted as open counts once', async () => {
  const project = aProject();
  const run = await aRun(project, 2 * HOUR_MS, 'retry_scheduled');
  await countHours(project);
  await world.store([{ definition: run, state: aState(run, { status: 'pending', epoch: 1 }) }]);
  expect(await count(project)).toBe(1);
});

test('of a project with many shards some stand for all', async () => {
  const project = aProject(8);
  for (let n = 0; n < 160; n++) await aRun(project, 2 * HOUR_MS);
  expect(await count(project)).toBe(160);
});

test('a project that is not there has none', async () => {
  expect(await count({ ...aProject(), id: 'proj_of_none' })).toBe(0);
});
