import { createStatsStore } from '../../../functions/storage/stats-store.js';
import { noStats } from '../../../functions/subjects/stats/hour-stats.js';
import { HOUR_MS, type HourRecord, hourOf } from '../../../functions/subjects/stats/stats-ports.js';
import { aRunOf, DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
let store: ReturnType<typeof createStatsStore>;
beforeAll(async () => {
  world = await startPipelineWorld();
  store = createStatsStore(world.client, 'runs', 30 * DAY);
});
afterAll(() => world.close());

const HOUR = hourOf(NOW);
const aRecord = (change: Partial<HourRecord> = {}): HourRecord => ({
  hour: HOUR,
  version: 1,
  stats: { ...noStats(), latency: { 3: 7 } },
  factor: 1,
  ...change,
});

test('a record is replaced only by the version after it', async () => {
  const { id } = world.addProject();
  const begun = aRecord({ position: { part: 'retried', after: 'att_1' } });
  expect(await store.put(id, begun)).toBe(true);
  expect(await store.put(id, aRecord())).toBe(false);
  expect(await store.put(id, aRecord({ version: 3 }))).toBe(false);
  expect(await store.newest(id)).toEqual(begun);
  expect(await store.put(id, aRecord({ version: 2 }))).toBe(true);
  expect(await store.newest(id)).toEqual(aRecord({ version: 2 }));
});

test('the newest is the last hour, and a range ends before its end', async () => {
  const { id } = world.addProject();
  expect(await store.newest(id)).toBeUndefined();
  for (const hour of [HOUR - HOUR_MS, HOUR, HOUR - 2 * HOUR_MS]) await store.put(id, aRecord({ hour }));
  expect((await store.newest(id))?.hour).toBe(HOUR);
  const range = await store.between(id, HOUR - 2 * HOUR_MS, HOUR);
  expect(range.map(({ hour }) => hour)).toEqual([HOUR - 2 * HOUR_MS, HOUR - HOUR_MS]);
  expect(await store.between(world.addProject().id, 0, HOUR)).toEqual([]);
});

test('lists of runs come one after another, each once, for their hour alone', async () => {
  const project = world.addProject();
  const ids = Array.from({ length: 1_000 }, () => aRunOf(project).id);
  const first = { name: '2026#000001#000000', since: 5, ids };
  const second = { name: '2026#000001#001000', since: 6, ids: ids.slice(0, 2) };
  await store.carry(project.id, HOUR, second);
  await store.carry(project.id, HOUR, { ...first, ids: [] });
  await store.carry(project.id, HOUR, first);
  await store.carry(project.id, HOUR + HOUR_MS, { ...first, since: 7 });
  expect(await store.carried(project.id, HOUR, undefined)).toEqual(first);
  expect(await store.carried(project.id, HOUR, first.name)).toEqual(second);
  expect(await store.carried(project.id, HOUR, second.name)).toBeUndefined();
});
