import type { Answer } from '../../../support/api-under-test.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

let api: WholeApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startWholeApi();
  tenant = await api.newTenant();
});
afterAll(() => api.close());

const CRON = '/api/cron-service/jobs';
const DISPATCH = '/api/v1/jobs';
const BODIES: Record<string, object> = {
  [CRON]: { name: 'x', cronExpression: '0 3 * * *', targetUrl: 'https://example.com/' },
  [DISPATCH]: { title: 'x', webhookUrl: 'https://example.com/', fireAt: '2031-01-01T00:00:00Z' },
};

/** An error in the shape of the dialect it came from; answers its message. */
function messageOf(path: string, answer: Answer): string {
  const message = expect.any(String);
  const shape = path.startsWith('/api/v1') ? { status: false, message, data: null } : { status: 'ERROR', message };
  expect(answer.body).toEqual(shape);
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringMatching(/^application\/json/),
    'x-request-id': 'request-1',
  });
  expect(answer.text).not.toMatch(/node_modules|at Object|Zod|SyntaxError/);
  return answer.body.message;
}

describe.each([CRON, DISPATCH])('%s', (path) => {
  const send = (body: unknown, headers: object = tenant.key, more: object = {}) =>
    api.call('POST', path, { body, headers: headers as Record<string, string>, ...more });

  test.each([
    ['no credential', {}],
    ['an unknown key', { 'x-api-key': `sk_${'0'.repeat(64)}` }],
    ['a session that is none', { authorization: 'Bearer x.y' }],
  ])('401 for %s', async (_name, headers) => {
    const answer = await send('{"malformed', headers);
    messageOf(path, answer);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.stringContaining('ApiKey')]);
  });

  test('400 in one sentence per fault, all at once', async () => {
    const answer = await send({ colour: 'red' });
    expect(answer.status).toBe(400);
    const [first] = Object.keys(BODIES[path]!);
    expect(messageOf(path, answer)).toMatch(
      new RegExp(`\\b${first}: Required\\..*colour: Unknown field\\. Leave it out\\.`),
    );
    expect(messageOf(path, await send('{"a":'))).toBe('body: Send JSON: the body is not JSON from position 5 on.');
    expect(messageOf(path, await api.call('GET', `${path}?limit=101`, { headers: tenant.key }))).toMatch(/^limit: /);
  });

  test('404, 405, 413 and 415', async () => {
    for (const target of [`${path}/x`, `${path}/x/y/z`, path.replace('jobs', 'cats')]) {
      const answer = await api.call('GET', target, { headers: tenant.key });
      messageOf(path, answer);
      expect(answer.status).toBe(404);
    }
    const base = path.replace('/jobs', '');
    for (const target of [base, `${base}/`, `${base}?a=1`]) {
      const answer = await api.call('GET', target);
      expect([messageOf(path, answer), answer.status]).toEqual(['There is nothing at this path.', 404]);
    }
    for (const [method, target] of [
      ['GET', `${path}/`],
      ['POST', `${path}/`],
      ['DELETE', `${path}/x/`],
    ] as const) {
      const answer = await api.call(method, target, { headers: tenant.key });
      expect([messageOf(path, answer), answer.status]).toEqual([expect.stringContaining('slash at its end'), 404]);
    }
    const wrong = await api.call('PUT', path, { headers: tenant.key });
    messageOf(path, wrong);
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
    const other = await send('{}', tenant.key, { contentType: 'text/plain' });
    const large = await send(`"${'x'.repeat(5 * 1024 * 1024)}"`);
    expect([messageOf(path, other), other.status]).toEqual([expect.stringContaining('JSON'), 415]);
    expect([messageOf(path, large), large.status]).toEqual([expect.stringContaining('bytes'), 413]);
  });

  test('an Idempotency-Key makes one job, and means one request', async () => {
    const headers = { ...tenant.key, 'idempotency-key': 'once' };
    const first = await send(BODIES[path], headers);
    const again = await send(BODIES[path], headers);
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([201, 201, 'true']);
    expect(again.text).toBe(first.text);
    const other = await send({ ...BODIES[path], name: undefined, title: undefined }, headers);
    expect(other.status).toBe(400); // what is not valid is told before anything else
    const changed = Object.fromEntries(
      Object.entries(BODIES[path]!).map(([name, value], i) => [name, i ? value : 'y']),
    );
    const reused = await send(changed, headers);
    expect([messageOf(path, reused), reused.status]).toEqual([expect.stringContaining('Idempotency-Key'), 422]);
  });

  test('what goes wrong on our side is not shown', async () => {
    const { begin } = api.ports.idempotency;
    Object.assign(api.ports.idempotency, { begin: () => Promise.reject(new Error('secret')) });
    const answer = await send(BODIES[path], { ...tenant.key, 'idempotency-key': 'fails' });
    Object.assign(api.ports.idempotency, { begin });
    expect(answer.status).toBe(500);
    expect(messageOf(path, answer)).not.toContain('secret');
  });
});

test('a session reads the jobs of /api/v1, and does not write them', async () => {
  const made = await api.call('POST', DISPATCH, { headers: tenant.key, body: BODIES[DISPATCH] });
  const one = `${DISPATCH}/${made.body.data.id}`;
  const { operator: headers } = api;
  expect((await api.call('GET', one, { headers })).body.data.status).toBe('SCHEDULED');
  expect((await api.call('GET', DISPATCH, { headers })).body.data.jobs.length).toBeGreaterThan(0);
  for (const answer of [
    await api.call('POST', DISPATCH, { headers, body: BODIES[DISPATCH] }),
    await api.call('DELETE', one, { headers }),
  ]) {
    expect(answer.status).toBe(401);
    expect(messageOf(DISPATCH, answer)).toContain('X-API-Key');
  }
});

test('a job that cannot be cancelled any more is a 400 in exactly the words of the page', async () => {
  const { id } = (await api.call('POST', DISPATCH, { headers: tenant.key, body: BODIES[DISPATCH] })).body.data;
  const cancel = () => api.call('DELETE', `${DISPATCH}/${id}`, { headers: tenant.key });
  expect(await cancel()).toMatchObject({
    status: 200,
    body: { status: true, message: 'Job cancelled successfully', data: null },
  });
  const refused = await cancel();
  expect(refused).toMatchObject({
    status: 400,
    body: { status: false, message: 'Only scheduled jobs can be cancelled', data: null },
  });
});

test('our own API keeps its way of telling', async () => {
  expect((await api.call('GET', '/v1/tasks')).headers['content-type']).toBe('application/problem+json');
  for (const path of ['/api', '/api/v10', '/api/v1x/jobs', '/api/cron-services'])
    expect((await api.call('GET', path)).headers['content-type']).toBe('application/problem+json');
  expect((await api.call('GET', '/api/other')).headers['content-type']).toBe('application/problem+json');
});
