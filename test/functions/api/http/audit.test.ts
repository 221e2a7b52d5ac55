import { withoutSecrets } from '../../../../functions/subjects/audit/audit-entry.js';
import type { Answer } from '../../../support/api-under-test.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

// biome-ignore lint/suspicious/noExplicitAny: what a line holds is for the test to say
type Json = any;

let api: WholeApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.offset = 0;
  tenant = await api.newTenant();
});

const TARGET = 'https://example.com/hook?token=of-theirs';
const ENDPOINT = { name: 'x', url: TARGET, headers: { Authorization: 'Bearer of-theirs' } };

const send = (method: string, path: string, body?: object, headers: object = tenant.key): Promise<Answer> =>
  api.call(method, path, { headers: headers as Record<string, string>, ...(body && { body }) });

async function auditAnswer(query: string, headers: object): Promise<{ lines: Json[]; next: string }> {
  const answer = await send('GET', `/v1/audit${query}`, undefined, headers);
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } });
  const lines = answer.text.split('\n').slice(0, -1);
  const [, next] = /^<\/v1\/audit(.*)>; rel="next"$/.exec(answer.headers['link']!)!;
  return { lines: lines.map((line) => JSON.parse(line)), next: next! };
}

const audit = async (query = '', headers: object = tenant.key): Promise<Json[]> =>
  (await auditAnswer(query, headers)).lines;

const actions = (lines: readonly Json[]): string[] => lines.map(({ action }) => action);
const SETUP = ['POST /v1/projects/{id}/keys'];

test('who changed what, from where, and what it was before and after', async () => {
  const { body: endpoint } = await send('POST', '/v1/endpoints', ENDPOINT);
  const path = `/v1/endpoints/${endpoint.id}`;
  await send('PATCH', path, { name: 'renamed' });
  await send('DELETE', path, undefined, api.operator);
  const [, created, changed, deleted, ...more] = await audit();
  expect(more).toEqual([]);
  const common = { project_id: tenant.project, source_ip: '192.0.2.7', user_agent: 'a test', request_id: 'request-1' };
  const actor = { type: 'key', id: tenant.key_id, label: 'tenant' };
  expect(created).toMatchObject({ ...common, actor, action: 'POST /v1/endpoints', status: 201, before: null });
  expect(created.after).toMatchObject({ id: endpoint.id, name: 'x' });
  expect(changed).toMatchObject({ ...common, actor, action: 'PATCH /v1/endpoints/{id}', path, status: 200 });
  expect([changed.before.name, changed.after.name]).toEqual(['x', 'renamed']);
  expect(deleted).toMatchObject({ ...common, actor: { type: 'person', name: 'operator' }, status: 204, after: null });
  expect(deleted.before).toEqual(changed.after);
});

test('no secret is in it', async () => {
  const { body: endpoint } = await send('POST', '/v1/endpoints', ENDPOINT);
  const target = { url: TARGET, headers: ENDPOINT.headers };
  await send('POST', '/v1/schedules', { name: 'x', cron: '0 3 * * *', target, payload: { pin: 'of-theirs' } });
  const { body: task } = await send('POST', '/v1/tasks', { target, payload: 'of-theirs', delay_seconds: 60 });
  await send('POST', `/v1/tasks/${task.id}/cancel`);
  const cron = {
    name: 'x',
    cronExpression: '0 3 * * *',
    targetUrl: TARGET,
    headers: ENDPOINT.headers,
    body: 'of-theirs',
  };
  const { body: job } = await send('POST', '/api/cron-service/jobs', cron);
  await send('PATCH', `/api/cron-service/jobs/${job.data.jobId}`, { state: 'PAUSED' });
  const keys = `/v1/projects/${tenant.project}/keys`;
  const { body: key } = await send('POST', keys, { label: 'x' }, api.operator);
  const lines = await audit();
  expect(actions(lines)).toHaveLength(7);
  const text = JSON.stringify(lines);
  for (const secret of [
    endpoint.signing_secret,
    key.key,
    key.signing_secret,
    tenant.key['x-api-key'],
    'of-theirs',
    'word@',
  ])
    expect(text).not.toContain(secret);
  expect(text).toContain('https://example.com/hook?***');
});

test('values of headers, payloads and queries are hidden, wherever they stand; nothing else is', () => {
  const shown = {
    a: [{ headers: { 'X-A': 'b' } }],
    url: 'https://h/p',
    targetUrl: 'https://u:p@h/p#f',
    key: null,
    payload: null,
    n: 1,
    body: { x: 1 },
  };
  expect(withoutSecrets(shown)).toEqual({
    ...shown,
    a: [{ headers: { 'X-A': '***' } }],
    targetUrl: 'https://***@h/p#f',
    body: '***',
  });
  expect(withoutSecrets([null, 'text', 7])).toEqual([null, 'text', 7]);
});

test('reads, and what is its own record, leave none', async () => {
  await send('GET', '/v1/endpoints');
  await send('POST', '/v1/tasks', { target: { url: 'https://example.com/' } });
  await send('POST', '/v1/schedules/preview', { cron: '* * * * *' });
  expect(actions(await audit())).toEqual(SETUP);
});

test('a change that is refused says so, and changed nothing', async () => {
  const { body: policy } = await send('POST', '/v1/retry-policies', { name: 'p' });
  await send('POST', '/v1/endpoints', { ...ENDPOINT, retry_policy_id: policy.id });
  expect((await send('DELETE', `/v1/retry-policies/${policy.id}`)).status).toBe(409);
  const lines = await audit();
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatchObject({
    type: 'change',
    action: 'DELETE /v1/retry-policies/{id}',
    status: 409,
    after: null,
  });
  expect(lines[3].before.id).toBe(policy.id);
});

const refusals = (lines: readonly Json[]) =>
  lines.filter(({ type }) => type === 'refusal').map(({ action, status, count }) => [action, status, count]);

test('requests that are refused before they change anything are told by kind', async () => {
  await send('POST', '/v1/endpoints', { name: 'x' });
  await send('GET', '/v1/endpoints/ep_1');
  await send('POST', '/v1/projects', { name: 'x' });
  await send('POST', '/v1/tasks', { target: { url: 'not a URL' } });
  await send('GET', '/v1/endpoints', undefined, { 'x-api-key': 'not a key' });
  const lines = await audit();
  expect(refusals(lines)).toEqual([
    ['POST /v1/endpoints', 400, 1],
    ['GET /v1/endpoints/{id}', 404, 1],
    ['POST /v1/projects', 403, 1],
    ['POST /v1/tasks', 400, 1],
  ]);
  const actor = { type: 'key', id: tenant.key_id, label: 'tenant' };
  expect(lines.at(-1)).toMatchObject({ project_id: tenant.project, actor, path: '/v1/tasks', source_ip: '192.0.2.7' });
});

test('a flood of refusals is a few entries, which count it', async () => {
  const { put } = api.ports.auditTrail;
  let puts = 0;
  Object.assign(api.ports.auditTrail, {
    put: (entry: Json) => {
      puts += 1;
      return put(entry);
    },
  });
  for (let n = 0; n < 50; n += 1) await send('POST', '/v1/projects', { name: 'x' });
  expect([puts, refusals(await audit())]).toEqual([1, [['POST /v1/projects', 403, 1]]]);
  api.clock.offset = 60_000;
  await send('POST', '/v1/projects', { name: 'x' });
  Object.assign(api.ports.auditTrail, { put });
  expect([puts, refusals(await audit())]).toEqual([
    2,
    [
      ['POST /v1/projects', 403, 1],
      ['POST /v1/projects', 403, 50],
    ],
  ]);
});

test('a refusal is answered, though its record cannot be put', async () => {
  const { put } = api.ports.auditTrail;
  Object.assign(api.ports.auditTrail, { put: () => Promise.reject(new Error('throttled')) });
  expect((await send('POST', '/v1/projects', { name: 'x' })).status).toBe(403);
  Object.assign(api.ports.auditTrail, { put });
});

test('the address that called: what a caller writes into a header is not believed', async () => {
  const by = (forwarded: string) => ({ ...tenant.key, 'x-forwarded-for': forwarded });
  await send('POST', '/v1/retry-policies', { name: 'a' }, by('203.0.113.9, 192.0.2.7'));
  const [, { source_ip }] = await audit();
  expect(source_ip).toBe('192.0.2.7');
});

test('no entry is ever written again', async () => {
  const written: string[] = [];
  const { put, putResult } = api.ports.auditTrail;
  const spied = (name: string, write: (entry: Json) => Promise<void>) => (entry: Json) => {
    written.push(`${name} ${entry.id}`);
    return write(entry);
  };
  Object.assign(api.ports.auditTrail, { put: spied('put', put), putResult: spied('result', putResult) });
  const { body } = await send('POST', '/v1/retry-policies', { name: 'a' });
  await send('DELETE', `/v1/retry-policies/${body.id}`);
  await send('DELETE', `/v1/retry-policies/${body.id}`);
  Object.assign(api.ports.auditTrail, { put, putResult });
  expect(written).toHaveLength(6);
  expect(new Set(written).size).toBe(6);
});

test('a repeat under an Idempotency-Key changed nothing', async () => {
  const headers = { ...tenant.key, 'idempotency-key': 'k' };
  for (let i = 0; i < 2; i += 1) await send('POST', '/v1/endpoints', ENDPOINT, headers);
  expect(actions(await audit())).toEqual([...SETUP, 'POST /v1/endpoints']);
});

test('a request that dies on the way leaves the record, without an outcome', async () => {
  const { putResult } = api.ports.auditTrail;
  Object.assign(api.ports.auditTrail, { putResult: () => Promise.reject(new Error('died')) });
  expect((await send('POST', '/v1/endpoints', ENDPOINT)).status).toBe(500);
  Object.assign(api.ports.auditTrail, { putResult });
  expect((await send('GET', '/v1/endpoints')).body.data).toHaveLength(1);
  expect(actions(await audit())).toEqual(SETUP); // it could still be under way
  api.clock.offset = 61_000;
  expect((await audit()).at(-1)).toMatchObject({ action: 'POST /v1/endpoints', status: null, after: null });
});

test('without its record nothing is changed', async () => {
  const { put } = api.ports.auditTrail;
  Object.assign(api.ports.auditTrail, { put: () => Promise.reject(new Error('throttled')) });
  expect((await send('POST', '/v1/endpoints', ENDPOINT)).status).toBe(500);
  Object.assign(api.ports.auditTrail, { put });
  expect((await send('GET', '/v1/endpoints')).body.data).toEqual([]);
});

test('it goes on by cursor, oldest first; what nothing can come before any more does not come again', async () => {
  const started = new Date(Date.now() - 1).toISOString();
  const names = (lines: readonly Json[]) => lines.map(({ after }) => after.name ?? after.label);
  for (const name of ['a', 'b']) await send('POST', '/v1/retry-policies', { name });
  const fresh = await auditAnswer('', tenant.key);
  expect([names(fresh.lines), fresh.next]).toEqual([['tenant', 'a', 'b'], '']);
  api.clock.offset = 61_000;
  const settled = await auditAnswer(fresh.next, tenant.key);
  expect([settled.lines, settled.next]).toEqual([fresh.lines, `?cursor=${fresh.lines[2].id}`]);
  await send('POST', '/v1/retry-policies', { name: 'c' });
  for (let i = 0; i < 2; i += 1) {
    const { lines, next } = await auditAnswer(settled.next, tenant.key);
    expect([names(lines), next]).toEqual([['c'], settled.next]);
  }
  api.clock.offset = 130_000;
  const { next } = await auditAnswer(settled.next, tenant.key);
  expect(await auditAnswer(next, tenant.key)).toEqual({ lines: [], next });
  expect(names(await audit(`?from=${started}`))).toEqual(['a', 'b', 'c']);
  expect(names(await audit('?from=0'))).toEqual(['tenant', 'a', 'b', 'c']);
  expect(names(await audit(`?cursor=${fresh.lines[1].id}`))).toEqual(['b', 'c']);
  for (const from of ['2999-01-01T00:00:00Z', '99999999999']) expect(await audit(`?from=${from}`)).toEqual([]);
  for (const query of ['from=yesterday', 'cursor=1', `cursor=${tenant.project}`])
    expect((await send('GET', `/v1/audit?${query}`)).status).toBe(400);
});

test('a project sees its own, an operator all of them, and those of none', async () => {
  const { body: project } = await send('POST', '/v1/projects', { name: 'another' }, api.operator);
  await send('PATCH', `/v1/projects/${project.id}`, { name: 'renamed' }, api.operator);
  expect(actions(await audit())).toEqual(SETUP);
  const all = await audit('', api.operator);
  const rows = all.filter(({ after }) => after?.id === project.id).map(({ action }) => action);
  expect(rows).toEqual(['POST /v1/projects', 'PATCH /v1/projects/{id}']);
  expect(actions(await audit(`?project_id=${project.id}`, api.operator))).toEqual(['PATCH /v1/projects/{id}']);
  await send('DELETE', `/v1/projects/${project.id}`, undefined, api.operator);
  expect(actions(await audit('', api.operator))).toContain('DELETE /v1/projects/{id}');
});
