import { routes } from '../../../../functions/api/routes/stats.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { rollUp } from '../../../../functions/subjects/stats/roll-up.js';
import { HOUR_MS, hourOf } from '../../../../functions/subjects/stats/stats-ports.js';
import { callRoute } from '../../../support/call-route.js';
import {
  anAttempt,
  aRunOf,
  aState,
  NOW,
  type PipelineWorld,
  type Run,
  startPipelineWorld,
} from '../../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
beforeEach(() => {
  world.time.now = HALF_PAST;
});
afterAll(() => world.close());

const HOUR = hourOf(NOW);
const HALF_PAST = HOUR + HOUR_MS / 2;
const iso = (at: number) => new Date(at).toISOString();
const get = (projects: Project[], query = '') =>
  callRoute(routes, world.ports, { method: 'GET', path: `/v1/stats${query}`, projects });

/** Begun long ago, so that its hours are counted. */
function aProject(shards = 1): Project {
  return { ...world.addProject(shards), created_at: NOW - 10 * HOUR_MS };
}

/** Made at `at`, tried a second later, with that outcome. */
function aTried(project: Project, at: number, status: 'success' | 'failed', latency = 100): Run {
  const started_at = at + 1_000;
  const definition = aRunOf(project, { due: at, endpoint_id: makeId('ep', 1, Buffer.alloc(8)) }, NOW - at);
  const times = { started_at, finished_at: started_at + latency, lateness_ms: 4 };
  const first_attempt = anAttempt(definition, 1, { status, ...times });
  const end = status === 'success' ? status : 'dead_letter';
  return { definition, state: aState(definition, { status: end, finished_at: times.finished_at, first_attempt }) };
}

test('the current hour is live, and the ones before are rolled up', async () => {
  const project = aProject();
  await world.store([
    aTried(project, HOUR - 3 * HOUR_MS, 'success', 1_000),
    aTried(project, HOUR - HOUR_MS, 'failed'),
    aTried(project, HOUR, 'success'),
    aTried(project, HOUR + 1, 'success'),
  ]);
  await rollUp({ ...world.ports, clock: world.ports.clock }, project, Infinity);
  const { body } = await get([project]);
  expect([body.from, body.to, body.hours.length]).toEqual([iso(HOUR - 23 * HOUR_MS), iso(HOUR + HOUR_MS), 24]);
  const { start, ...current } = body.hours.at(-1);
  expect(start).toBe(iso(HOUR));
  expect(current).toMatchObject({ success: 2, failed: 0, complete: false, sampled: false });
  expect(body.hours.at(-2)).toMatchObject({ failed: 1, dead_letters: 1, success: 0, complete: true });
  expect(body.hours.at(-2).failing).toEqual([{ endpoint_id: expect.stringMatching(/^ep_/), failures: 1 }]);
  expect(body.hours.at(-4)).toMatchObject({ success: 1, complete: true });
  expect(body.hours[0]).toMatchObject({ success: 0, latency_ms: { p50: null, p90: null, p99: null }, complete: true });
  expect(body.totals).toMatchObject({ success: 3, failed: 1, timed_out: 0, dead_letters: 1, skipped: 0, cancelled: 0 });
  expect(body.totals.latency_ms.p50).toBeGreaterThan(95);
  expect(body.totals.latency_ms.p99).toBeGreaterThan(950);
  expect(body.totals.lateness_ms).toEqual({ p50: 4, p90: 4, p99: 4 });
});

test('what is live is counted anew after five seconds', async () => {
  const project = aProject();
  const live = async () => (await get([project])).body.totals.success;
  expect(await live()).toBe(0);
  await world.store([aTried(project, HOUR, 'success')]);
  world.time.now += 4_999;
  expect(await live()).toBe(0);
  world.time.now += 1;
  expect(await live()).toBe(1);
});

test('an hour that waits to be rolled up is live, with what it leaves to the next one', async () => {
  world.time.now = HOUR + 5 * 60_000;
  const project = aProject();
  const late = aTried(project, HOUR - 500, 'success');
  await world.store([late, aTried(project, HOUR - HOUR_MS, 'success')]);
  const { body } = await get([project]);
  expect(body.hours.slice(-2).map(({ success }: { success: number }) => success)).toEqual([1, 1]);
});

test('an operator sees all projects together, each alone', async () => {
  const [one, other] = [aProject(), aProject()];
  await world.store([aTried(one, HOUR, 'success'), aTried(other, HOUR, 'failed')]);
  expect((await get([one, other])).body.totals).toMatchObject({ success: 1, failed: 1 });
  expect((await get([other])).body.totals).toMatchObject({ success: 0, failed: 1 });
  expect((await get([])).body.totals.success).toBe(0);
});

test('a range is widened to full hours, and ends now', async () => {
  const query = `?from=${iso(HOUR - 2 * HOUR_MS + 60_000)}&to=${(HOUR + 10 * HOUR_MS) / 1000}`;
  const { body } = await get([aProject()], query);
  expect([body.from, body.to]).toEqual([iso(HOUR - 2 * HOUR_MS), iso(HOUR + HOUR_MS)]);
});

test.each([
  ['from=yesterday', 'from'],
  ['to=12345678901234', 'to'],
  [`from=${iso(HALF_PAST + 1)}`, 'from'],
  [`from=${iso(NOW - HOUR_MS)}&to=${iso(NOW - HOUR_MS)}`, 'from'],
  [`from=${iso(NOW - 31 * 24 * HOUR_MS)}`, 'from'],
  ['hours=3', 'hours'],
])('refuses ?%s', async (query, pointer) => {
  await expect(get([aProject()], `?${query}`)).rejects.toMatchObject({ faults: [{ pointer }] });
});
