import type { RelayedRequest } from '../../../../functions/subjects/listeners/listener.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

const ID = '019a000000007000800000000000000a';
const MINUTE = 60_000;

let api: WholeApi;
let mine: Tenant;

beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  mine = await api.newTenant();
  api.clock.offset = 0;
});

const call = (method: string, path: string, body?: object) =>
  api.call(method, path, { headers: mine.key, ...(body && { body }) });
const endpoint = async (more: object = { url: 'https://example.com/hook' }): Promise<string> =>
  (await call('POST', '/v1/endpoints', { name: 'billing', ...more })).body.id;
const listen = (...endpoint_ids: string[]) => call('POST', '/v1/listeners', { endpoint_ids });
const stored = (id: string) => api.ports.configStore.endpoint(mine.project, id);

/** As a deliverer puts it. */
async function put(listener_id: string, change: Partial<RelayedRequest> = {}): Promise<RelayedRequest> {
  const request = {
    project_id: mine.project,
    listener_id,
    id: ID,
    run_id: `run_${ID}`,
    endpoint_id: `ep_${ID}`,
    attempt: 2,
    method: 'PUT',
    url: 'https://example.com/hook?a=b',
    headers: await api.ports.secrets.encrypt('{"webhook-id": "run_1", "x-token": "secret"}', ID),
    body: '{"a": 1}',
    expires_at: Math.ceil(Date.now() / 1000) * 1000 + 10_000,
    ...change,
  };
  await api.ports.relays.put(request);
  return request;
}

test('a listener gets requests whole and once, and its first answer counts', async () => {
  const id = await endpoint();
  const started = await listen(id, id);
  expect(started).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^lst_/), endpoint_ids: [id] } });
  const listener = started.body.id;
  expect(started.headers['location']).toBe(`/v1/listeners/${listener}`);
  expect((await stored(id))!.listener_id).toBe(listener);
  expect((await call('GET', `/v1/endpoints/${id}`)).text).not.toContain('lst_');
  expect((await call('GET', '/v1/listeners')).body).toEqual({ data: [started.body] });
  expect((await call('GET', `/v1/listeners/${listener}`)).body).toEqual(started.body);

  const requests = `/v1/listeners/${listener}/requests`;
  expect((await call('GET', `${requests}?timeout_seconds=1`)).body).toEqual({ data: [] });
  const { expires_at } = await put(listener);
  expect((await call('GET', requests)).body.data).toEqual([
    {
      id: ID,
      task_id: `run_${ID}`,
      endpoint_id: `ep_${ID}`,
      attempt: 2,
      name: null,
      method: 'PUT',
      url: 'https://example.com/hook?a=b',
      headers: { 'webhook-id': 'run_1', 'x-token': 'secret' },
      body: '{"a": 1}',
      expires_at: new Date(expires_at).toISOString(),
    },
  ]);
  expect((await call('GET', `${requests}?timeout_seconds=1`)).body).toEqual({ data: [] });
  const answer = `${requests}/${ID}/answer`;
  expect((await call('POST', answer, { status: 503, headers: { a: 'b' }, body: 'busy' })).status).toBe(204);
  expect((await call('POST', answer, { error: 'ECONNRESET' })).status).toBe(409);
  const key = { project_id: mine.project, listener_id: listener, id: ID };
  expect(await api.ports.relays.remove(key)).toEqual({ status: 503, headers: { a: 'b' }, body: 'busy' });
  expect((await call('POST', answer, { status: 200 })).body.detail).toBe(
    'There is no such request any more: its attempt has ended.',
  );
});

test('asking keeps a listener; without it, and at its end, it is gone', async () => {
  const listener = (await listen(await endpoint())).body.id;
  const ask = () => call('GET', `/v1/listeners/${listener}/requests?timeout_seconds=1`);
  for (const offset of [0.7, 1.4, 2.1].map((minutes) => minutes * MINUTE)) {
    api.clock.offset = offset;
    expect((await ask()).status).toBe(200);
  }
  api.clock.offset = 3.2 * MINUTE;
  expect(await ask()).toMatchObject({ status: 404, body: { detail: 'There is no such listener any more.' } });
  expect((await call('GET', `/v1/listeners/${listener}`)).status).toBe(404);
  const other = (await listen(await endpoint())).body.id;
  for (let n = 0; n < 2; n += 1) expect((await call('DELETE', `/v1/listeners/${other}`)).status).toBe(204);
  expect((await call('GET', '/v1/listeners')).body).toEqual({ data: [] });
  expect((await call('DELETE', '/v1/listeners/lst_1')).status).toBe(404);
});

test('an endpoint that another listener has is refused, with the name of that one, and nothing is marked', async () => {
  const [first, second] = [await endpoint(), await endpoint()];
  const { id } = (await listen(first)).body;
  const refused = await listen(second, first);
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(`The listener ${id} has`) } });
  expect(await stored(second)).not.toHaveProperty('listener_id');
  await call('DELETE', `/v1/listeners/${id}`);
  expect((await listen(second, first)).status).toBe(201);
});

test('start and end are in the audit; what the listener asks and answers is not', async () => {
  const listener = (await listen(await endpoint())).body.id;
  await put(listener);
  await call('GET', `/v1/listeners/${listener}/requests`);
  await call('POST', `/v1/listeners/${listener}/requests/${ID}/answer`, { status: 200 });
  await call('DELETE', `/v1/listeners/${listener}`);
  const { text } = await call('GET', '/v1/audit');
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(entries.filter(({ path }) => path.includes('listeners'))).toMatchObject([
    { action: 'POST /v1/listeners', status: 201, after: { id: listener } },
    { action: 'DELETE /v1/listeners/{id}', status: 204, before: { id: listener } },
  ]);
});

test('every fault is named', async () => {
  const sqs = await endpoint({ type: 'sqs', arn: 'arn:aws:sqs:us-east-1:000000000000:orders' });
  expect((await listen(await endpoint(), sqs, `ep_${ID}`)).body.errors).toEqual([
    { pointer: '/endpoint_ids/1', message: 'Its target is no URL.' },
    { pointer: '/endpoint_ids/2', message: 'There is no such endpoint.' },
  ]);
  const answer = `/v1/listeners/lst_${ID}/requests/${ID}/answer`;
  for (const body of [{}, { status: 200, error: 'ECONNRESET' }, { error: 'went wrong' }, { status: 99 }])
    expect((await call('POST', answer, body)).status).toBe(400);
  expect((await call('POST', answer.replace(`/${ID}/a`, '/1/a'), { status: 200 })).status).toBe(404);
});

test('a stage without listeners says so, and ends those that it had', async () => {
  const id = await endpoint();
  const listener = (await listen(id)).body.id;
  const { settings } = api.ports;
  Object.assign(api.ports, { settings: { ...settings, listeners: false } });
  for (const answer of [await listen(id), await call('GET', `/v1/listeners/${listener}/requests`)])
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'turned_off', detail: 'This stage has no listeners: its setting listeners is false.' },
    });
  Object.assign(api.ports, { settings });
});
