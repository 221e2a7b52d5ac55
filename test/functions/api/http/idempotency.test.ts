import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type RouteAnswer, type RouteRequest, route } from '../../../../functions/api/http/route.js';
import { hashOf, startSession } from '../../../../functions/api/http/session.js';
import { ConflictError, NotFoundError } from '../../../../functions/primitives/faults.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import { OPERATOR_KEY, SESSION_MS, startApi } from '../../../support/api-under-test.js';

type Request = RouteRequest<{ a?: number | undefined }, unknown>;

/** What the route does; each test sets its own. */
let work: (request: Request) => Promise<RouteAnswer>;
let calls: { now: number; ids: string[] }[] = [];

const thing = route('POST /v1/things', {
  access: 'person',
  needs: 'administer',
  summary: '',
  body: z.strictObject({ a: z.number().optional() }),
  async handle(request) {
    calls.push({ now: request.now, ids: [request.newId('run'), request.newId('run', 3)] });
    return work(request);
  },
});
const other = route('POST /v1/others', { ...thing, body: z.strictObject({ a: z.number().optional() }) });

const removal = route('DELETE /v1/things/{id}', {
  access: 'person',
  needs: 'administer',
  summary: '',
  handle: () => work(undefined as never),
});

let api: Awaited<ReturnType<typeof startApi>>;
let authorization: string;

beforeAll(async () => {
  api = await startApi([thing, other, removal]);
  const operator = {
    signed_in_by: 'operator_key',
    subject: 'operator',
    name: 'operator',
    key_fingerprint: hashOf(OPERATOR_KEY),
  } as const;
  const roles = { '*': 'admin' } as const;
  const clock = { now: () => Date.now() + 10 * SESSION_MS, sleep: async () => {} };
  const id = makeId('ses', Date.now(), randomBytes(8));
  const { token } = await startSession({ ...operator, roles }, id, { ...api.ports, clock });
  authorization = `Bearer ${token}`;
});
afterAll(() => api.close());
beforeEach(() => {
  calls = [];
  api.clock.offset = 0;
  api.logged.length = 0;
  work = async ({ newId }) => ({
    status: 201,
    location: '/v1/things/1',
    body: { id: newId('run'), secret: 'whsec_x' },
  });
});

const post = (key: string | undefined, body: unknown = { a: 1 }, target = '/v1/things') =>
  api.call('POST', target, { body, headers: { authorization, ...(key !== undefined && { 'idempotency-key': key }) } });
const newKey = () => randomBytes(8).toString('hex');

test('a repeat gets the first answer, headers and all, and nothing is done again', async () => {
  const key = newKey();
  const first = await post(key);
  const repeat = await post(key);
  expect(first.headers).not.toHaveProperty('idempotent-replayed');
  expect(repeat).toMatchObject({ status: 201, text: first.text });
  expect(repeat.headers).toMatchObject({ 'idempotent-replayed': 'true', location: '/v1/things/1' });
  expect(calls).toHaveLength(1);
});

test('an answer that is unfinished is not remembered: a repeat does the work again, under the same ids', async () => {
  const key = newKey();
  work = async ({ newId }) => ({ status: 201, body: { id: newId('run') }, isUnfinished: calls.length === 1 });
  const first = await post(key);
  const repeat = await post(key);
  expect(repeat).toMatchObject({ status: 201, text: first.text });
  expect(repeat.headers).not.toHaveProperty('idempotent-replayed');
  expect(calls[1]).toEqual(calls[0]);
  expect((await post(key)).headers).toHaveProperty('idempotent-replayed');
  expect(calls).toHaveLength(2);
});

test('quoted and bare are the same key; another route or no key is another request', async () => {
  const key = newKey();
  await post(key);
  expect((await post(`"${key}"`)).headers['idempotent-replayed']).toBe('true');
  expect((await post(key, { a: 1 }, '/v1/others')).headers).not.toHaveProperty('idempotent-replayed');
  await post(undefined);
  expect(new Set(calls.flatMap(({ ids }) => ids)).size).toBe(6);
});

test('another body or query under the same key is a 422', async () => {
  const key = newKey();
  await post(key);
  expect(await post(key, { a: 2 })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(calls).toHaveLength(1);
});

test('while the first runs, a repeat is told to come again', async () => {
  const key = newKey();
  let finish = () => {};
  const running = new Promise<void>((resolve) => {
    work = () =>
      new Promise((done) => {
        finish = () => done({ status: 200 });
        resolve();
      });
  });
  const first = post(key);
  await running;
  const repeat = await post(key);
  expect(repeat).toMatchObject({ status: 409, body: { code: 'still_running' } });
  expect(Number(repeat.headers['retry-after'])).toBeGreaterThanOrEqual(28);
  finish();
  expect((await first).status).toBe(200);
  expect((await post(key)).headers['idempotent-replayed']).toBe('true');
});

test('of many at once exactly one does the work', async () => {
  const key = newKey();
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(key)));
  expect(calls).toHaveLength(1);
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
});

test('when the first died, the repeat takes the same steps at the same moment', async () => {
  const key = newKey();
  const { complete } = api.ports.idempotency;
  const moveLease = api.ports.idempotency.moveLease;
  // A worker that dies leaves its record as it is.
  Object.assign(api.ports.idempotency, {
    complete: () => Promise.reject(new Error('died')),
    moveLease: async () => false,
  });
  expect((await post(key)).status).toBe(500);
  Object.assign(api.ports.idempotency, { complete, moveLease });
  expect((await post(key)).status).toBe(409);
  api.clock.offset = 30_000;
  const answers = await Promise.all([post(key), post(key), post(key)]);
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(calls).toHaveLength(2);
  expect(calls[1]).toEqual(calls[0]);
});

test('after a 5xx the repeat goes on at once, under the same ids', async () => {
  const key = newKey();
  const succeed = work;
  work = () => Promise.reject(new Error('internal: table xyz'));
  const failed = await post(key);
  expect(failed).toMatchObject({ status: 500, body: { code: 'internal_error' } });
  expect(failed.text).not.toContain('xyz');
  expect(JSON.stringify(api.logged[0])).toContain('request-1');
  work = succeed;
  expect((await post(key)).status).toBe(201);
  expect(calls[1]).toEqual(calls[0]);
});

test('a deletion that is repeated after a death is done, although nothing is there any more', async () => {
  const key = newKey();
  const remove = () => api.call('DELETE', '/v1/things/1', { headers: { authorization, 'idempotency-key': key } });
  work = async () => Promise.reject(new Error('the process dies'));
  expect((await remove()).status).toBe(500);
  work = async () => Promise.reject(new NotFoundError('There is no such object.'));
  expect((await remove()).status).toBe(204);
  expect((await remove()).headers).toHaveProperty('idempotent-replayed');
  const another = { headers: { authorization, 'idempotency-key': newKey() } };
  expect((await api.call('DELETE', '/v1/things/1', another)).status).toBe(404);
});

test('after a 4xx nothing is remembered: the same key may come with another body', async () => {
  const key = newKey();
  const succeed = work;
  work = () => Promise.reject(new ConflictError('not now'));
  expect((await post(key)).status).toBe(409);
  work = succeed;
  expect((await post(key, { a: 2 })).status).toBe(201);
  expect(calls[1]!.ids).not.toEqual(calls[0]!.ids);
});

test('an invalid request leaves no trace', async () => {
  const key = newKey();
  expect((await post(key, { b: 1 })).status).toBe(400);
  expect((await post(key, { a: 1 })).status).toBe(201);
});

test('an answer too large to keep is made again, from the same ids', async () => {
  const key = newKey();
  work = async ({ newId }) => ({
    status: 200,
    body: { id: newId('run'), noise: randomBytes(400_000).toString('base64') },
  });
  const first = await post(key);
  const repeat = await post(key);
  expect(repeat).toMatchObject({
    status: 200,
    headers: { 'idempotent-replayed': 'true' },
    body: { id: first.body.id },
  });
  expect(calls).toHaveLength(2);
});

test('a key is forgotten after a day', async () => {
  const key = newKey();
  await post(key);
  api.clock.offset = 86_400_000 - 60_000;
  expect((await post(key)).headers['idempotent-replayed']).toBe('true');
  api.clock.offset = 86_400_000 + 60_000;
  expect((await post(key, { a: 2 })).status).toBe(201);
});

test('ids carry the moment and the shard', async () => {
  await post(newKey());
  const [{ now, ids }] = calls as [{ now: number; ids: [string, string] }];
  expect(ids[0].slice(0, 16)).toBe(makeId('run', now, Buffer.alloc(8)).slice(0, 16));
  expect(ids[1].slice(4 + 12, 4 + 16)).toBe('7003');
});

test('no secret of an answer lies open in the table', async () => {
  const key = newKey();
  const stored: unknown[] = [];
  const { complete } = api.ports.idempotency;
  Object.assign(api.ports.idempotency, {
    complete: (...sent: Parameters<typeof complete>) => {
      stored.push(sent);
      return complete(...sent);
    },
  });
  await post(key);
  Object.assign(api.ports.idempotency, { complete });
  expect(JSON.stringify(stored)).toContain('v1.');
  expect(JSON.stringify(stored)).not.toContain('whsec');
});

test.each(['', 'x'.repeat(256), 'ü', 'a\u0007b'])('400 for the key %j', async (key) => {
  expect(await post(key)).toMatchObject({ status: 400, body: { errors: [{ pointer: 'Idempotency-Key' }] } });
});
