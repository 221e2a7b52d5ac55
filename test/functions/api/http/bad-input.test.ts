import * as z from 'zod';
import { route } from '../../../../functions/api/http/route.js';
import { routes as endpointRoutes } from '../../../../functions/api/routes/endpoints.js';
import { routes as keyRoutes } from '../../../../functions/api/routes/keys.js';
import { routes as projectRoutes } from '../../../../functions/api/routes/projects.js';
import { routes as sessionRoutes } from '../../../../functions/api/routes/sessions.js';
import { type Call, OPERATOR_KEY, startApi } from '../../../support/api-under-test.js';

/** Answers what it got: how a request looks once it has passed every check. */
const echo = route('POST /v1/echo/{name}', {
  needs: 'read',
  summary: '',
  body: z.strictObject({
    payload: z.unknown(),
    either: z.union([z.string(), z.strictObject({ n: z.number() })]).optional(),
  }),
  query: z.strictObject({ q: z.string().optional() }),
  handle: async ({ body, query, params, projects }) => ({
    status: 200,
    body: { body, query, params, projects: projects.length },
    headers: { 'X-Mine': 'yes' },
  }),
});
const bare = route('POST /v1/bare', {
  needs: 'read',
  summary: '',
  handle: async () => ({ status: 202, body: 'a,b\n1,2\n', headers: { 'Content-Type': 'text/csv' } }),
});

let api: Awaited<ReturnType<typeof startApi>>;
let key: { 'x-api-key': string };

beforeAll(async () => {
  api = await startApi([...sessionRoutes, ...projectRoutes, ...keyRoutes, ...endpointRoutes, echo, bare]);
  const session = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  const headers = { authorization: `Bearer ${session.body.token}` };
  const project = await api.call('POST', '/v1/projects', { headers, body: { name: 'p' } });
  const made = await api.call('POST', `/v1/projects/${project.body.id}/keys`, { headers, body: { label: 'k' } });
  key = { 'x-api-key': made.body.key };
});
afterAll(() => api.close());

const send = (body: unknown, more: Call = {}, target = '/v1/echo/x') =>
  api.call('POST', target, { body, ...more, headers: { ...key, ...more.headers } });

test('what is good arrives as it was sent', async () => {
  const payload = { emoji: '🎉', nul: '\u0000', nested: [{ a: null }], number: 0.1 };
  const answer = await send({ payload }, {}, '/v1/echo/a.b?q=%F0%9F%8E%89+x');
  expect(answer.body).toEqual({ body: { payload }, query: { q: '🎉 x' }, params: { name: 'a.b' }, projects: 1 });
  expect(answer.headers).toMatchObject({ 'x-mine': 'yes', 'content-type': 'application/json; charset=utf-8' });
});

test('__proto__ is a name like any other in a payload, and pollutes nothing', async () => {
  const answer = await send('{"payload":{"__proto__":{"admin":true},"a":1,"a":2}}');
  expect(answer.text).toContain('"payload":{"__proto__":{"admin":true},"a":1,"a":2}');
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  expect((await send('{"payload":1,"__proto__":{}}')).body.errors).toEqual([
    { pointer: '/__proto__', message: 'This name is reserved; choose another one.' },
  ]);
});

test.each<[string, number, unknown, Call]>([
  ['malformed JSON', 400, '{"payload":', {}],
  ['not an object', 400, '[]', {}],
  ['a number', 400, '7', {}],
  ['null', 400, 'null', {}],
  ['invalid UTF-8', 400, Buffer.from([0x22, 0xff, 0x22]), {}],
  ['a lone surrogate', 400, '{"payload":"\\ud800"}', {}],
  ['an integer beyond 2^53', 400, '{"either":{"n":9007199254740993}}', {}],
  ['a field given twice', 400, '{"payload":1,"payload":2}', {}],
  ['too deep', 400, `{"payload":${'['.repeat(300)}${']'.repeat(300)}}`, {}],
  ['no JSON type', 415, '{}', { contentType: 'text/plain' }],
  ['over 5 MB', 413, JSON.stringify({ payload: 'x'.repeat(5 * 1024 * 1024) }), {}],
])('%s is a %d', async (_name, status, body, more) => {
  const answer = await send(body, more);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
});

test('faults of JSON, fields and query are told together', async () => {
  const answer = await send('{"payload":"\\ud800","either":{"n":"x"},"zzz":1}', {}, '/v1/echo/x?q=1&q=2');
  expect(answer.body.errors).toEqual([{ pointer: 'q', message: 'Give this parameter once.' }]);
  const again = await send('{"payload":"\\ud800","either":{"n":"x"},"zzz":1}', {}, '/v1/echo/x?nope=1');
  const pointers = again.body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(pointers.sort()).toEqual(['/either/n', '/payload', '/zzz', 'nope']);
});

test('a thousand unknown fields make a hundred faults', async () => {
  const body = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 1]));
  expect((await send(body)).body.errors).toHaveLength(100);
});

test('a route without a body takes none, or an empty object', async () => {
  expect((await send(undefined, {}, '/v1/bare')).status).toBe(202);
  expect((await send({}, {}, '/v1/bare')).status).toBe(202);
  expect((await send({ a: 1 }, {}, '/v1/bare')).status).toBe(400);
  expect((await send(undefined, {}, '/v1/bare?x=1')).status).toBe(400);
});

test('what is not JSON goes out under its own type', async () => {
  const answer = await send(undefined, {}, '/v1/bare');
  expect(answer).toMatchObject({ text: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv' } });
});

test('nothing of a key, a body or a header gets into the log', async () => {
  const store = api.ports.configStore;
  const { createEndpoint } = store;
  Object.assign(store, { createEndpoint: () => Promise.reject(new Error('table gone')) });
  const body = { name: 'n', url: 'https://example.com/', headers: { authorization: 'Bearer s3cret' } };
  const answer = await send(body, {}, '/v1/endpoints');
  Object.assign(store, { createEndpoint });
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error', request_id: 'request-1' } });
  expect(answer.text).not.toContain('table gone');
  expect(api.logged).toHaveLength(1);
  expect(JSON.stringify(api.logged)).not.toMatch(/s3cret|sk_/);
});

test('the last use of a key that cannot be noted harms no request', async () => {
  const store = api.ports.configStore;
  const { noteKeyUse } = store;
  api.clock.offset = 3_600_000;
  Object.assign(store, { noteKeyUse: () => Promise.reject(new Error('throttled')) });
  expect((await send({ payload: 1 })).status).toBe(200);
  Object.assign(store, { noteKeyUse });
  api.clock.offset = 0;
});
