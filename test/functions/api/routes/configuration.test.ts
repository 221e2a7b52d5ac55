import { randomBytes } from 'node:crypto';
import { routes as healthRoutes } from '../../../../functions/api/routes/documentation.js';
import { routes as endpointRoutes } from '../../../../functions/api/routes/endpoints.js';
import { routes as keyRoutes } from '../../../../functions/api/routes/keys.js';
import { routes as projectRoutes } from '../../../../functions/api/routes/projects.js';
import { routes as policyRoutes } from '../../../../functions/api/routes/retry-policies.js';
import { routes as sessionRoutes } from '../../../../functions/api/routes/sessions.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { Schedule } from '../../../../functions/subjects/schedules/schedule.js';
import { type Answer, OPERATOR_KEY, startApi } from '../../../support/api-under-test.js';

const ROUTES = [...healthRoutes, ...sessionRoutes, ...projectRoutes, ...keyRoutes, ...endpointRoutes, ...policyRoutes];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UNKNOWN = '0197a0000000700080000000000000ff';

/** What the lists of task runs and of dead letters have. */
const lists: Record<'runs' | 'letters', { id: string }[]> = { runs: [], letters: [] };
let api: Awaited<ReturnType<typeof startApi>>;
let operator: { authorization: string };
let project: Answer['body'];
let key: { 'x-api-key': string };
let foreignKey: { 'x-api-key': string };

async function newProjectKey(): Promise<{ project: Answer['body']; key: { 'x-api-key': string } }> {
  const created = await api.call('POST', '/v1/projects', { headers: operator, body: { name: 'Shop' } });
  const made = await api.call('POST', `/v1/projects/${created.body.id}/keys`, {
    headers: operator,
    body: { label: 'ci' },
  });
  return { project: created.body, key: { 'x-api-key': made.body.key } };
}

const faultsAt = (answer: Answer) => answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();

beforeAll(async () => {
  const { runs, letters } = lists;
  const more = {
    runLists: { runs: async () => ({ rows: runs }) },
    deadLetterLists: { list: async () => ({ rows: letters }) },
  };
  api = await startApi(ROUTES, more as never);
  const session = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  operator = { authorization: `Bearer ${session.body.token}` };
  ({ project, key } = await newProjectKey());
  foreignKey = (await newProjectKey()).key;
});
afterAll(() => api.close());

describe('health and every answer', () => {
  test('is public, and says the version', async () => {
    const answer = await api.call('GET', '/v1/healthz');
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok', version: '1.2.3' } });
    expect(answer.headers).toMatchObject({ 'x-request-id': 'request-1', 'x-content-type-options': 'nosniff' });
  });

  test('HEAD is answered like GET, without the body', async () => {
    const answer = await api.call('HEAD', '/v1/healthz');
    expect(answer).toMatchObject({ status: 200, text: '' });
  });

  test('an unknown path is a problem, not an empty answer', async () => {
    const answer = await api.call('GET', '/v2/nothing');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'about:blank', status: 404, code: 'not_found', request_id: 'request-1' });
  });

  test('a wrong method names the right ones', async () => {
    const answer = await api.call('PUT', '/v1/endpoints', { headers: key });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
  });
});

describe('credentials', () => {
  test.each([
    ['none', {}],
    ['an unknown key', { 'x-api-key': `sk_${'0'.repeat(64)}` }],
    ['no key at all', { 'x-api-key': '' }],
    ['a made-up session', { authorization: 'Bearer eyJzdWIiOiJvcGVyYXRvciJ9.AAAA' }],
    ['another scheme', { authorization: 'Basic b3A6b3A=' }],
    ['half a signature', { 'x-key-id': 'ak_1' }],
  ])('401 for %s', async (_name, headers) => {
    const answer = await api.call('GET', '/v1/endpoints', { headers: headers as Record<string, string> });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });

  test('401 for two at once, even two good ones', async () => {
    expect((await api.call('GET', '/v1/endpoints', { headers: { ...key, ...operator } })).status).toBe(401);
  });

  test('401 comes before whatever is wrong with the body', async () => {
    expect((await api.call('POST', '/v1/endpoints', { body: '{' })).status).toBe(401);
  });

  test('403 for a key where operators are asked for', async () => {
    expect((await api.call('POST', '/v1/projects', { headers: key, body: { name: 'x' } })).status).toBe(403);
  });

  test('401 for a wrong operator key', async () => {
    expect((await api.call('POST', '/v1/sessions', { body: { operator_key: 'guess' } })).status).toBe(401);
  });

  test('a session ends after twelve hours', async () => {
    api.clock.offset = 12 * 3_600_000 - 60_000;
    expect((await api.call('GET', '/v1/projects', { headers: operator })).status).toBe(200);
    api.clock.offset = 12 * 3_600_000 + 60_000;
    expect((await api.call('GET', '/v1/projects', { headers: operator })).status).toBe(401);
    api.clock.offset = 0;
  });

  test('a session with another time on it is none', async () => {
    const [, signature] = operator.authorization.slice('Bearer '.length).split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'operator', exp: 9e15 })).toString('base64url');
    const headers = { authorization: `Bearer ${forged}.${signature}` };
    expect((await api.call('GET', '/v1/projects', { headers })).status).toBe(401);
  });
});

describe('projects', () => {
  test('creation alone shows the signing secret', async () => {
    const created = await api.call('POST', '/v1/projects', {
      headers: operator,
      body: { name: 'Läden 🏪', environment: 'staging' },
    });
    expect(created.status).toBe(201);
    expect(created.headers['location']).toBe(`/v1/projects/${created.body.id}`);
    expect(created.body).toMatchObject({
      name: 'Läden 🏪',
      environment: 'staging',
      signing_secret: expect.stringMatching(/^whsec_/),
    });
    const shown = await api.call('GET', created.headers['location']!, { headers: operator });
    const fields = [
      'allowed_targets',
      'created_at',
      'deletion',
      'environment',
      'id',
      'name',
      'payload_days',
      'quotas',
      'shards',
      'updated_at',
    ];
    expect(Object.keys(shown.body).sort()).toEqual(fields);
    expect(shown.body.created_at).toMatch(ISO);
  });

  test('PATCH sets payload_days, keeps it, and null takes it away', async () => {
    const created = await api.call('POST', '/v1/projects', { headers: operator, body: { name: 'shop' } });
    const days = async (body: object) => {
      const answer = await api.call('PATCH', created.headers['location']!, { headers: operator, body });
      return answer.status === 200 ? answer.body.payload_days : answer.status;
    };
    expect(await days({ payload_days: 7 })).toBe(7);
    expect(await days({ name: 'shop' })).toBe(7);
    expect(await days({ payload_days: null })).toBeNull();
    for (const wrong of [0, 1.5, 3_651, '7']) expect(await days({ payload_days: wrong })).toBe(400);
  });

  test('PATCH sets quotas one by one, and null gives them back', async () => {
    const created = await api.call('POST', '/v1/projects', { headers: operator, body: { name: 'shop' } });
    const target = created.headers['location']!;
    const quotas = async (wanted: unknown) => {
      const { status, body } = await api.call('PATCH', target, { headers: operator, body: { quotas: wanted } });
      return status === 200 ? Object.entries(body.quotas).filter(([, value]) => value !== null) : status;
    };
    expect(await quotas({ endpoints: 5 })).toEqual([['endpoints', 5]]);
    expect(await quotas({ runs_per_day: 0 })).toEqual(Object.entries({ runs_per_day: 0, endpoints: 5 }));
    expect(await quotas({ runs_per_day: null })).toEqual([['endpoints', 5]]);
    expect(await quotas(null)).toEqual([]);
    for (const wrong of [-1, 1.5, '5']) expect(await quotas({ endpoints: wrong })).toBe(400);
    expect(await quotas({ wishes: 3 })).toBe(400);
  });

  test('PATCH raises the shards, and never lowers them', async () => {
    const target = `/v1/projects/${(await newProjectKey()).project.id}`;
    const shards = async (wanted: unknown) => {
      const { status, body } = await api.call('PATCH', target, { headers: operator, body: { shards: wanted } });
      return [status, body.shards];
    };
    expect(await shards(4)).toEqual([200, 4]);
    expect(await shards(4)).toEqual([200, 4]);
    expect(await shards(3)).toEqual([409, undefined]);
    for (const wrong of [0, 65, 1.5, '8', null]) expect((await shards(wrong))[0]).toBe(400);
    expect((await api.call('GET', target, { headers: operator })).body.shards).toBe(4);
  });

  test('PATCH changes what it names', async () => {
    const { project: mine } = await newProjectKey();
    const target = `/v1/projects/${mine.id}`;
    const changed = await api.call('PATCH', target, { headers: operator, body: { environment: 'staging' } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Shop', environment: 'staging' } });
    expect((await api.call('PATCH', target, { headers: operator, body: { name: null } })).status).toBe(400);
  });

  test('lists go on by cursor, newest first, each project once', async () => {
    const seen: string[] = [];
    let target: string | undefined = '/v1/projects?page_size=2';
    while (target !== undefined) {
      const page: Answer = await api.call('GET', target, { headers: operator });
      seen.push(...page.body.data.map(({ id }: { id: string }) => id));
      target = page.body.next_cursor ? `/v1/projects?page_size=2&cursor=${page.body.next_cursor}` : undefined;
    }
    expect(seen).toContain(project.id);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  test('one that is not empty is deleted if it is named again; then its keys are worthless, its endpoints marked', async () => {
    const mine = await newProjectKey();
    const target = `/v1/projects/${mine.project.id}`;
    const body = { name: 'e', url: 'https://example.com/' };
    const endpoint = await api.call('POST', '/v1/endpoints', { headers: mine.key, body });
    const refused = await api.call('DELETE', target, { headers: operator });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(endpoint.body.id) } });
    expect((await api.call('DELETE', `${target}?confirm=shop`, { headers: operator })).status).toBe(409);
    // From here on, its project is not read for each request.
    expect((await api.call('GET', '/v1/endpoints', { headers: mine.key })).status).toBe(200);
    const deletion = { requested_at: expect.stringMatching(ISO), rows_removed: 0, finished_at: null };
    const deleted = await api.call('DELETE', `${target}?confirm=Shop`, { headers: operator });
    expect(deleted).toMatchObject({ status: 202, headers: { location: target }, body: { deletion } });
    expect((await api.call('GET', '/v1/endpoints', { headers: mine.key })).status).toBe(401);
    expect((await api.call('GET', target, { headers: operator })).body).toEqual(deleted.body);
    expect((await api.call('PATCH', target, { headers: operator, body: { name: 'x' } })).status).toBe(404);
    const repeated = await api.call('DELETE', target, { headers: operator });
    expect(repeated).toMatchObject({ status: 202, body: deleted.body });
    const listed = await api.call('GET', '/v1/projects?page_size=100', { headers: operator });
    expect(listed.text).not.toContain(mine.project.id);
    expect(await api.ports.config.endpoint(mine.project.id, endpoint.body.id)).toMatchObject({ project_deleted: true });
  });

  test('a deletion that died after its first write is finished by a repeat', async () => {
    const mine = await newProjectKey();
    await api.ports.configStore.changeProject(mine.project.id, (it) => ({ ...it, deleted_at: 1 }));
    const target = `/v1/projects/${mine.project.id}`;
    expect((await api.call('DELETE', target, { headers: operator })).status).toBe(202);
    expect(await api.ports.configStore.keys(mine.project.id, undefined, 9)).toEqual([]);
  });
});

/** Schedules as the table has them, newest first: what they fire is not looked at here. */
async function schedulesWith(change: object, count: number, project_id: string = project.id): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => makeId('sch', Date.now() + n, randomBytes(8))).reverse();
  for (const id of ids) await api.ports.schedules.putSchedule({ id, project_id, version: 1, ...change } as Schedule);
  return ids;
}

async function removeSchedules(ids: readonly string[]): Promise<void> {
  for (const schedule of ids) await api.ports.schedules.remove({ project: project.id, schedule });
}

describe('keys', () => {
  const keysOf = (id: string) => `/v1/projects/${id}/keys`;

  test('are shown once, listed without the secret parts, and revoked at once', async () => {
    const { project: mine } = await newProjectKey();
    const made = await api.call('POST', keysOf(mine.id), { headers: operator, body: { label: 'deploy' } });
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^ak_[0-9a-f]{32}$/),
      key: expect.stringMatching(/^sk_[0-9a-f]{64}$/),
      signing_secret: expect.any(String),
      last_used_at: null,
    });
    expect(made.body.key.endsWith(made.body.last_four)).toBe(true);
    const headers = { 'x-api-key': made.body.key };
    expect((await api.call('GET', '/v1/endpoints', { headers })).status).toBe(200);

    const listed = await api.call('GET', keysOf(mine.id), { headers: operator });
    const row = listed.body.data.find(({ id }: { id: string }) => id === made.body.id);
    const { key: _key, signing_secret: _secret, ...shown } = made.body;
    expect(row).toEqual({ ...shown, last_used_at: expect.stringMatching(ISO), last_used_from: '192.0.2.7' });

    const target = `${keysOf(mine.id)}/${made.body.id}`;
    expect((await api.call('DELETE', target, { headers: operator })).status).toBe(204);
    expect((await api.call('GET', '/v1/endpoints', { headers })).status).toBe(401);
    expect((await api.call('DELETE', target, { headers: operator })).status).toBe(404);
    expect((await api.call('GET', keysOf(mine.id), { headers: operator })).text).not.toContain(made.body.id);
  });

  test('are allowed what their scopes say, by default everything that a key can do', async () => {
    const make = (body: object) => api.call('POST', keysOf(project.id), { headers: operator, body });
    const whole = await make({ label: 'x' });
    expect(whole.body).toMatchObject({ scopes: ['read', 'publish', 'manage', 'audit'], expires_at: null });
    const made = await make({ label: 'x', scopes: ['publish', 'read'] });
    expect(made.body.scopes).toEqual(['read', 'publish']);
    const headers = { 'x-api-key': made.body.key };
    expect((await api.call('GET', '/v1/endpoints', { headers })).status).toBe(200);
    const refused = await api.call('POST', '/v1/endpoints', {
      headers,
      body: { name: 'n', url: 'https://h.example/' },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(refused.body.detail).toContain('"manage"');
    for (const scopes of [[], ['administer'], ['read', 'write'], 'read'])
      expect((await make({ label: 'x', scopes })).status).toBe(400);
  });

  test('end when they expire, and stay in the list', async () => {
    const { project: mine } = await newProjectKey();
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const made = await api.call('POST', keysOf(mine.id), { headers: operator, body: { label: 'x', expires_at } });
    expect(made.body.expires_at).toBe(expires_at);
    const headers = { 'x-api-key': made.body.key };
    expect((await api.call('GET', '/v1/endpoints', { headers })).status).toBe(200);
    api.clock.offset = 60_000;
    const refused = await api.call('GET', '/v1/endpoints', { headers });
    expect(refused).toMatchObject({ status: 401, body: { detail: `This API key has expired at ${expires_at}.` } });
    const listed = await api.call('GET', keysOf(mine.id), { headers: operator });
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toContain(made.body.id);
    for (const past of [expires_at, 0]) {
      const body = { label: 'x', expires_at: past };
      const answer = await api.call('POST', keysOf(mine.id), { headers: operator, body });
      expect([answer.status, faultsAt(answer)]).toEqual([400, ['/expires_at']]);
    }
    api.clock.offset = 0;
  });

  test('are revoked also where they sign calls, and the answer names what they sign', async () => {
    const made = await api.call('POST', keysOf(project.id), { headers: operator, body: { label: 'signs' } });
    const { id, key: sent } = made.body;
    const ids = await schedulesWith({ signing_key_id: id }, 2);
    await schedulesWith({ signing_key_id: `ak_${UNKNOWN}` }, 1);
    const revoked = await api.call('DELETE', `${keysOf(project.id)}/${id}`, { headers: operator });
    expect([revoked.status, revoked.body.id]).toEqual([200, id]);
    expect([...revoked.body.signing_schedules].sort()).toEqual([...ids].sort());
    expect((await api.call('GET', '/v1/endpoints', { headers: { 'x-api-key': sent } })).status).toBe(401);
    await removeSchedules(ids);
  });

  test('of another project are not there', async () => {
    const listed = await api.call('GET', keysOf(project.id), { headers: operator });
    const other = await newProjectKey();
    const target = `${keysOf(other.project.id)}/${listed.body.data[0].id}`;
    expect((await api.call('DELETE', target, { headers: operator })).status).toBe(404);
    expect((await api.call('GET', '/v1/endpoints', { headers: key })).status).toBe(200);
  });

  test('of no project cannot be made', async () => {
    const target = keysOf(`proj_${UNKNOWN}`);
    expect((await api.call('POST', target, { headers: operator, body: { label: 'x' } })).status).toBe(404);
  });
});

test('an endpoint that a schedule uses stays, and the schedule is named', async () => {
  const body = { name: 'n', url: 'https://example.com/' };
  const { id } = (await api.call('POST', '/v1/endpoints', { headers: key, body })).body;
  const ids = await schedulesWith({ endpoint_id: id }, 2);
  const refused = await api.call('DELETE', `/v1/endpoints/${id}`, { headers: key });
  const told = `Schedules use it: ${ids.join(', ')}. Change or delete these first.`;
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', detail: told } });
  expect((await api.call('GET', `/v1/endpoints/${id}`, { headers: key })).status).toBe(200);
  await removeSchedules(ids);
  expect((await api.call('DELETE', `/v1/endpoints/${id}`, { headers: key })).status).toBe(204);
});

test('a project with a schedule, a run or a dead letter is not empty', async () => {
  const mine = await newProjectKey();
  const [id] = await schedulesWith({}, 1, mine.project.id);
  const deleted = (project: string) => api.call('DELETE', `/v1/projects/${project}`, { headers: operator });
  const isNamed = (named: string) => ({ status: 409, body: { detail: expect.stringContaining(named) } });
  expect(await deleted(mine.project.id)).toMatchObject(isNamed(id!));
  const empty = await newProjectKey();
  for (const [rows, named] of [
    [lists.runs, 'run_1'],
    [lists.letters, 'dl_1'],
  ] as const) {
    rows.push({ id: named });
    expect(await deleted(empty.project.id)).toMatchObject(isNamed(named));
    rows.pop();
  }
  expect((await deleted(empty.project.id)).status).toBe(202);
});

test('a change of an endpoint checks only what it names', async () => {
  const policy = await api.call('POST', '/v1/retry-policies', { headers: key, body: { name: 'p' } });
  const body = { name: 'n', url: 'https://example.com/', retry_policy_id: policy.body.id };
  const { id } = (await api.call('POST', '/v1/endpoints', { headers: key, body })).body;
  const old = { name: 'a\u202eb', url: 'http://10.0.0.1/', headers: { webhook_id: 'x' } };
  await api.ports.configStore.changeEndpoint(project.id, id, (it) => ({ ...it, ...old }));
  await api.ports.configStore.deleteRetryPolicy(project.id, policy.body.id);
  const patch = (change: object) => api.call('PATCH', `/v1/endpoints/${id}`, { headers: key, body: change });
  expect(await patch({ status: 'paused' })).toMatchObject({
    status: 200,
    body: { status: 'paused', ...old, headers: { webhook_id: '***' } },
  });
  expect((await patch({ retry_policy_id: policy.body.id, timeout_ms: 500 })).status).toBe(200);
  expect(await patch({ name: 'renamed' })).toMatchObject({ status: 200, body: { name: 'renamed', url: old.url } });
  expect((await api.call('DELETE', `/v1/endpoints/${id}`, { headers: key })).status).toBe(204);
});

describe('endpoints', () => {
  const minimal = { name: 'Invoices', url: 'https://example.com/hook' };
  const create = (body: unknown, headers: Record<string, string> = key) =>
    api.call('POST', '/v1/endpoints', { headers, body });

  test('have defaults, and show their secret once', async () => {
    const made = await create(minimal);
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`/v1/endpoints/${made.body.id}`);
    const defaults = { method: 'POST', headers: {}, timeout_ms: 10_000, status: 'active', retry_policy_id: null };
    expect(made.body).toMatchObject({ ...minimal, ...defaults, signing_secret: expect.stringMatching(/^whsec_/) });
    const shown = await api.call('GET', made.headers['location']!, { headers: key });
    expect(shown.body).not.toHaveProperty('signing_secret');
    expect(shown.text).not.toContain('signing_secrets');
  });

  test('are found by their whole name', async () => {
    const { id } = (await create({ ...minimal, name: 'a rare name' })).body;
    const found = async (name: string) =>
      (await api.call('GET', `/v1/endpoints?name=${name}`, { headers: key })).body.data.map(
        (one: { id: string }) => one.id,
      );
    expect([await found('a%20rare%20name'), await found('a%20rare')]).toEqual([[id], []]);
  });

  test('take a secret that is brought along', async () => {
    const signing_secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect((await create({ ...minimal, signing_secret })).body.signing_secret).toBe(signing_secret);
  });

  test.each(['x', 'whsec_short', 'my secret, Schlüssel 🗝', ' kept as it is ', 'a'.repeat(256)])(
    'take a secret of any form: %j',
    async (signing_secret) => {
      const made = await create({ ...minimal, signing_secret, headers: { 'X-Webhook-Secret': 'too' } });
      expect(made).toMatchObject({ status: 201, body: { signing_secret, headers: { 'X-Webhook-Secret': '***' } } });
    },
  );

  test.each(['', 'a\nb', 'a\u007f', '\ud800', 'a'.repeat(257), 5])('refuse a secret: %j', async (signing_secret) => {
    expect(faultsAt(await create({ ...minimal, signing_secret }))).toEqual(['/signing_secret']);
  });

  test.each([
    ['ftp', 'ftp://example.com/'],
    ['http on this stage', 'http://example.com/'],
    ['private', 'https://10.0.0.1/'],
    ['decimal loopback', 'https://2130706433/'],
    ['metadata', 'https://169.254.169.254/latest'],
    ['credentials', 'https://me:secret@example.com/'],
    ['line break', 'https://example.com/\r\nx'],
    ['relative', '/hook'],
    ['not a string', 42],
  ])('refuse a URL: %s', async (_name, url) => {
    const answer = await create({ ...minimal, url });
    expect(answer.status).toBe(400);
    expect(faultsAt(answer)).toEqual(['/url']);
  });

  test('refuse headers that break out, or are not theirs to set', async () => {
    const headers = { 'x-a': 'one\r\nx-b: two', Host: 'evil', 'webhook-id': 'x', 'bad name': 'x', 'x/y~': 'ok\u0000' };
    const answer = await create({ ...minimal, headers });
    expect(faultsAt(answer)).toEqual([
      '/headers/Host',
      '/headers/bad name',
      '/headers/webhook-id',
      '/headers/x-a',
      '/headers/x~1y~0',
    ]);
  });

  test('every fault is named at once, in body and query', async () => {
    const body = { url: 'nope', method: 'TRACE', timeout_ms: 99, colour: 'red', event_filters: ['a*'] };
    const answer = await api.call('POST', '/v1/endpoints?verbose=1', { headers: key, body });
    expect(answer.status).toBe(400);
    expect(faultsAt(answer)).toEqual([
      '/colour',
      '/event_filters/0',
      '/method',
      '/name',
      '/timeout_ms',
      '/url',
      'verbose',
    ]);
  });

  test.each([
    ['blank', '  '],
    ['empty', ''],
    ['NUL', 'a\u0000b'],
    ['too long', 'x'.repeat(201)],
  ])('refuse a name: %s', async (_name, name) => {
    expect(faultsAt(await create({ ...minimal, name }))).toEqual(['/name']);
  });

  test('count emoji as characters of a name', async () => {
    expect((await create({ ...minimal, name: '🎉'.repeat(200) })).status).toBe(201);
  });

  test('listen to what their filters say, to nothing by default', async () => {
    const filters = async (id: string, method = 'GET', body?: object) =>
      (await api.call(method, `/v1/endpoints/${id}`, { headers: key, ...(body && { body }) })).body.event_filters;
    const event_filters = ['invoice.paid', 'invoice.*', '*', 'job.failed'];
    const { id, ...made } = (await create({ ...minimal, event_filters })).body;
    expect(made.event_filters).toEqual(event_filters);
    expect(await filters(id, 'PATCH', { name: 'renamed' })).toEqual(event_filters);
    expect(await filters(id, 'PATCH', { event_filters: ['a'] })).toEqual(['a']);
    expect(await filters(id)).toEqual(['a']);
    expect(await filters(id, 'PATCH', { event_filters: null })).toEqual([]);
    expect((await create(minimal)).body.event_filters).toEqual([]);
  });

  test('are acknowledged as listeners for job notifications only when all workers know of them', async () => {
    const waits: number[] = [];
    const sleep = jest.spyOn(api.clock, 'sleep').mockImplementation(async (ms?: number) => void waits.push(ms!));
    const { id } = (await create({ ...minimal, event_filters: ['job.failed'] })).body;
    await api.call('PATCH', `/v1/endpoints/${id}`, { headers: key, body: { name: 'renamed' } });
    expect(waits).toHaveLength(1);
    await api.call('PATCH', `/v1/endpoints/${id}`, { headers: key, body: { event_filters: ['job.completed'] } });
    expect(waits).toHaveLength(2);
    sleep.mockRestore();
  });

  test.each([
    ['not a list', '*', ['/event_filters']],
    ['a star in the middle', ['a.*.b'], ['/event_filters/0']],
    ['one given twice', ['a', 'b', 'a'], ['/event_filters/2']],
    ['a notification that there is not', ['*', 'job.done'], ['/event_filters/1']],
    ['too many', Array.from({ length: 51 }, (_, n) => `a${n}`), ['/event_filters']],
  ])('refuse event filters: %s', async (_name, event_filters, pointers) => {
    expect(faultsAt(await create({ ...minimal, event_filters }))).toEqual(pointers);
  });

  test('PATCH replaces what it names, headers whole, and null gives the default back', async () => {
    const policy = await api.call('POST', '/v1/retry-policies', { headers: key, body: { name: 'p' } });
    const body = {
      ...minimal,
      timeout_ms: 500,
      headers: { 'X-Old': '1', Authorization: 'a' },
      retry_policy_id: policy.body.id,
    };
    const { id } = (await create(body)).body;
    const patch = {
      headers: { authorization: 'b', 'X-New': '2' },
      timeout_ms: null,
      retry_policy_id: null,
      status: 'disabled',
    };
    const changed = await api.call('PATCH', `/v1/endpoints/${id}`, { headers: key, body: patch });
    expect(changed.body).toMatchObject({
      timeout_ms: 10_000,
      retry_policy_id: null,
      status: 'disabled',
      name: 'Invoices',
    });
    expect(changed.body.headers).toEqual({ authorization: '***', 'X-New': '***' });
    const refused = await api.call('PATCH', `/v1/endpoints/${id}`, {
      headers: key,
      body: { headers: { 'x-new': null } },
    });
    expect(faultsAt(refused)).toEqual(['/headers/x-new']);
    const cleared = await api.call('PATCH', `/v1/endpoints/${id}`, {
      headers: key,
      body: { headers: null, status: 'active' },
    });
    expect(cleared.body).toMatchObject({ headers: {}, status: 'active' });
  });

  test('changes at the same time all last', async () => {
    const { id } = (await create(minimal)).body;
    const patches = [{ name: 'b' }, { timeout_ms: 200 }, { max_concurrency: 3 }, { headers: { 'x-d': 'd' } }];
    await Promise.all(patches.map((body) => api.call('PATCH', `/v1/endpoints/${id}`, { headers: key, body })));
    const shown = await api.call('GET', `/v1/endpoints/${id}`, { headers: key });
    expect(shown.body).toMatchObject(Object.assign({}, ...patches, { headers: { 'x-d': '***' } }));
  });

  test.each(['GET', 'PATCH', 'DELETE'])(
    '%s of an unknown, a foreign and a malformed id is the same 404',
    async (method) => {
      const { id } = (await create(minimal)).body;
      const options = (headers: Record<string, string>) => ({ headers, ...(method === 'PATCH' && { body: {} }) });
      const foreign = await api.call(method, `/v1/endpoints/${id}`, options(foreignKey));
      const unknown = await api.call(method, `/v1/endpoints/ep_${UNKNOWN}`, options(key));
      const malformed = await api.call(method, `/v1/endpoints/${'x'.repeat(3000)}`, options(key));
      expect([foreign.status, unknown.status, malformed.status]).toEqual([404, 404, 404]);
      expect(foreign.text).toBe(unknown.text);
      expect((await api.call('GET', `/v1/endpoints/${id}`, { headers: key })).status).toBe(200);
    },
  );

  test('a policy of another project is as unknown as any', async () => {
    const policy = await api.call('POST', '/v1/retry-policies', { headers: foreignKey, body: { name: 'p' } });
    expect(faultsAt(await create({ ...minimal, retry_policy_id: policy.body.id }))).toEqual(['/retry_policy_id']);
  });

  test('an operator names the project to create in, and sees all of them merged', async () => {
    expect(faultsAt(await create(minimal, operator))).toEqual(['project_id']);
    const made = await api.call('POST', `/v1/endpoints?project_id=${project.id}`, { headers: operator, body: minimal });
    expect(made).toMatchObject({ status: 201, body: { project_id: project.id } });
    const foreign = await create(minimal, foreignKey);
    const all = await api.call('GET', '/v1/endpoints?page_size=2', { headers: operator });
    expect(all.body.data.map(({ id }: { id: string }) => id)).toEqual([foreign.body.id, made.body.id]);
    const one = await api.call('GET', `/v1/endpoints?project_id=${project.id}&page_size=1`, { headers: operator });
    expect(one.body.data).toMatchObject([{ id: made.body.id }]);
    const none = await api.call('GET', `/v1/endpoints?project_id=proj_${UNKNOWN}`, { headers: operator });
    expect(none.status).toBe(404);
    const notMine = await api.call('GET', `/v1/endpoints?project_id=${project.id}`, { headers: foreignKey });
    expect(notMine.status).toBe(404);
  });
});

describe('retry policies', () => {
  const create = (body: unknown) => api.call('POST', '/v1/retry-policies', { headers: key, body });

  test('what is left out is as in the default policy', async () => {
    expect(await create({ name: 'Default' })).toMatchObject({
      status: 201,
      body: {
        strategy: 'custom',
        delays_seconds: [30, 120, 600, 3_600, 21_600],
        max_attempts: 6,
        jitter: 'none',
        honor_retry_after: true,
        retry_on_statuses: null,
      },
    });
  });

  test('a list of delays makes as many retries, and is not cut', async () => {
    const made = await create({ name: 'n', delays_seconds: [1, 86_400] });
    expect(made.body).toMatchObject({ max_attempts: 3, max_delay_seconds: 86_400 });
  });

  test('PATCH keeps what it does not name', async () => {
    const made = await create({
      name: 'n',
      strategy: 'fixed',
      base_delay_seconds: 5,
      max_attempts: 3,
      retry_on_statuses: ['5xx'],
    });
    const target = `/v1/retry-policies/${made.body.id}`;
    const changed = await api.call('PATCH', target, {
      headers: key,
      body: { jitter: 'full', retry_on_statuses: null },
    });
    expect(changed.body).toMatchObject({
      strategy: 'fixed',
      base_delay_seconds: 5,
      max_attempts: 3,
      jitter: 'full',
      retry_on_statuses: null,
    });
    const refused = await api.call('PATCH', target, { headers: key, body: { strategy: 'custom', delays_seconds: [] } });
    expect(faultsAt(refused)).toEqual(['/delays_seconds']);
  });

  test('faults', async () => {
    const body = {
      name: 'n',
      strategy: 'random',
      max_attempts: 0,
      delays_seconds: [-1],
      retry_on_statuses: ['abc'],
      jitter: 1,
    };
    expect(faultsAt(await create(body))).toEqual([
      '/delays_seconds/0',
      '/jitter',
      '/max_attempts',
      '/retry_on_statuses/0',
      '/strategy',
    ]);
  });

  test('one that a schedule uses stays, and the schedules are named, twenty of them', async () => {
    const policy = await create({ name: 'n' });
    const target = `/v1/retry-policies/${policy.body.id}`;
    const ids = await schedulesWith({ retry_policy_id: policy.body.id }, 21);
    const refused = await api.call('DELETE', target, { headers: key });
    const told = `Schedules use it: ${ids.slice(0, 20).join(', ')} and more. Change or delete these first.`;
    expect(refused).toMatchObject({ status: 409, body: { detail: told } });
    await removeSchedules(ids);
    expect((await api.call('DELETE', target, { headers: key })).status).toBe(204);
  });

  test('one in use stays, and its users are named', async () => {
    const policy = await create({ name: 'n' });
    const target = `/v1/retry-policies/${policy.body.id}`;
    const body = { name: 'e', url: 'https://example.com/', retry_policy_id: policy.body.id };
    const endpoint = await api.call('POST', '/v1/endpoints', { headers: key, body });
    const refused = await api.call('DELETE', target, { headers: key });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(endpoint.body.id) } });
    await api.call('PATCH', `/v1/endpoints/${endpoint.body.id}`, { headers: key, body: { retry_policy_id: null } });
    expect((await api.call('DELETE', target, { headers: key })).status).toBe(204);
    expect((await api.call('GET', target, { headers: key })).status).toBe(404);
    expect((await api.call('GET', '/v1/retry-policies', { headers: key })).text).not.toContain(policy.body.id);
  });
});
