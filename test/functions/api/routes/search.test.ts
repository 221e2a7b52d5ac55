import { siblingId } from '../../../../functions/primitives/ids.js';
import { aLetter, anAttempt, aRunOf, aState, NOW } from '../../../support/pipeline-world.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

let api: WholeApi;
let mine: Tenant;
let other: Tenant;

beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  mine = await api.newTenant();
  other = await api.newTenant();
});

const target = { url: 'https://example.com/hook' };
const send = async (method: string, path: string, body?: object, headers: object = {}, tenant = mine) =>
  (await api.call(method, path, { headers: { ...tenant.key, ...headers }, ...(body && { body }) })).body;
const post = (path: string, body: object, headers?: object) => send('POST', path, body, headers);
const found = async (q: string, tenant = mine) =>
  (await send('GET', `/v1/search?q=${encodeURIComponent(q)}`, undefined, {}, tenant)).data as Record<string, string>[];
const idsOf = async (q: string, tenant = mine) => (await found(q, tenant)).map(({ id }) => id);

test.each([
  ['endpoint', '/v1/endpoints', { name: 'billing', ...target }, 'billing'],
  ['retry_policy', '/v1/retry-policies', { name: 'patient' }, 'patient'],
  ['schedule', '/v1/schedules', { name: 'nightly', cron: '0 3 * * *', target }, 'nightly'],
  ['task', '/v1/tasks', { name: 'reminder', target }, 'reminder'],
  ['event', '/v1/events', { event_name: 'invoice.paid' }, 'invoice.paid'],
])('a %s is found by its id, and by the begin of it, in its own project', async (kind, path, body, name) => {
  const { id } = await post(path, body);
  await post(path, body);
  expect(await found(id)).toEqual([{ kind, id, name, by: 'id', created_at: expect.any(String) }]);
  const beginning = id.slice(0, id.indexOf('_') + 9);
  expect(await idsOf(beginning)).toContain(id);
  expect(await idsOf(id, other)).toEqual([]);
  expect(await idsOf(id.slice(1))).toEqual([]);
});

test('a dead letter, an attempt and a bulk job are found by their ids', async () => {
  const project = (await api.ports.configStore.project(mine.project))!;
  const definition = { ...aRunOf(project, { title: 'dead', expires_at: Date.now() + 86_400_000 }), due: NOW };
  const second = anAttempt(definition, 2);
  const state = { first_attempt: anAttempt(definition, 1), later_attempts: [second.id] };
  await api.world.store([
    { definition, state: aState(definition, { status: 'dead_letter', ...state }), later: [second] },
  ]);
  await api.world.bury([aLetter(definition)]);
  expect(await found(siblingId('dl', definition.id))).toMatchObject([{ kind: 'dead_letter', name: 'dead' }]);
  expect(await found(second.id)).toMatchObject([{ kind: 'delivery', name: 'dead' }]);
  const { id } = await post('/v1/dead-letters/replay', {});
  expect(await found(id)).toMatchObject([{ kind: 'bulk_job', name: null }]);
});

test('endpoints, retry policies, schedules and tasks are found by the begin of their name, in their project', async () => {
  const made = [
    await post('/v1/endpoints', { name: 'Ünal & Söhne', ...target }),
    await post('/v1/retry-policies', { name: 'Ünal' }),
    await post('/v1/schedules', { name: 'Ünal, nightly', cron: '0 3 * * *', target }),
    await post('/v1/tasks', { name: 'Ünal: reminder', target }),
    (await post('/v1/tasks/batch', { tasks: [{ name: 'Ünal', target, labels: { a: 'b' } }] })).data[0].task,
    await send('PUT', '/v1/endpoints/by-name/unal', { name: 'Ünal', ...target }),
  ];
  expect((await idsOf('Ünal')).sort()).toEqual(made.map(({ id }) => id).sort());
  expect(await found('Ünal & S')).toMatchObject([
    { kind: 'endpoint', id: made[0].id, name: 'Ünal & Söhne', by: 'name' },
  ]);
  expect(await idsOf('nal')).toEqual([]);
  expect(await idsOf('Ünal', other)).toEqual([]);
});

test('a new name takes the place of the old one, and a deleted object is found by none', async () => {
  const { id } = await post('/v1/endpoints', { name: 'old name', ...target });
  await send('PATCH', `/v1/endpoints/${id}`, { name: 'new name' });
  expect([await idsOf('old name'), await idsOf('new name')]).toEqual([[], [id]]);
  await send('DELETE', `/v1/endpoints/${id}`);
  expect(await idsOf('new name')).toEqual([]);
});

test('a run that has the name of its schedule is no answer beside its schedule; a sent one is no label', async () => {
  const schedule = await post('/v1/schedules', { name: 'nightly', cron: '0 3 * * *', target });
  await post(`/v1/schedules/${schedule.id}/run`, {});
  await post('/v1/tasks', { name: 'team:a', target });
  expect(await found('nightly')).toMatchObject([{ kind: 'schedule', id: schedule.id, by: 'name' }]);
  expect(await found('team:a')).toMatchObject([{ kind: 'task', by: 'name' }]);
  expect(await idsOf(':team:a')).toEqual([]);
});

test('what has a key is found by the begin of it, until it is deleted', async () => {
  const made = [
    await send('PUT', '/v1/endpoints/by-name/billing one', target),
    await send('PUT', '/v1/schedules/by-name/billing', { cron: '0 3 * * *', target }),
    await send('PUT', '/v1/retry-policies/by-name/billing', {}),
  ];
  expect((await idsOf('bill')).sort()).toEqual(made.map(({ id }) => id).sort());
  expect(await found('billing one')).toMatchObject([{ kind: 'endpoint', by: 'key', name: 'billing one' }]);
  expect(await idsOf('illing')).toEqual([]);
  await send('DELETE', `/v1/schedules/${made[1].id}`);
  expect(await idsOf('billing')).not.toContain(made[1].id);
});

test('runs and events are found by a label, an event key and an Idempotency-Key', async () => {
  const task = await post('/v1/tasks', { target, labels: { customer: '42' } }, { 'idempotency-key': 'order 7' });
  const tasks = [{ target }, { target }, {}];
  const batch = await post('/v1/tasks/batch', { tasks }, { 'idempotency-key': 'order 7' });
  const event = await post('/v1/events', { event_name: 'paid', event_key: 'inv_1', labels: { customer: '421' } });
  expect(await idsOf('customer:42')).toEqual(expect.arrayContaining([task.id, event.id]));
  expect(await found('customer:421')).toMatchObject([{ id: event.id, by: 'label' }]);
  expect(await found('inv_1')).toMatchObject([{ id: event.id, by: 'event_key', kind: 'event' }]);
  const sent = [task.id, batch.data[0].task.id, batch.data[1].task.id];
  expect(await found('order 7')).toMatchObject(sent.map((id) => ({ id, by: 'idempotency_key', kind: 'task' })));
  expect(await idsOf('order')).toEqual([]);
  expect(await idsOf('order 7', other)).toEqual([]);
});

test('at most twenty are answered, and a person names the project', async () => {
  await post('/v1/tasks/batch', { tasks: Array(30).fill({ target, labels: { many: 'yes' } }) });
  expect(await idsOf('many:yes')).toHaveLength(20);
  expect(await idsOf('run_')).toHaveLength(20);
  const headers = api.operator;
  expect((await api.call('GET', '/v1/search?q=run_', { headers })).status).toBe(400);
  const path = `/v1/search?project_id=${mine.project}&q=run_`;
  expect((await api.call('GET', path, { headers })).body.data).toHaveLength(20);
});

describe('the list of runs by an Idempotency-Key', () => {
  const list = async (query: string, tenant = mine) => {
    const { data } = await send('GET', `/v1/tasks?idempotency_key=order%207${query}`, undefined, {}, tenant);
    return data.map(({ id }: { id: string }) => id);
  };

  test('has what was made under it, together with other filters', async () => {
    const headers = { 'idempotency-key': '"order 7"' };
    const { id } = await post('/v1/tasks', { target, labels: { team: 'a' } }, headers);
    await post('/v1/tasks', { target, labels: { team: 'a' } });
    const { data } = await post('/v1/tasks/batch', { tasks: [{ target }] }, headers);
    expect(await list('')).toEqual([data[0].task.id, id].sort().reverse());
    expect(await list('&label=team:a')).toEqual([id]);
    expect(await list('&status=success')).toEqual([]);
    expect(await list('', other)).toEqual([]);
  });

  test('is empty for another key, and refuses what is none', async () => {
    expect(await list('')).toEqual([]);
    const { status } = await api.call('GET', '/v1/tasks?idempotency_key=%C3%BC', { headers: mine.key });
    expect(status).toBe(400);
  });
});
