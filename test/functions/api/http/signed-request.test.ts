import { createHash, createHmac } from 'node:crypto';
import { routes as endpointRoutes } from '../../../../functions/api/routes/endpoints.js';
import { routes as keyRoutes } from '../../../../functions/api/routes/keys.js';
import { routes as projectRoutes } from '../../../../functions/api/routes/projects.js';
import { routes as sessionRoutes } from '../../../../functions/api/routes/sessions.js';
import { type Answer, OPERATOR_KEY, startApi } from '../../../support/api-under-test.js';

interface Key {
  readonly id: string;
  readonly signing_secret: string;
}

let api: Awaited<ReturnType<typeof startApi>>;
let operator: { authorization: string };
let projectId: string;
let key: Key;
let otherKey: Key;
let requests = 0;
/** Unix seconds; all of a test happens at the same, or the same write signed twice might differ. */
let now: number;

beforeAll(async () => {
  api = await startApi([...sessionRoutes, ...projectRoutes, ...keyRoutes, ...endpointRoutes]);
  const session = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  operator = { authorization: `Bearer ${session.body.token}` };
  projectId = (await newProject()).body.id;
  key = await newKey(projectId);
  otherKey = await newKey((await newProject()).body.id);
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.offset = 0;
  now = Math.floor(Date.now() / 1000);
});

const newProject = () => api.call('POST', '/v1/projects', { headers: operator, body: { name: 'Shop' } });
const newKey = async (project: string, more: object = {}): Promise<Key> => {
  const made = { headers: operator, body: { label: 'signed', ...more } };
  return (await api.call('POST', `/v1/projects/${project}/keys`, made)).body;
};

interface Signed {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly nonce?: string;
  readonly by?: Key;
  /** Seconds off the clock. */
  readonly off?: number;
}

const ENDPOINT = '{"name": "Bücher",  "url": "https://example.com/"}';

/** Headers as the documentation says, written down a second time. */
function headersOf({ method = 'POST', path = '/v1/endpoints', body = '', nonce, by = key, off = 0 }: Signed) {
  const timestamp = now + off;
  const hash = createHash('sha256').update(body).digest('hex');
  const text = `${timestamp}\n${method}\n${path}\n${hash}${nonce === undefined ? '' : `\n${nonce}`}`;
  return {
    'x-key-id': by.id,
    'x-timestamp': String(timestamp),
    'x-signature': createHmac('sha256', by.signing_secret).update(text).digest('hex'),
    ...(nonce !== undefined && { 'x-nonce': nonce }),
  };
}

function call(signed: Signed, sent: Signed = signed, headers: Record<string, string> = {}): Promise<Answer> {
  const { method = 'POST', path = '/v1/endpoints', body, contentType } = sent;
  return api.call(method, path, {
    headers: { ...headersOf(signed), ...headers },
    requestId: `request-${requests++}`,
    ...(body !== undefined && { body }),
    ...(contentType !== undefined && { contentType }),
  });
}

/** A body of its own for each request: the same one within a second would have the same signature. */
const body = () => ENDPOINT.replace('Bücher', `Bücher ${requests}`);

test('a signed write is done in its key’s project, and the key noted as used', async () => {
  const answer = await call({ body: body() });
  expect(answer).toMatchObject({ status: 201, body: { project_id: projectId } });
  const listed = await api.call('GET', `/v1/projects/${projectId}/keys`, { headers: operator });
  expect(listed.body.data[0].last_used_at).not.toBeNull();
});

test('the bytes are signed as they were sent, also when they come in base64', async () => {
  const sent = { body: Buffer.from(body()), contentType: 'application/vnd.shop+json' };
  expect((await call(sent)).status).toBe(201);
});

test('the query belongs to it', async () => {
  const path = '/v1/endpoints?page_size=1&page=1';
  expect((await call({ method: 'GET', path })).status).toBe(200);
  expect(
    (await call({ method: 'GET', path }, { method: 'GET', path: '/v1/endpoints?page_size=2&page=1' })).status,
  ).toBe(401);
});

test.each<{
  readonly name: string;
  readonly signed: Signed;
  readonly sent?: Signed;
  readonly headers?: Record<string, string>;
}>([
  { name: 'another body', signed: { body: ENDPOINT }, sent: { body: ENDPOINT.replace('  ', ' ') } },
  { name: 'another method', signed: { method: 'GET' }, sent: { method: 'HEAD' } },
  { name: 'another path', signed: { method: 'GET', path: '/v1/projects' }, sent: { method: 'GET' } },
  { name: 'a nonce put on later', signed: { body: ENDPOINT }, headers: { 'x-nonce': 'n' } },
  {
    name: 'an unknown key',
    signed: { body: ENDPOINT },
    headers: { 'x-key-id': `ak_${'0'.repeat(12)}7000${'8'.repeat(16)}` },
  },
  { name: 'an id of no form', signed: { body: ENDPOINT }, headers: { 'x-key-id': 'ak_1' } },
  {
    name: 'another time',
    signed: { body: ENDPOINT },
    headers: { 'x-timestamp': String(Math.floor(Date.now() / 1000) - 9) },
  },
  { name: 'no time', signed: { body: ENDPOINT }, headers: { 'x-timestamp': 'now' } },
  { name: 'no signature', signed: { body: ENDPOINT }, headers: { 'x-signature': '' } },
  { name: 'another signature', signed: { body: ENDPOINT }, headers: { 'x-signature': 'ab'.repeat(32) } },
  { name: 'an encoded path', signed: { method: 'GET', path: '/v1/endpoints/%25' } },
  { name: 'a decoded path', signed: { method: 'GET', path: '/v1/endpoints/ö' } },
  { name: 'five minutes ago', signed: { body: ENDPOINT, off: -302 } },
  { name: 'in five minutes', signed: { body: ENDPOINT, off: 302 } },
])('401 for $name', async ({ signed, sent, headers }) => {
  const answer = await call(signed, sent, headers);
  expect(answer.status).toBe(401);
  expect(answer.text).not.toContain(key.signing_secret);
});

test('within five minutes either way it is good', async () => {
  for (const off of [-290, 290]) expect((await call({ body: body(), off })).status).toBe(201);
});

test('nothing else is read before the signature', async () => {
  expect((await call({ body: '{}' }, { body: '{"malformed' })).status).toBe(401);
  expect((await call({ body: '{"malformed' })).status).toBe(400);
});

test('a write’s signature is taken once, a read’s as often as it comes', async () => {
  const write = { body: body() };
  expect((await call(write)).status).toBe(201);
  const again = await call(write);
  expect(again).toMatchObject({ status: 401, body: { detail: expect.stringContaining('used before') } });
  expect((await call({ ...write, nonce: 'another' })).status).toBe(201);
  const read = { method: 'GET' };
  expect([(await call(read)).status, (await call(read)).status]).toEqual([200, 200]);
});

test('of two that come together one is taken', async () => {
  const write = { body: body() };
  const answers = await Promise.all([call(write), call(write), call(write)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401]);
});

test('it stays taken for as long as its time is good', async () => {
  const write = { body: body(), off: 290 };
  expect((await call(write)).status).toBe(201);
  api.clock.offset = 585_000;
  expect((await call(write)).status).toBe(401);
});

test('the same request may ask again: its own write was acknowledged, and the reply lost', async () => {
  const seen = { project: projectId, signature: 'f'.repeat(64), request: 'one', until: Date.now() + 1_000 };
  expect(await api.ports.seenSignatures.note(seen)).toBe(true);
  expect(await api.ports.seenSignatures.note(seen)).toBe(true);
  expect(await api.ports.seenSignatures.note({ ...seen, request: 'two' })).toBe(false);
  expect(await api.ports.seenSignatures.note({ ...seen, request: 'two', project: 'proj_2' })).toBe(true);
});

test('who never heard the answer signs anew, under the same Idempotency-Key', async () => {
  const write = { body: body() };
  const first = await call(write, write, { 'idempotency-key': 'k' });
  const again = { ...write, nonce: 'again' };
  const repeat = await call(again, again, { 'idempotency-key': 'k' });
  expect(repeat).toMatchObject({
    status: 201,
    body: { id: first.body.id },
    headers: { 'idempotent-replayed': 'true' },
  });
});

test('a key signs for its own project, not for operators, and not after its end', async () => {
  expect((await call({ body: body(), by: otherKey })).body.project_id).not.toBe(projectId);
  expect((await call({ method: 'GET', path: '/v1/projects' })).status).toBe(403);
  const brief = await newKey(projectId);
  expect((await call({ method: 'GET', by: brief })).status).toBe(200);
  await api.call('DELETE', `/v1/projects/${projectId}/keys/${brief.id}`, { headers: operator });
  expect((await call({ method: 'GET', by: brief })).status).toBe(401);
});

test('a key that has expired signs no more', async () => {
  const brief = await newKey(projectId, { expires_at: now + 60 });
  expect((await call({ method: 'GET', by: brief })).status).toBe(200);
  api.clock.offset = 60_000;
  const refused = await call({ method: 'GET', by: brief, off: 60 });
  expect(refused).toMatchObject({ status: 401, body: { detail: expect.stringContaining('has expired') } });
});

test('another credential beside it is one too many', async () => {
  expect((await call({ method: 'GET' }, { method: 'GET' }, operator)).status).toBe(401);
});
