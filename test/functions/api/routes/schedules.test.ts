import { routes } from '../../../../functions/api/routes/schedules.js';
import type { Endpoint } from '../../../../functions/core/endpoint/endpoint.js';
import { InvalidRequestError, NotFoundError } from '../../../../functions/core/faults.js';
import type { Project } from '../../../../functions/core/project/project.js';
import { pendingState, type RunState } from '../../../../functions/core/run/task-run.js';
import { fire } from '../../../../functions/core/schedule/schedule-chain.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import { aRunOf, NOW, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
let other: Project;
let endpoint: Endpoint;

beforeAll(async () => {
  world = await startPipelineWorld();
  project = world.addProject();
  other = world.addProject();
  endpoint = world.addEndpoint(project);
});
afterAll(() => world.close());
beforeEach(() => {
  world.time.now = NOW;
  world.fires.length = 0;
  world.sent.length = 0;
  world.disarmed.length = 0;
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const PATH = '/v1/schedules';
const TARGET = { url: 'https://example.com/hook' };

const call = (method: Method, path: string, body?: unknown, more: object = {}) =>
  callRoute(routes, world.ports, { method, path, body, projects: [project], ...more });

async function created(change: object = {}): Promise<Json> {
  const { body } = await call('POST', PATH, { name: 'nightly', cron: '0 3 * * *', target: TARGET, ...change });
  return body;
}

async function faultsOf(request: Promise<unknown>): Promise<Record<string, string>> {
  const error = await request.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidRequestError);
  return Object.fromEntries((error as InvalidRequestError).faults.map(({ pointer, message }) => [pointer, message]));
}

test('a new schedule shows when it fires, and its wake-up is on its way', async () => {
  const { status, location, body } = await call('POST', PATH, {
    name: 'nightly',
    cron: '0 3 * * *',
    timezone: 'Europe/Berlin',
    endpoint_id: endpoint.id,
    payload: { job: 1 },
  });
  expect({ status, location }).toEqual({ status: 201, location: `${PATH}/${body.id}` });
  expect(body).toMatchObject({
    name: 'nightly',
    status: 'active',
    timezone: 'Europe/Berlin',
    endpoint_id: endpoint.id,
    overlap_policy: 'skip',
    misfire_policy: 'fire_once',
    misfire_grace_seconds: 60,
    payload: { job: 1 },
    runs: 0,
    last_run: null,
  });
  expect(body.upcoming).toHaveLength(5);
  expect(body.upcoming[0]).toBe(body.next_run_at);
  const [sent] = world.fires;
  expect(new Date(sent!.token.occurrence).toISOString()).toBe(body.next_run_at);
  expect(sent!.due).toBe(sent!.token.occurrence - 5_000);
});

test('one moment may be given instead, as ISO or Unix seconds', async () => {
  for (const run_at of [new Date(NOW + 90_000).toISOString(), (NOW + 90_000) / 1000]) {
    const body = await created({ cron: undefined, run_at });
    expect(body).toMatchObject({ cron: null, next_run_at: new Date(NOW + 90_000).toISOString() });
    expect(body.upcoming).toEqual([new Date(NOW + 90_000).toISOString()]);
  }
});

test('bad input names every field at fault at once', async () => {
  const bad = {
    name: '',
    cron: '61 * * * *',
    timezone: 'Mars/Base',
    target: { url: 'ftp://x' },
    overlap_policy: 'no',
    x: 1,
  };
  const faults = await faultsOf(call('POST', PATH, bad));
  expect(Object.keys(faults).sort()).toEqual(['/cron', '/name', '/overlap_policy', '/target/url', '/timezone', '/x']);
});

test.each([
  ['neither cron nor run_at', { cron: undefined }, '/cron'],
  ['both of them', { run_at: (NOW + 60_000) / 1000 }, '/cron'],
  ['no destination', { target: undefined }, '/endpoint_id'],
  ['a moment that has passed', { cron: undefined, run_at: (NOW - 60_000) / 1000 }, '/run_at'],
  ['an end before the first occurrence', { end_at: (NOW + 1_000) / 1000 }, '/end_at'],
  ['an end that has passed', { end_at: (NOW - 1_000) / 1000 }, '/end_at'],
  ['an end beyond all calendars', { end_at: 9e12 }, '/end_at'],
  ['an end whose offset leads beyond them', { end_at: '9999-12-31T23:59:59-23:00' }, '/end_at'],
  ['a start before them', { start_at: -9e12, status: 'paused' }, '/start_at'],
  ['a start in milliseconds', { start_at: NOW, status: 'paused' }, '/start_at'],
  ['a moment in milliseconds', { cron: undefined, run_at: NOW + 60_000 }, '/run_at'],
  ['an endpoint of nobody', { target: undefined, endpoint_id: 'ep_01890000000070008000000000000000' }, '/endpoint_id'],
  ['a policy of nobody', { retry_policy_id: 'rp_01890000000070008000000000000000' }, '/retry_policy_id'],
  ['a date that never comes', { cron: '0 0 30 2 *' }, '/cron'],
])('%s is a fault of that field', async (_name, change, pointer) => {
  expect(Object.keys(await faultsOf(created(change)))).toEqual([pointer]);
  expect(world.fires).toHaveLength(0);
});

test('a time in milliseconds is told to be in seconds', async () => {
  const { '/run_at': told } = await faultsOf(created({ cron: undefined, run_at: NOW + 60_000 }));
  expect(told).toMatch('Unix seconds (not milliseconds)');
});

test('a body that is no object has that one fault', async () => {
  for (const body of [[], 'text', 7]) expect(Object.keys(await faultsOf(call('POST', PATH, body)))).toEqual(['']);
});

test('a change is a merge patch of the fields, and starts a new generation', async () => {
  const target = { ...TARGET, headers: { 'X-Old': '1' } };
  const { id } = await created({ target, payload: { a: 1, b: 2 }, jitter_seconds: 5 });
  const [first] = world.fires;
  const { body } = await call('PATCH', `${PATH}/${id}`, {
    cron: '30 4 * * *',
    jitter_seconds: null,
    payload: { b: null, c: 3 },
    target: { timeout_ms: 500, headers: { 'X-New': '2' } },
  });
  expect(body).toMatchObject({ cron: '30 4 * * *', jitter_seconds: null });
  expect(body.target).toMatchObject({ url: TARGET.url, timeout_ms: 500 });
  expect([body.payload, body.target.headers]).toEqual([{ b: null, c: 3 }, { 'X-New': '2' }]);
  expect(world.fires.map(({ token }) => token.gen)).toEqual([1, 2]);
  expect(world.disarmed).toEqual([`${id} 1`]);
  await fire(world.ports, first!.token, 1); // the old wake-up finds its generation gone
  expect(world.sent).toHaveLength(0);
});

test.each(['active', 'paused'])('changes at the same time all count (%s)', async (status) => {
  const { id } = await created({ status });
  const changes = [{ name: 'renamed' }, { max_runs: 7 }, { target: { timeout_ms: 500 } }, { payload: { x: 1 } }];
  const answers = await Promise.all(changes.map((change) => call('PATCH', `${PATH}/${id}`, change)));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  expect((await call('GET', `${PATH}/${id}`)).body).toMatchObject({
    ...Object.assign({}, ...changes),
    target: { url: TARGET.url, timeout_ms: 500 },
    status,
  });
});

test('null takes a payload, and the headers of a target, away', async () => {
  const { id } = await created({ target: { ...TARGET, headers: { 'X-Old': '1' } }, payload: [1] });
  const { body } = await call('PATCH', `${PATH}/${id}`, { payload: null, target: { headers: null } });
  expect([body.payload, body.target]).toEqual([null, expect.objectContaining({ url: TARGET.url, headers: {} })]);
});

test('a change that comes with its deletion does not bring it back', async () => {
  const { id } = await created();
  await Promise.allSettled([call('PATCH', `${PATH}/${id}`, { name: 'renamed' }), call('DELETE', `${PATH}/${id}`)]);
  await expect(call('GET', `${PATH}/${id}`)).rejects.toThrow(NotFoundError);
  expect(await world.ports.schedules.schedules(project.id, undefined, 100)).not.toContainEqual(
    expect.objectContaining({ id }),
  );
});

test('a change that makes no sense is refused, and nothing is changed', async () => {
  const { id } = await created();
  expect(Object.keys(await faultsOf(call('PATCH', `${PATH}/${id}`, { cron: null })))).toEqual(['/cron']);
  expect(Object.keys(await faultsOf(call('PATCH', `${PATH}/${id}`, { nonsense: 1 })))).toEqual(['/nonsense']);
  expect((await call('GET', `${PATH}/${id}`)).body).toMatchObject({ cron: '0 3 * * *', status: 'active' });
});

test('pause and resume', async () => {
  const { id } = await created();
  const paused = await call('PATCH', `${PATH}/${id}`, { status: 'paused' });
  expect(paused.body).toMatchObject({ status: 'paused', next_run_at: null, upcoming: [] });
  const renamed = await call('PATCH', `${PATH}/${id}`, { name: 'still paused' });
  expect(renamed.body).toMatchObject({ status: 'paused', name: 'still paused' });
  const resumed = await call('PATCH', `${PATH}/${id}`, { status: 'active' });
  expect(resumed.body).toMatchObject({ status: 'active' });
  expect(resumed.body.next_run_at).not.toBeNull();
});

test('a deleted schedule is gone', async () => {
  const { id } = await created();
  expect((await call('DELETE', `${PATH}/${id}`)).status).toBe(204);
  await expect(call('GET', `${PATH}/${id}`)).rejects.toThrow(NotFoundError);
  await expect(call('POST', `${PATH}/${id}/run`)).rejects.toThrow(NotFoundError);
});

test('a manual run goes out now, also while paused, and is in the history', async () => {
  const { id } = await created({ status: 'paused', endpoint_id: endpoint.id, target: undefined });
  const { status, location, body } = await call('POST', `${PATH}/${id}/run`);
  expect({ status, location }).toEqual({ status: 202, location: `/v1/tasks/${body.id}` });
  expect(body).toMatchObject({ source: { type: 'manual', id }, endpoint_id: endpoint.id });
  expect(world.sent).toMatchObject([{ token: { run: body.id, attempt: 1 }, due: NOW }]);
  const history = await call('GET', `${PATH}/${id}/runs`);
  expect(history.body.data.map((run: Json) => run.id)).toEqual([body.id]);
  expect((await call('GET', `${PATH}/${id}`)).body.last_run).toMatchObject({ id: body.id });
});

test('a manual run that would be skipped is a conflict, unless the policy allows it or the run is there already', async () => {
  const { ports } = world;
  const pins = { seed: 'first', now: NOW };
  const { id } = await created({ overlap_policy: 'skip' });
  const run = (options?: object) => call('POST', `${PATH}/${id}/run`, undefined, options);
  const { body: first } = await run({ pins });
  const executing = {
    ...pendingState({ ...aRunOf(project), max_attempts: 1, expires_at: NOW }),
    status: 'running',
    attempt: 1,
    lease: NOW + 9_000,
  };
  await ports.runs.begin({ project: project.id, run: first.id }, executing as RunState);
  const { clock } = await ports.schedules.find({ project: project.id, schedule: id });
  await ports.schedules.takeLock(clock!, first.id, 'claim');

  await expect(run()).rejects.toThrow(`${first.id} of this schedule is executing`);
  expect((await run({ pins })).body.id).toBe(first.id);
  await call('PATCH', `${PATH}/${id}`, { overlap_policy: 'allow' });
  expect((await run()).status).toBe(202);
});

test('a fire makes its run, shows it, and moves the schedule on', async () => {
  const { id, next_run_at } = await created({ cron: '*/5 * * * *' });
  const [wakeUp] = world.fires;
  world.time.now = wakeUp!.due;
  await fire(world.ports, wakeUp!.token, 1_000_000_000);
  const { body } = await call('GET', `${PATH}/${id}`);
  expect(Date.parse(body.next_run_at) - Date.parse(next_run_at)).toBe(5 * 60_000);
  expect(body).toMatchObject({ runs: 1, last_run: { source: { type: 'schedule', id }, run_at: next_run_at } });
});

test('a repeated creation under its pins is the same schedule', async () => {
  const pins = { seed: 'one', now: NOW };
  const body = { name: 'once', cron: '0 3 * * *', target: TARGET };
  const first = await call('POST', PATH, body, { pins });
  const again = await call('POST', PATH, body, { pins });
  expect(again.body).toEqual(first.body);
  const [one, two] = world.fires;
  expect(one!.token.nonce).not.toBe(two!.token.nonce); // the second ends as a fork
});

test('lists are the project’s own, newest first', async () => {
  const mine = [await created({ name: 'a' }), await created({ name: 'b' })];
  const { body } = await call('GET', `${PATH}?page_size=100`);
  const ids = body.data.map((row: Json) => row.id);
  expect(ids).toEqual([...ids].sort().reverse());
  expect(ids).toEqual(expect.arrayContaining(mine.map(({ id }) => id)));
  expect(body.data[0]).not.toHaveProperty('payload');
  const foreign = await call('GET', PATH, undefined, { projects: [other] });
  expect(foreign.body.data).toEqual([]);
  await expect(call('GET', `${PATH}/${mine[0].id}`, undefined, { projects: [other] })).rejects.toThrow(NotFoundError);
});

test('a change keeps what a later release has written into the schedule', async () => {
  const { id } = await created();
  const key = { project: project.id, schedule: id };
  const { schedule } = await world.ports.schedules.find(key);
  const later = { of_a_later_release: { deep: [1] } };
  await world.ports.schedules.putSchedule({ ...schedule!, ...later, version: schedule!.version + 1 });
  await call('PATCH', `${PATH}/${id}`, { name: 'renamed' });
  expect((await world.ports.schedules.find(key)).schedule).toMatchObject({ name: 'renamed', ...later });
});
