import { routes } from '../../../../functions/api/routes/schedules.js';
import type { HttpDestination } from '../../../../functions/destinations/http/http.js';
import { InvalidRequestError, NotFoundError } from '../../../../functions/primitives/faults.js';
import { fire } from '../../../../functions/protocol/schedules/schedule-chain.js';
import type { Endpoint } from '../../../../functions/subjects/endpoints/endpoint.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { Schedule } from '../../../../functions/subjects/schedules/schedule.js';
import { pendingState, type RunState } from '../../../../functions/subjects/task-runs/task-run.js';
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
  [
    'an endpoint that does not exist',
    { target: undefined, endpoint_id: 'ep_01890000000070008000000000000000' },
    '/endpoint_id',
  ],
  ['a policy that does not exist', { retry_policy_id: 'rp_01890000000070008000000000000000' }, '/retry_policy_id'],
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
  expect([body.payload, body.target.headers]).toEqual([{ b: null, c: 3 }, { 'X-New': '***' }]);
  expect(world.fires.map(({ token }) => token.gen)).toEqual([1, 2]);
  expect(world.disarmed).toEqual([`${id} 1`]);
  await fire(world.ports, first!.token); // the old wake-up finds its generation gone
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

describe('a change of what does not hold any more', () => {
  const gone = 'ep_01890000000070008000000000000000';
  const stored = async ({ id }: Json) => (await world.ports.schedules.find({ project: project.id, schedule: id }))!;

  /** As an earlier release, or another time, has left it. */
  async function left(change: Partial<Schedule>, given: object = {}): Promise<Json> {
    const made = await created(given);
    const { schedule } = await stored(made);
    const { target, ...kept } = schedule!;
    const old = { ...kept, ...(change.endpoint_id === undefined && { target }), ...change } as Schedule;
    await world.ports.schedules.putSchedule({ ...old, version: old.version + 1 });
    return made;
  }

  const KINDS: [string, () => Promise<Json>][] = [
    ['whose endpoint was deleted', () => left({ endpoint_id: gone })],
    ['whose policy was deleted', () => left({ retry_policy_id: 'rp_01890000000070008000000000000000' })],
    ['whose end has passed', () => left({ end_at: NOW - 1_000 })],
    ['whose moment has passed', () => left({ cron: undefined, run_at: NOW - 60_000 } as object)],
    ['whose name is not taken any more', () => left({ name: 'a\u202eb' })],
    [
      'whose URL is not taken any more',
      () => left({ target: { ...TARGET, url: 'http://10.0.0.1/', method: 'POST', headers: {}, timeout_ms: 1 } }),
    ],
    [
      'whose headers are not taken any more',
      () => left({ target: { ...TARGET, method: 'POST', headers: { webhook_id: 'x' }, timeout_ms: 1 } }),
    ],
    ['whose end lies before its start', () => left({ start_at: NOW + 9_000, end_at: NOW + 1_000 })],
  ];

  test.each(KINDS)('a schedule %s is paused, renamed and deleted', async (_what, make) => {
    const { id } = await make();
    const before = (await stored({ id })).schedule!;
    const patch = (change: object) => call('PATCH', `${PATH}/${id}`, change);
    expect((await patch({ name: 'renamed' })).body.name).toBe('renamed');
    expect((await patch({ status: 'paused' })).body.status).toBe('paused');
    expect((await patch({ payload: 1, max_runs: 9, overlap_policy: 'allow' })).body.status).toBe('paused');
    const { name: _name, version: _version, updated_at: _at, target, ...others } = before;
    const headers = Object.fromEntries(
      Object.keys((target as HttpDestination | undefined)?.headers ?? {}).map((name) => [name, expect.any(String)]),
    );
    const same = { ...others, ...(target && { target: { ...target, headers } }) };
    expect((await stored({ id })).schedule).toMatchObject({ ...same, max_runs: 9, overlap_policy: 'allow' });
    expect((await call('DELETE', `${PATH}/${id}`)).status).toBe(204);
  });

  test('one that is completed stays so when it is renamed', async () => {
    const run_at = NOW + 60_000;
    const { id } = await created({ cron: undefined, run_at: run_at / 1000 });
    const { clock } = await stored({ id });
    const { next_at: _next, tok: _tok, ...ended } = clock!;
    await world.ports.schedules.renew(clock!, { ...ended, status: 'completed', runs: 1, ahead: [run_at] });
    world.time.now = NOW + 120_000;
    expect((await call('PATCH', `${PATH}/${id}`, { name: 'renamed' })).body.status).toBe('completed');
  });

  test('what a change names is checked', async () => {
    const { id } = await left({ endpoint_id: gone });
    const faults = (change: object) => faultsOf(call('PATCH', `${PATH}/${id}`, change)).then(Object.keys);
    expect(await faults({ endpoint_id: gone.replace('00', '01') })).toEqual(['/endpoint_id']);
    expect(await faults({ retry_policy_id: 'rp_01890000000070008000000000000000' })).toEqual(['/retry_policy_id']);
    expect(await faults({ end_at: (NOW - 1_000) / 1000 })).toEqual(['/end_at']);
    expect(await faults({ target: { url: 'http://10.0.0.1/' } })).toEqual(['/target/url']);
    expect(await faults({ target: { timeout_ms: 500 } })).toEqual(['/target/url']);
    expect(await faults({ target: TARGET })).toEqual(['/endpoint_id']);
    expect((await call('PATCH', `${PATH}/${id}`, { endpoint_id: null, target: TARGET })).body.endpoint_id).toBeNull();
  });

  test('one without its endpoint is not resumed', async () => {
    const { id } = await left({ endpoint_id: gone }, { status: 'paused' });
    const resumed = faultsOf(call('PATCH', `${PATH}/${id}`, { status: 'active' }));
    expect(Object.keys(await resumed)).toEqual(['/endpoint_id']);
    await expect(call('POST', `${PATH}/${id}/run`)).rejects.toThrow('The endpoint of this schedule was deleted.');
    const other = { status: 'active', endpoint_id: endpoint.id };
    expect((await call('PATCH', `${PATH}/${id}`, other)).body).toMatchObject({ status: 'active' });
  });
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

test('one moment: this very second is taken, as a task takes it', async () => {
  const run_at = Math.floor(NOW / 1000) - 1;
  const body = await created({ cron: undefined, run_at });
  expect(body).toMatchObject({ status: 'active', next_run_at: new Date(run_at * 1000).toISOString() });
});

test('one moment that passed while paused: it can be renamed, and resumed, but not given again', async () => {
  const run_at = (NOW + 60_000) / 1000;
  const { id } = await created({ cron: undefined, run_at, status: 'paused' });
  world.time.now = NOW + 3_600_000;
  const now = { pins: { seed: 'later', now: NOW + 3_600_000 } };
  const patch = (body: object) => call('PATCH', `${PATH}/${id}`, body, now);
  expect((await patch({ name: 'renamed' })).body).toMatchObject({ status: 'paused', name: 'renamed' });
  expect(await faultsOf(patch({ run_at: run_at + 1 }))).toEqual({ '/run_at': 'This time has passed.' });
  const { body } = await patch({ status: 'active' });
  expect(body).toMatchObject({ status: 'active', next_run_at: new Date(run_at * 1000).toISOString() });
});

test('one moment whose run is there, or was cancelled, cannot be resumed', async () => {
  const run_at = (NOW + 60_000) / 1000;
  for (const [status, lists] of [
    ['completed', { ahead: [run_at * 1000], runs: 1 }],
    ['paused', { ahead: [], dropped: [run_at * 1000] }],
    ['completed', { ahead: undefined, runs: 1 }],
  ] as const) {
    const { id } = await created({ cron: undefined, run_at, status: 'paused' });
    const { clock } = await world.ports.schedules.find({ project: project.id, schedule: id });
    await world.ports.schedules.renew(clock!, { ...clock!, ...lists, status, gen: 2 } as never);
    const later = { pins: { seed: 'later', now: NOW + 3_600_000 } };
    const resumed = call('PATCH', `${PATH}/${id}`, { status: 'active' }, later);
    expect(await faultsOf(resumed)).toEqual({ '/run_at': 'This time has passed.' });
    expect((await call('PATCH', `${PATH}/${id}`, { name: 'renamed' }, later)).body.name).toBe('renamed');
  }
});

test('a zone that an earlier release stored, and nothing computes with, is told on resuming', async () => {
  const { id } = await created({ status: 'paused' });
  const key = { project: project.id, schedule: id };
  const { schedule } = await world.ports.schedules.find(key);
  await world.ports.schedules.putSchedule({ ...schedule!, timezone: 'IST', version: 2 });
  expect((await call('PATCH', `${PATH}/${id}`, { name: 'renamed' })).body.timezone).toBe('IST');
  expect((await faultsOf(call('PATCH', `${PATH}/${id}`, { status: 'active' })))['/timezone']).toMatch('"Asia/Kolkata"');
  const resumed = await call('PATCH', `${PATH}/${id}`, { status: 'active', timezone: 'Asia/Kolkata' });
  expect(resumed.body).toMatchObject({ status: 'active', timezone: 'Asia/Kolkata' });
});

test('one moment outside of its bounds is a fault', async () => {
  const run_at = (NOW + 60_000) / 1000;
  const faults = await faultsOf(created({ cron: undefined, run_at, start_at: run_at + 60 }));
  expect(faults).toEqual({ '/run_at': 'This time lies before start_at or after end_at.' });
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
  await fire(world.ports, wakeUp!.token);
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
