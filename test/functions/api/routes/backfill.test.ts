import { routes } from '../../../../functions/api/routes/schedules.js';
import { ConflictError, InvalidRequestError } from '../../../../functions/primitives/faults.js';
import { changeSchedule, fire } from '../../../../functions/protocol/schedules/schedule-chain.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import { DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

const HOUR = 3_600_000;
/** The schedule's own full hours. */
const FULL_HOUR = NOW - (NOW % HOUR);

let world: PipelineWorld;
let project: Project;

beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.time.now = NOW;
  project = world.addProject(3);
  world.sent.length = 0;
  world.fires.length = 0;
});

type Method = 'GET' | 'POST' | 'PATCH';
const PATH = '/v1/schedules';
const call = (method: Method, path: string, body?: unknown, more: object = {}) =>
  callRoute(routes, world.ports, { method, path, body, projects: [project], ...more });
const iso = (at: number) => new Date(at).toISOString();

async function hourly(change: object = {}): Promise<string> {
  const target = { url: 'https://example.com/hook' };
  const { body } = await call('POST', PATH, {
    name: 'hourly',
    cron: '0 * * * *',
    target,
    payload: { a: 1 },
    ...change,
  });
  return body.id;
}

const backfill = async (id: string, body: object, more: object = {}): Promise<Json> =>
  (await call('POST', `${PATH}/${id}/backfill`, body, more)).body;
const runsOf = async (id: string): Promise<Json[]> => (await call('GET', `${PATH}/${id}/runs?page_size=100`)).body.data;
const lastFive = { from: iso(FULL_HOUR - 4 * HOUR) };

test('each past occurrence gets its run, which is called at once, for the moment of its occurrence', async () => {
  const id = await hourly();
  expect(await backfill(id, lastFive)).toEqual({ occurrences: 5, missed: 5, dry_run: false, next_from: null });
  const runs = await runsOf(id);
  expect(runs.map(({ run_at }) => run_at)).toEqual([0, 1, 2, 3, 4].map((n) => iso(FULL_HOUR - n * HOUR)));
  expect(runs[0]).toMatchObject({ source: { type: 'manual', id }, created_at: iso(NOW), status: 'pending' });
  // The overlap policy of the schedule is `skip`: one run would keep the others from being called.
  const key = { project: project.id, run: runs[0]!.id };
  expect((await world.ports.runs.find(key)).definition).not.toHaveProperty('overlap');
  expect(world.sent.map(({ due, token }) => [due, 'due' in token && token.due])).toEqual(runs.map(() => [NOW, NOW]));
});

test('a dry run tells how many, and makes none', async () => {
  const id = await hourly();
  expect(await backfill(id, { ...lastFive, dry_run: true })).toMatchObject({ missed: 5, dry_run: true });
  expect([world.sent, await runsOf(id)]).toEqual([[], []]);
});

test('an occurrence has one run, however often and by whomever it is asked for', async () => {
  const id = await hourly();
  await backfill(id, { from: iso(FULL_HOUR - HOUR), to: iso(FULL_HOUR - HOUR) });
  world.sent.length = 0;
  const [one, two] = await Promise.all([backfill(id, lastFive), backfill(id, lastFive)]);
  expect(one).toMatchObject({ occurrences: 5 });
  expect([one['missed'], two['missed']]).not.toContain(5);
  expect(await runsOf(id)).toHaveLength(5);
  expect(await backfill(id, lastFive)).toMatchObject({ occurrences: 5, missed: 0 });
});

test('what the schedule has made, or is about to make, is not missed', async () => {
  const id = await hourly();
  const [wakeUp] = world.fires;
  world.time.now = wakeUp!.due;
  await fire(world.ports, wakeUp!.token);
  world.time.now += HOUR; // the next wake-up is late
  const { missed } = await backfill(id, { from: iso(wakeUp!.token.occurrence) });
  expect(missed).toBe(0);
  expect(await runsOf(id)).toHaveLength(1);
});

test('a paused schedule gets its runs, and its resumption leaves them alone', async () => {
  const id = await hourly();
  await call('PATCH', `${PATH}/${id}`, { status: 'paused' });
  const key = { project: project.id, schedule: id };
  const { clock, schedule } = await world.ports.schedules.find(key);
  await world.ports.schedules.renew(clock!, { ...clock!, gen: clock!.gen + 1, dropped: [FULL_HOUR - HOUR] });
  await backfill(id, lastFive);
  const found = { schedule: schedule!, clock: (await world.ports.schedules.find(key)).clock! };
  await changeSchedule(world.ports, { ...schedule!, version: schedule!.version + 1 }, found, 'active');
  expect((await runsOf(id)).map(({ status }) => status)).toEqual(Array(5).fill('pending'));
});

test('a long span goes on page by page', async () => {
  const id = await hourly({ cron: '*/10 * * * *' });
  const from = iso(FULL_HOUR - DAY);
  const first = await backfill(id, { from, to: iso(FULL_HOUR - 1) });
  expect(first).toMatchObject({ occurrences: 100, missed: 100 });
  const { next_from, ...last } = await backfill(id, { from: first['next_from'], to: iso(FULL_HOUR - 1) });
  expect(last).toEqual({ occurrences: 44, missed: 44, dry_run: false });
  expect(next_from).toBeNull();
});

test('the runs take from the quotas, all or none', async () => {
  const id = await hourly();
  const taken: [string, number | undefined][] = [];
  const takeQuota = async (quota: string, _project: string, _limit: number, count?: number) => {
    taken.push([quota, count]);
    return { isWithin: quota !== 'runs_per_day' };
  };
  const request = { method: 'POST', path: `${PATH}/${id}/backfill`, body: lastFive, projects: [project] } as const;
  await expect(callRoute(routes, { ...world.ports, takeQuota }, request)).rejects.toMatchObject({
    quota: 'runs_per_day',
  });
  const bytes = 5 * '{"a":1}'.length;
  expect(taken).toEqual([
    ['stored_bytes', bytes],
    ['runs_per_day', 5],
    ['stored_bytes', -bytes],
  ]);
  expect(await runsOf(id)).toEqual([]);
});

test('the reconciler is told of the runs before their messages are sent', async () => {
  const id = await hourly();
  const steps: string[] = [];
  const sweep = {
    putLater: async (_project: string, list: { entries: readonly string[] }) => void steps.push(...list.entries),
  };
  const wakeUps = { ...world.ports.wakeUps, sendToLane: async () => void steps.push('sent') };
  const request = { method: 'POST', path: `${PATH}/${id}/backfill`, body: lastFive, projects: [project] } as const;
  await callRoute(routes, { ...world.ports, sweep, wakeUps }, request);
  const runs = (await runsOf(id)).map((run) => run['id']).reverse();
  expect(steps).toEqual([...runs.map((run) => `freed ${run} ${NOW}`), ...runs.map(() => 'sent')]);
});

test('a time of which no runs are kept, a backward span and a deleted endpoint are refused', async () => {
  const endpoint = world.addEndpoint(project);
  const id = await hourly({ target: undefined, endpoint_id: endpoint.id });
  await expect(backfill(id, { from: iso(NOW - 31 * DAY) })).rejects.toThrow(InvalidRequestError);
  await expect(backfill(id, { from: iso(NOW), to: iso(NOW - 1) })).rejects.toThrow(InvalidRequestError);
  world.removeEndpoint(project, endpoint.id);
  await expect(backfill(id, lastFive)).rejects.toThrow(ConflictError);
});
