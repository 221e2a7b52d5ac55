import type { HttpDestination } from '../../../../functions/destinations/http/http.js';
import { decrypted } from '../../../../functions/destinations/secret-values.js';
import type { RunDefinition, RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aLetter, aRunOf, aState } from '../../../support/pipeline-world.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

const URL = 'https://example.com/hook';
const target = {
  url: URL,
  method: 'POST',
  headers: { Authorization: 'Bearer one', 'X-Other': 'two' },
  timeout_ms: 900,
};

let api: WholeApi;
let tenant: Tenant;
let endpoint: string;

beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.newTenant();
  endpoint = (await post('/v1/endpoints', { name: 'billing', url: URL })).body.id;
  api.world.sent.length = 0;
});

const post = (path: string, body: object = {}, headers: object = {}) =>
  api.call('POST', path, { headers: { ...tenant.key, ...headers }, body });
const resend = (id: string, body: object = {}, headers: object = {}) => post(`/v1/tasks/${id}/resend`, body, headers);
const shown = async (id: string) => (await api.call('GET', `/v1/tasks/${id}`, { headers: tenant.key })).body;
const stored = async (id: string) =>
  (await api.ports.runs.find({ project: tenant.project, run: id })).definition as RunDefinition;

async function ended(body: object, status: RunState['status'] = 'success'): Promise<string> {
  const { id } = (await post('/v1/tasks', body)).body;
  await end(id, status);
  return id;
}

async function end(id: string, status: RunState['status']): Promise<void> {
  const definition = await stored(id);
  await api.ports.runs.begin({ project: tenant.project, run: id }, aState(definition, { status, finished_at: 1 }));
  api.world.sent.length = 0;
}

async function stands(change: Partial<RunDefinition>, state?: Partial<RunState>): Promise<string> {
  const project = (await api.ports.configStore.project(tenant.project))!;
  const definition = { ...aRunOf(project, { expires_at: Date.now() + 86_400_000, ...change }) };
  await api.world.store([{ definition, state: aState(definition, { status: 'success', ...state }) }]);
  return definition.id;
}

async function headersToCall(id: string, holder = id) {
  const run = await stored(id);
  expect(JSON.stringify(run)).not.toMatch(/Bearer|two|three/);
  return (await decrypted(run.target as HttpDestination, api.ports.secrets.decrypt, holder)).headers;
}

describe.each(['success', 'dead_letter', 'cancelled', 'skipped'] as const)('a run that ended as %s', (status) => {
  it('is sent again with its content', async () => {
    const before = await ended({ name: 'Invoice 7', endpoint_id: endpoint, payload: { n: 1.0 } }, status);
    const { status: answered, headers, body } = await resend(before);
    expect([answered, headers['location']]).toEqual([201, `/v1/tasks/${body.id}`]);
    expect(body).toMatchObject({
      resent_from: before,
      status: 'pending',
      name: 'Invoice 7',
      endpoint_id: endpoint,
      payload: { n: 1 },
      max_attempts: 6,
      source: { type: 'api', id: null },
    });
    expect(api.world.sent).toMatchObject([{ lane: 'fast', token: { run: body.id, attempt: 1 } }]);
    expect(await shown(body.id)).toEqual({ ...body, attempts: [] });
    expect(await shown(before)).toMatchObject({ id: before, status });
    expect(await shown(before)).not.toHaveProperty('resent_from');
  });
});

test('an expired run is sent again from its dead letter', async () => {
  const project = (await api.ports.configStore.project(tenant.project))!;
  const definition = aRunOf(project, { endpoint_id: endpoint, expires_at: Date.now() - 1 });
  await api.world.bury([aLetter(definition)]);
  expect((await resend(definition.id)).body).toMatchObject({ resent_from: definition.id, payload: { a: 1 } });
});

test('payload and endpoint can be changed, and nothing of the inline target stays then', async () => {
  const before = await ended({ target, payload: { a: 1 } });
  const { body } = await resend(before, { payload: 'other', endpoint_id: endpoint });
  expect(body).toMatchObject({ payload: 'other', endpoint_id: endpoint });
  expect(body).not.toHaveProperty('target');
  expect(await stored(body.id)).not.toHaveProperty('target');
});

test('the budget of attempts and the policy are those of the ended run', async () => {
  const policy = { strategy: 'fixed', base_delay_seconds: 60, max_attempts: 2, honor_retry_after: false };
  const { id } = (await post('/v1/retry-policies', { name: 'x', ...policy })).body;
  const before = await ended({ endpoint_id: endpoint, retry_policy_id: id });
  const { body } = await resend(before);
  const { max_attempts, retry_policy_id, due, expires_at } = await stored(body.id);
  expect({ max_attempts, retry_policy_id }).toEqual({ max_attempts: 2, retry_policy_id: id });
  const lives = due + 60_000 + api.ports.keepMs;
  expect(Math.abs(expires_at - lives)).toBeLessThan(1_000); // stored in seconds
});

describe('an inline target', () => {
  it('keeps its headers, encrypted for the new run', async () => {
    const { body } = await resend(await ended({ target }));
    expect(body.target.headers).toEqual({ Authorization: '***', 'X-Other': '***' });
    expect(await headersToCall(body.id)).toEqual(target.headers);
  });

  it('gets other headers, where *** stands for what was there', async () => {
    const { body } = await resend(await ended({ target }), { headers: { authorization: '***', 'X-New': 'three' } });
    expect(await headersToCall(body.id)).toEqual({ authorization: 'Bearer one', 'X-New': 'three' });
  });
});

test('a run of a schedule becomes a manual one, with the headers of the schedule', async () => {
  const { id: schedule } = (await post('/v1/schedules', { name: 'x', cron: '0 3 * * *', target })).body;
  const manual = (await post(`/v1/schedules/${schedule}/run`)).body.id;
  const fired = { source: { type: 'schedule', id: schedule }, occurrence: 5, schedule_version: 1 } as const;
  const before = await stands({ target: (await stored(manual)).target!, ...fired });
  const { body } = await resend(before);
  expect(body).toMatchObject({ source: { type: 'manual', id: schedule }, resent_from: before });
  expect(await headersToCall(body.id, schedule)).toEqual(target.headers);
  expect(await stored(body.id)).not.toHaveProperty('occurrence');
  const { data } = (await api.call('GET', `/v1/schedules/${schedule}/runs`, { headers: tenant.key })).body;
  expect(data.map(({ id }: { id: string }) => id)).toContain(body.id);
});

test('a run of an event keeps the name of the event, and gets a payload of its own', async () => {
  const event = { name: 'invoice.paid' };
  const source = { type: 'event', id: `evt_${'0'.repeat(32)}` } as const;
  const before = await stands({ endpoint_id: endpoint, event, source });
  const { body } = await resend(before, { payload: { b: 2 } });
  expect(await stored(body.id)).toMatchObject({ event, source, payload: { body: '{"b":2}' } });
});

test.each(['pending', 'running', 'retry_scheduled'] as const)('a run that is %s is refused', async (status) => {
  const before = await stands({ endpoint_id: endpoint }, { status });
  const { status: answered, body } = await resend(before);
  expect([answered, body.detail]).toEqual([409, expect.stringContaining(`The task run is ${status}`)]);
  expect(api.world.sent).toEqual([]);
});

test('a run whose content was removed needs payload and headers', async () => {
  const { payload: _gone, ...rest } = aRunOf((await api.ports.configStore.project(tenant.project))!);
  const run = { ...rest, target: { ...target, headers: {} }, redacted_at: 5, expires_at: Date.now() + 86_400_000 };
  await api.world.store([
    { definition: run as RunDefinition, state: aState(run as RunDefinition, { status: 'success' }) },
  ]);
  expect((await resend(run.id)).status).toBe(409);
  expect((await resend(run.id, { payload: 'x' })).status).toBe(409);
  const { status, body } = await resend(run.id, { payload: 'x', headers: {} });
  expect({ status, redacted: body.redacted_at, payload: body.payload }).toEqual({
    status: 201,
    redacted: null,
    payload: 'x',
  });
});

test('a run of a deleted endpoint needs another one', async () => {
  const before = await ended({ endpoint_id: endpoint });
  const other = (await post('/v1/endpoints', { name: 'other', url: URL })).body.id;
  await api.ports.configStore.deleteEndpoint(tenant.project, endpoint);
  expect((await resend(before)).status).toBe(409);
  expect((await resend(before, { endpoint_id: other })).body).toMatchObject({ endpoint_id: other });
});

test.each([
  ['/endpoint_id', { endpoint_id: `ep_${'0'.repeat(32)}` }, {}],
  ['/headers', { headers: {} }, {}],
  ['/payload', { payload: 'text' }, { body_format: 'dispatch' }],
] as const)('a fault at %s is named', async (pointer, body, change) => {
  const answer = await resend(await stands({ endpoint_id: endpoint, ...change }), body);
  expect([answer.status, answer.body.errors]).toMatchObject([400, [{ pointer }]]);
});

test('a header that was not there cannot be kept', async () => {
  const answer = await resend(await ended({ target }), { headers: { 'X-New': '***' } });
  expect([answer.status, answer.body.errors]).toMatchObject([400, [{ pointer: '/headers/X-New' }]]);
});

test('a repeat under its Idempotency-Key makes one run', async () => {
  const before = await ended({ endpoint_id: endpoint });
  const [one, again] = [await resend(before, {}, KEYED), await resend(before, {}, KEYED)];
  expect(again.body).toEqual(one.body);
});
const KEYED = { 'idempotency-key': 'once' };

test('the quota of runs refuses it', async () => {
  const before = await ended({ endpoint_id: endpoint });
  const ports = api.ports as { takeQuota: unknown };
  const { takeQuota } = ports;
  ports.takeQuota = async (quota: string) => ({ isWithin: quota !== 'runs_per_day' });
  expect((await resend(before)).status).toBe(429);
  ports.takeQuota = takeQuota;
  expect(api.world.sent).toEqual([]);
});
