import {
  ApiError,
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  Punctual,
  TooManyRequestsError,
  UnauthenticatedError,
  UnreachableError,
} from '../../../clients/typescript/punctual.js';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly key: string | null;
}

/** A client whose server gives these answers, one after the other, the last one for good. */
function scripted(...script: (Response | Error | (() => Promise<Response>))[]) {
  const sent: Sent[] = [];
  const answer = async (url: string | URL | Request, init: RequestInit = {}) => {
    sent.push({ url: String(url), method: init.method!, key: new Headers(init.headers).get('idempotency-key') });
    const next = script.length > 1 ? script.shift()! : script[0]!;
    if (next instanceof Error) throw next;
    return next instanceof Response ? next.clone() : next();
  };
  const punctual = new Punctual({ url: 'http://api.test/', apiKey: 'sk_1', fetch: answer });
  return { punctual, sent };
}

const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, code: string, more = {}, headers = {}) =>
  json(status, { type: 'about:blank', title: 'T', status, detail: 'Why.', code, request_id: 'r1', ...more }, headers);
const run = json(201, { id: 'run_1' });

beforeEach(() => jest.useFakeTimers({ doNotFake: ['performance'] }));
afterEach(() => jest.useRealTimers());

/** What came of the call, and how many milliseconds its waits took. */
async function settled<Answer>(call: Promise<Answer>) {
  const start = Date.now();
  const outcome = call.then(
    (answer) => ({ answer, ms: Date.now() - start }),
    (error: unknown) => ({ error, ms: Date.now() - start }),
  );
  await jest.advanceTimersByTimeAsync(60_000);
  return outcome;
}

test('a network error, a 429 and a 5xx are sent again, under the same Idempotency-Key', async () => {
  const { punctual, sent } = scripted(new TypeError('fetch failed'), problem(500, 'x'), problem(429, 'y'), run);
  expect(await settled(punctual.tasks.create({ endpoint_id: 'ep_1' }))).toMatchObject({ answer: { id: 'run_1' } });
  expect(sent).toHaveLength(4);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  await settled(punctual.tasks.create({ endpoint_id: 'ep_1' }));
  expect(sent[4]!.key).not.toBe(sent[0]!.key);
  expect(sent[4]!.key).toMatch(/^[0-9a-f-]{36}$/);
});

test('Retry-After is waited for, also of a 409 while the first request runs', async () => {
  const { punctual } = scripted(
    problem(429, 'x', {}, { 'retry-after': '7' }),
    problem(409, 'still_running', {}, { 'retry-after': '2' }),
    run,
  );
  expect(await settled(punctual.tasks.create({}))).toMatchObject({ answer: { id: 'run_1' }, ms: 9_000 });
});

test('without Retry-After the waits double, and end after four', async () => {
  const { punctual, sent } = scripted(problem(503, 'x'));
  const { error, ms } = (await settled(punctual.tasks.get('run_1'))) as { error: ApiError; ms: number };
  expect([error.status, sent.length]).toEqual([503, 5]);
  expect(ms).toBeGreaterThanOrEqual((250 + 500 + 1_000 + 2_000) / 2);
  expect(ms).toBeLessThanOrEqual(250 + 500 + 1_000 + 2_000 + 4);
});

test.each([
  [
    'an hour of Retry-After',
    problem(429, 'quota_exceeded', { quota: 'runs_per_day' }, { 'retry-after': '3600' }),
    TooManyRequestsError,
  ],
  ['a loop', problem(508, 'loop_detected'), ApiError],
  ['a 400', problem(400, 'invalid_request'), InvalidRequestError],
  ['a 401', problem(401, 'unauthenticated'), UnauthenticatedError],
  ['a 404', problem(404, 'not_found'), NotFoundError],
  ['a 409', problem(409, 'conflict'), ConflictError],
])('%s is not sent again', async (_what, answer, errorClass) => {
  const { punctual, sent } = scripted(answer);
  const outcome = await settled(punctual.tasks.cancel('run_1'));
  expect(outcome).toMatchObject({ error: expect.any(errorClass), ms: 0 });
  expect(sent).toHaveLength(1);
});

test('an error has every fault, the code, the request id and Retry-After', async () => {
  const errors = [
    { pointer: '/run_at', message: 'Too far.' },
    { pointer: '/target/url', message: 'No URL.' },
  ];
  const { punctual } = scripted(problem(400, 'invalid_request', { errors }, { 'retry-after': '60' }));
  expect((await settled(punctual.tasks.create({}))) as object).toMatchObject({
    error: {
      name: 'InvalidRequestError',
      message: 'Why.\n/run_at: Too far.\n/target/url: No URL.',
      status: 400,
      code: 'invalid_request',
      faults: errors,
      requestId: 'r1',
      retryAfterSeconds: 60,
    },
  });
});

test('what is no answer of the API is an ApiError all the same', async () => {
  const { punctual } = scripted(new Response('<h1>Nothing here</h1>', { status: 404 }));
  expect(await settled(punctual.usage())).toMatchObject({
    error: { name: 'NotFoundError', code: 'no_problem_document', message: expect.stringContaining('<h1>Nothing here') },
  });
});

test('the caller’s signal ends a wait, with its reason; a timeout is tried again', async () => {
  const { punctual, sent } = scripted(problem(503, 'x'));
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(new Error('enough')), 100);
  expect(await settled(punctual.tasks.get('run_1', { signal: stopping.signal }))).toMatchObject({
    error: new Error('enough'),
    ms: 100,
  });
  expect(sent).toHaveLength(1);
});

test('a request that gets no answer in time is an UnreachableError', async () => {
  jest.useRealTimers();
  const never = async (_url: unknown, init: RequestInit = {}) =>
    new Promise<Response>((_resolve, reject) =>
      init.signal!.addEventListener('abort', () => reject(init.signal!.reason)),
    );
  const punctual = new Punctual({ url: 'http://api.test', apiKey: 'sk_1', fetch: never, retries: 1, timeoutMs: 30 });
  const error = await punctual.tasks.get('run_1').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(String(error)).toBe('UnreachableError: http://api.test/v1/tasks/run_1 gave no answer within 30 ms');
});

test('a list goes on with its cursor, and asks for no page more than is needed', async () => {
  const { punctual, sent } = scripted(
    json(200, { data: [{ id: 'run_3' }, { id: 'run_2' }], next_cursor: 'c1' }),
    json(200, { data: [{ id: 'run_1' }], next_cursor: null }),
  );
  const since = new Date('2026-11-30T00:00:00Z');
  const ids: string[] = [];
  for await (const { id } of punctual.tasks.list({ status: 'pending', since, label: ['a:1', 'b:2'] })) ids.push(id);
  expect(ids).toEqual(['run_3', 'run_2', 'run_1']);
  const filters = 'status=pending&since=2026-11-30T00%3A00%3A00.000Z&label=a%3A1&label=b%3A2';
  expect(sent.map(({ url }) => url)).toEqual([
    `http://api.test/v1/tasks?${filters}`,
    `http://api.test/v1/tasks?${filters}&cursor=c1`,
  ]);
});

test('a wait goes on until the run has ended, and asks once a second where the service does not wait', async () => {
  const waits = json(200, { id: 'run_1', status: 'pending', finished_at: null });
  const ended = json(200, { id: 'run_1', status: 'success', finished_at: '2026-03-01T09:00:00.000Z' });
  const { punctual, sent } = scripted(waits, waits, ended);
  expect(await settled(punctual.tasks.wait('run_1'))).toMatchObject({ answer: { status: 'success' }, ms: 2_000 });
  expect(sent.map(({ url }) => url.split('?')[1])).toEqual(Array(3).fill('timeout_seconds=4'));
  const { punctual: other, sent: asked } = scripted(waits);
  expect(await settled(other.tasks.wait('run_1', { forMs: 2_500 }))).toMatchObject({
    answer: { status: 'pending' },
    ms: 2_500,
  });
  expect(asked.map(({ url }) => url.slice(-1))).toEqual(['3', '2', '1', '1']);
});

test('the feed goes on from cursor to cursor: at once while there is more, else after two seconds', async () => {
  const ndjson = (...lines: object[]) =>
    new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
    });
  const page = (cursor: string, more: boolean) => ({ type: 'page', data: { cursor, more } });
  const line = (n: number) => ({ type: 'delivery_attempt', data: { id: `att_${n}` } });
  const { punctual, sent } = scripted(
    ndjson(line(1), page('a', true)),
    ndjson(page('b', false)),
    ndjson(line(2), line(3), page('c', false)),
  );
  const told: string[] = [];
  const call = (async () => {
    for await (const { data } of punctual.feed({ since: new Date(0), label: ['a:1'] }))
      if (told.push(data.id) === 3) return;
  })();
  await jest.advanceTimersByTimeAsync(1_900);
  expect(sent).toHaveLength(2);
  await jest.advanceTimersByTimeAsync(200);
  await call;
  expect(told).toEqual(['att_1', 'att_2', 'att_3']);
  expect(sent.map(({ url }) => url.split('?')[1])).toEqual([
    'since=1970-01-01T00%3A00%3A00.000Z&label=a%3A1',
    'label=a%3A1&cursor=a',
    'label=a%3A1&cursor=b',
  ]);
});
