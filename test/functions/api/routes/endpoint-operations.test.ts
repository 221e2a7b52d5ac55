import { Webhook } from 'standardwebhooks';
import { routes as operations } from '../../../../functions/api/routes/endpoint-operations.js';
import { routes as endpointRoutes } from '../../../../functions/api/routes/endpoints.js';
import { routes as keyRoutes } from '../../../../functions/api/routes/keys.js';
import { routes as projectRoutes } from '../../../../functions/api/routes/projects.js';
import { routes as sessionRoutes } from '../../../../functions/api/routes/sessions.js';
import { secretsAt } from '../../../../functions/primitives/signing-secrets.js';
import type { Endpoint } from '../../../../functions/subjects/endpoints/endpoint.js';
import { type Answer, OPERATOR_KEY, startApi } from '../../../support/api-under-test.js';

const ROUTES = [...sessionRoutes, ...projectRoutes, ...keyRoutes, ...endpointRoutes, ...operations];
const HOUR = 3_600_000;

let api: Awaited<ReturnType<typeof startApi>>;
let operator: { authorization: string };
let project: Answer['body'];
let key: { 'x-api-key': string };

beforeAll(async () => {
  api = await startApi(ROUTES);
  const session = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  operator = { authorization: `Bearer ${session.body.token}` };
  project = (await api.call('POST', '/v1/projects', { headers: operator, body: { name: 'Shop' } })).body;
  const made = await api.call('POST', `/v1/projects/${project.id}/keys`, { headers: operator, body: { label: 'ci' } });
  key = { 'x-api-key': made.body.key };
});
afterAll(() => api.close());

const post = (path: string, body: unknown = {}, headers: Record<string, string> = key) =>
  api.call('POST', path, { headers, body });
const patch = (id: string, body: unknown) => api.call('PATCH', `/v1/endpoints/${id}`, { headers: key, body });
const created = async (change: object = {}) =>
  (await post('/v1/endpoints', { name: 'e', url: 'https://example.com/', ...change })).body;
const faultsAt = (answer: Answer) => answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();

/** The secrets in the clear that would sign `after` milliseconds from now. */
async function signing(id: string, after = 0): Promise<string[]> {
  const endpoint = (await api.ports.config.endpoint(project.id, id)) as Endpoint;
  const sealed = secretsAt(endpoint.signing_secrets, endpoint.retiring_secrets, Date.now() + after);
  return Promise.all(sealed.map((one) => api.ports.secrets.decrypt(one, id)));
}

describe('rotating a secret', () => {
  test('shows the new one once; for a day both sign', async () => {
    const { id, signing_secret: old } = await created();
    const answer = await post(`/v1/endpoints/${id}/rotate-secret`);
    expect(answer).toMatchObject({ status: 200, body: { id, signing_secret: expect.stringMatching(/^whsec_/) } });
    const fresh = answer.body.signing_secret;
    expect(new Webhook(fresh)).toBeDefined();
    expect(await signing(id)).toEqual([fresh, old]);
    expect(await signing(id, 25 * HOUR)).toEqual([fresh]);
    const shown = await api.call('GET', `/v1/endpoints/${id}`, { headers: key });
    expect(shown.text).not.toMatch(/secret/);
  });

  test('takes a secret that is given, of any form', async () => {
    const { id, signing_secret: old } = await created();
    const answer = await post(`/v1/endpoints/${id}/rotate-secret`, { signing_secret: 'my own' });
    expect(answer).toMatchObject({ status: 200, body: { signing_secret: 'my own' } });
    expect(await signing(id)).toEqual(['my own', old]);
    expect((await post(`/v1/endpoints/${id}/rotate-secret`, { signing_secret: '' })).status).toBe(400);
  });

  test('without grace the old one is worthless at once', async () => {
    const { id } = await created();
    await post(`/v1/endpoints/${id}/rotate-secret`);
    const answer = await post(`/v1/endpoints/${id}/rotate-secret`, { grace_seconds: 0 });
    expect(await signing(id)).toEqual([answer.body.signing_secret]);
  });

  test('repeated under its Idempotency-Key it shows the same one', async () => {
    const { id } = await created();
    const headers = { ...key, 'idempotency-key': 'rotate-1' };
    const first = await post(`/v1/endpoints/${id}/rotate-secret`, {}, headers);
    const again = await post(`/v1/endpoints/${id}/rotate-secret`, {}, headers);
    expect(again.body.signing_secret).toBe(first.body.signing_secret);
    expect(await signing(id)).toHaveLength(2);
  });

  test('of a project too, by operators', async () => {
    const path = `/v1/projects/${project.id}/rotate-secret`;
    const answer = await post(path, { grace_seconds: 60 }, operator);
    expect(answer.body.signing_secret).toMatch(/^whsec_/);
    expect(answer.body.signing_secret).not.toBe(project.signing_secret);
    const stands = (await api.ports.config.project(project.id))!;
    const { decrypt } = api.ports.secrets;
    expect(await decrypt(stands.signing_secret, project.id)).toBe(answer.body.signing_secret);
    expect(await decrypt(stands.retiring_secrets![0]!.sealed, project.id)).toBe(project.signing_secret);
    expect((await post(path, {})).status).toBe(403);
    expect((await post(path, { signing_secret: 'my own' }, operator)).body.signing_secret).toBe('my own');
  });

  test.each([-1, 1.5, 30 * 86_400 + 1, '60', null])('a grace of %p is refused', async (grace_seconds) => {
    const { id } = await created();
    expect(faultsAt(await post(`/v1/endpoints/${id}/rotate-secret`, { grace_seconds }))).toEqual(['/grace_seconds']);
    expect(faultsAt(await post(`/v1/projects/${project.id}/rotate-secret`, { grace_seconds }, operator))).toEqual([
      '/grace_seconds',
    ]);
  });
});

describe('status and limits', () => {
  test('are shown, changed and taken away', async () => {
    const made = await created({ rate_limit_per_second: 2.5, max_concurrency: 4, status: 'paused' });
    expect(made).toMatchObject({ status: 'paused', rate_limit_per_second: 2.5, max_concurrency: 4 });
    const nulls = { rate_limit_per_second: null, max_concurrency: null };
    expect((await patch(made.id, { name: 'other' })).body).toMatchObject({ rate_limit_per_second: 2.5 });
    expect((await patch(made.id, nulls)).body).toMatchObject({ ...nulls, status: 'paused' });
    expect(await created()).toMatchObject({ ...nulls, failing_since: null, disabled_reason: null, disabled_at: null });
  });

  test.each([
    [{ rate_limit_per_second: 0 }, '/rate_limit_per_second'],
    [{ rate_limit_per_second: 10_001 }, '/rate_limit_per_second'],
    [{ max_concurrency: 0 }, '/max_concurrency'],
    [{ max_concurrency: 1.5 }, '/max_concurrency'],
    [{ max_concurrency: 501 }, '/max_concurrency'],
    [{ status: 'asleep' }, '/status'],
    [{ disabled_reason: 'mine' }, '/disabled_reason'],
  ])('%j is refused', async (body, pointer) => {
    const { id } = await created();
    expect(faultsAt(await patch(id, body))).toEqual([pointer]);
    expect(faultsAt(await post('/v1/endpoints', { name: 'e', url: 'https://example.com/', ...body }))).toEqual([
      pointer,
    ]);
  });

  test('disabled by a person says so, and active takes it back', async () => {
    const { id } = await created();
    expect((await patch(id, { status: 'disabled' })).body).toMatchObject({
      disabled_reason: 'Disabled through the API.',
      disabled_at: expect.stringMatching(/Z$/),
    });
    expect((await patch(id, { status: 'active' })).body).toMatchObject({ disabled_reason: null, disabled_at: null });
  });

  test('resuming sends the release before its commit, and the number that it waits for', async () => {
    const { id } = await created({ status: 'paused' });
    api.dispatched.length = 0;
    await patch(id, { status: 'active' });
    await patch(id, { status: 'active', name: 'still' });
    expect(api.dispatched).toMatchObject([{ kind: 'release', endpoint: id, project: project.id, rev: 1 }]);
    expect((await api.ports.config.endpoint(project.id, id))!.rev).toBe(1);
  });

  test('nothing of how it works is shown', async () => {
    const { id } = await created({ status: 'paused' });
    const { body } = await patch(id, { status: 'active' });
    for (const name of ['rev', 'recovered_at', 'announcement_due', 'retiring_secrets', 'signing_secrets'])
      expect(body).not.toHaveProperty(name);
  });
});

test.each(['rotate-secret', 'test', 'recover'])('%s of an unknown endpoint is a 404', async (operation) => {
  const body = operation === 'recover' ? { since: 0 } : {};
  for (const id of ['ep_0197a0000000700080000000000000ff', 'nonsense'])
    expect((await post(`/v1/endpoints/${id}/${operation}`, body)).status).toBe(404);
});

test.each(['paused', 'disabled'])('one that is %s is not tested', async (status) => {
  const { id } = await created({ status });
  expect(await post(`/v1/endpoints/${id}/test`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
});

test('recovering what is disabled is refused, and so is a time that is none', async () => {
  const { id } = await created({ status: 'disabled' });
  expect((await post(`/v1/endpoints/${id}/recover`, { since: 0 })).status).toBe(409);
  expect(faultsAt(await post(`/v1/endpoints/${id}/recover`, {}))).toEqual(['/since']);
  expect(faultsAt(await post(`/v1/endpoints/${id}/recover`, { since: 'noon', until: 'x' }))).toEqual([
    '/since',
    '/until',
  ]);
  expect(faultsAt(await post(`/v1/endpoints/${id}/recover`, { since: 10, until: 5 }))).toEqual(['/since']);
});
