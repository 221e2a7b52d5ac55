import type { HttpDestination } from '../../../../functions/destinations/http/http.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

const URL = 'https://example.com/hook';

let api: WholeApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.newTenant();
});

const call = (method: string, path: string, body?: object, headers: object = {}) =>
  api.call(method, `/v1/${path}`, { headers: { ...tenant.key, ...headers }, ...(body && { body }) });

const KINDS = [
  { kind: 'endpoints', first: { url: URL, max_concurrency: 5 }, next: { url: `${URL}/2` }, gone: 'max_concurrency' },
  {
    kind: 'retry-policies',
    first: { max_attempts: 3, retry_on_statuses: ['5xx'] },
    next: {},
    gone: 'retry_on_statuses',
  },
  {
    kind: 'schedules',
    first: { cron: '0 3 * * *', target: { url: URL }, max_runs: 7 },
    next: { run_at: '2031-01-01T00:00:00Z', target: { url: URL }, payload: { a: 1 } },
    gone: 'max_runs',
  },
] as const;

describe.each(KINDS)('$kind', ({ kind, first, next, gone }) => {
  const path = `${kind}/by-name/Rechnungen Zürich`;

  it('are made, replaced, shown and deleted by name', async () => {
    const made = await call('PUT', path, first);
    expect([made.status, made.headers['location']]).toEqual([201, `/v1/${kind}/${made.body.id}`]);
    expect(made.body).toMatchObject({ key: 'Rechnungen Zürich', name: 'Rechnungen Zürich', [gone]: expect.anything() });

    const same = await call('PUT', path, first);
    expect([same.status, same.body.id]).toEqual([200, made.body.id]);

    const replaced = await call('PUT', path, { ...next, name: 'shown' });
    expect([replaced.status, replaced.body.id, replaced.body[gone]]).toEqual([200, made.body.id, null]);
    expect(replaced.body).toMatchObject({ key: 'Rechnungen Zürich', name: 'shown' });
    expect((await call('GET', path)).body).toEqual((await call('GET', `${kind}/${made.body.id}`)).body);
    expect((await call('GET', kind)).body.data).toHaveLength(1);

    expect((await call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await call(method, path)).status).toBe(404);
    const again = await call('PUT', path, first);
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(made.body.id);
  });

  it('keep their key when they are changed by id, and free it when they are deleted by id', async () => {
    const { id } = (await call('PUT', path, first)).body;
    expect((await call('PATCH', `${kind}/${id}`, { name: 'other' })).body.key).toBe('Rechnungen Zürich');
    expect((await call('GET', path)).body).toMatchObject({ id, name: 'other' });
    expect((await call('DELETE', `${kind}/${id}`)).status).toBe(204);
    expect(await api.ports.names.find(nameOf(kind))).toBeUndefined();
  });

  it('are made with the id of a claim whose object was never made', async () => {
    const id = (await call('PUT', `${kind}/by-name/other`, first)).body.id.replace(/.{4}$/, '0000');
    await api.ports.names.claim(nameOf(kind), id);
    expect((await call('GET', path)).status).toBe(404);
    const made = await call('PUT', path, first);
    expect([made.status, made.body.id]).toEqual([201, id]);
  });

  it('have one name for each project and kind', async () => {
    const { id } = (await call('PUT', path, first)).body;
    tenant = await api.newTenant();
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('PUT', path, first)).body.id).not.toBe(id);
  });

  it.each(['', 'a%2Fb', 'x'.repeat(201), 'a\u202Eb'])('refuse the name %j', async (name) => {
    const { status, body } = await call('PUT', `${kind}/by-name/${name}`, first);
    expect(status).toBe(name === '' ? 404 : 400);
    if (name !== '') expect(body.errors).toMatchObject([{ pointer: 'name' }]);
  });

  it('are made once by a repeat under its Idempotency-Key, and shown with their secret', async () => {
    const headers = { 'idempotency-key': 'once' };
    const one = await call('PUT', path, first, headers);
    expect((await call('PUT', path, first, headers)).body).toEqual(one.body);
  });

  const nameOf = (of: typeof kind) =>
    ({
      project: tenant.project,
      kind: ({ endpoints: 'ep', 'retry-policies': 'rp', schedules: 'sch' } as const)[of],
      name: 'Rechnungen Zürich',
    }) as const;
});

test('a paused endpoint stays paused unless the request says otherwise, and keeps its secret', async () => {
  const path = 'endpoints/by-name/billing';
  const { id, signing_secret } = (await call('PUT', path, { url: URL })).body;
  expect(signing_secret).toMatch(/^whsec_/);
  await call('PATCH', `endpoints/${id}`, { status: 'paused' });
  const stored = async () => (await api.ports.config.endpoint(tenant.project, id))!.signing_secrets;
  const before = await stored();
  const { body } = await call('PUT', path, {
    url: URL,
    signing_secret: `whsec_${Buffer.alloc(24, 9).toString('base64')}`,
  });
  expect(body).toMatchObject({ status: 'paused' });
  expect(body).not.toHaveProperty('signing_secret');
  expect(await stored()).toEqual(before);
  expect((await call('PUT', path, { url: URL, status: 'active' })).body.status).toBe('active');
});

test('a header that is shown as *** keeps its value', async () => {
  const path = 'endpoints/by-name/billing';
  const { id } = (await call('PUT', path, { url: URL, headers: { Authorization: 'Bearer one' } })).body;
  const headers = async () => ((await api.ports.config.endpoint(tenant.project, id)) as HttpDestination).headers;
  const before = await headers();
  await call('PUT', path, { url: URL, headers: { Authorization: '***' } });
  expect(await headers()).toEqual(before);
});

test('an endpoint that a schedule uses is not deleted, and keeps its name', async () => {
  const { id } = (await call('PUT', 'endpoints/by-name/billing', { url: URL })).body;
  await call('PUT', 'schedules/by-name/nightly', { cron: '0 3 * * *', endpoint_id: id });
  expect((await call('DELETE', 'endpoints/by-name/billing')).status).toBe(409);
  expect((await call('GET', 'endpoints/by-name/billing')).body.id).toBe(id);
});

test('an endpoint of AWS is put again, and keeps its kind', async () => {
  const path = 'endpoints/by-name/orders';
  const queue = { type: 'sqs', arn: 'arn:aws:sqs:us-east-1:000000000000:trial' };
  const made = await call('PUT', path, queue);
  expect(made.body).toMatchObject({ ...queue, timeout_ms: 10_000 });
  expect((await call('PUT', path, { ...queue, timeout_ms: 500 })).body).toMatchObject({ ...queue, timeout_ms: 500 });
  expect((await call('PUT', path, { url: URL })).body.errors).toContainEqual(
    expect.objectContaining({ pointer: '/url' }),
  );
  await call('PUT', 'endpoints/by-name/billing', { url: URL });
  expect((await call('PUT', 'endpoints/by-name/billing', queue)).body.errors).toMatchObject([
    { pointer: '/url' },
    { pointer: '/arn' },
  ]);
});
