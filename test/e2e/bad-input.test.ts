import { request } from 'node:http';
import { eventually } from '../support/eventually.js';
import { expectStatus, HttpClient, type Reply } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();
const KB = 1024;

/** After each bad request: nothing was made by it, and the next good one works. */
afterEach(async () => {
  const world = await starting;
  const { body } = expectStatus(await world.api.get('/v1/tasks?page_size=100'), 200);
  expect(body.data.filter(({ id }: { id: string }) => !made.has(id))).toEqual([]);
  const id = await world.task((await world.endpoint('/ok')).id);
  made.add(id);
  await world.reached(id, 'success');
});
const made = new Set<string>();

function expectProblem(reply: Reply, status: number, pointers?: string[]): Reply {
  expectStatus(reply, status);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(reply.body).toMatchObject({
    status,
    type: expect.any(String),
    title: expect.any(String),
    code: expect.any(String),
  });
  expect(reply.body.request_id).toBe(reply.headers.get('x-request-id'));
  if (pointers)
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(pointers.sort());
  expect(reply.text).not.toMatch(/node_modules|handler\.js|at Object|Zod|SyntaxError/);
  return reply;
}

const target = { url: 'https://example.com/hook' };

test('what is no JSON', async () => {
  const { api } = await starting;
  for (const body of ['{', '{"a":}', 'payload=1', '\ufeff{}x', 'undefined', '[', '{"a":1}{"b":2}'])
    expectProblem(await api.post('/v1/tasks', body), 400, ['']);
  expectProblem(await api.post('/v1/tasks', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])), 400, ['']);
  expectProblem(await api.post('/v1/tasks', '{}', { 'content-type': 'text/plain' }), 415);
  expectProblem(await api.post('/v1/tasks', '{}', { 'content-encoding': 'gzip' }), 415);
});

test('JSON of the wrong shape: every fault at once, each with its place', async () => {
  const { api } = await starting;
  for (const body of ['[]', '"text"', '7', 'null', 'true']) expectProblem(await api.post('/v1/tasks', body), 400, ['']);
  expectProblem(await api.post('/v1/tasks', {}), 400, ['/endpoint_id']);
  expectProblem(await api.post('/v1/endpoints', {}), 400, ['/name', '/url']);
  const wrong = {
    target: { url: 7, method: 'BREW', timeout_ms: 'soon', headers: ['a'] },
    delay_seconds: '5',
    colour: 'red',
  };
  const places = [
    '/target/url',
    '/target/method',
    '/target/timeout_ms',
    '/target/headers',
    '/delay_seconds',
    '/colour',
  ];
  expectProblem(await api.post('/v1/tasks', wrong), 400, places);
  expectProblem(await api.post('/v1/tasks', '{"target":{"url":"https://example.com"},"__proto__":{"x":1}}'), 400, [
    '/__proto__',
  ]);
});

test('times that are none, have passed, or are absurdly far', async () => {
  const { api } = await starting;
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  for (const run_at of [
    yesterday,
    1,
    -1,
    '2026-13-01T00:00:00Z',
    'tomorrow',
    '2030-01-01T09:00:00',
    Date.now() + 60_000,
    9e12,
    '9999-12-31T23:59:59-23:00',
    null,
  ])
    expectProblem(await api.post('/v1/tasks', { target, run_at }), 400, ['/run_at']);
  for (const delay_seconds of [-1, 1e12, '1', null])
    expectProblem(await api.post('/v1/tasks', { target, delay_seconds }), 400, ['/delay_seconds']);
  expectProblem(await api.post('/v1/tasks', { target, run_at: 0, delay_seconds: 1 }), 400, ['/delay_seconds']);
  expectProblem(await api.post('/v1/dead-letters/replay', { since: -9e12 }), 400, ['/since']);
});

test('more than is taken', async () => {
  const { api } = await starting;
  expectProblem(await api.post('/v1/tasks', { target, payload: 'x'.repeat(256 * KB + 1) }), 400, ['/payload']);
  expectProblem(await api.post('/v1/tasks', { target, payload: '😀'.repeat(64 * KB + 1) }), 400, ['/payload']);
  expectProblem(await api.post('/v1/tasks', { target, payload: ['x'.repeat(256 * KB)] }), 400, ['/payload']);
  expectProblem(await api.post('/v1/tasks', { target, payload: 'x'.repeat(5 * KB * KB) }), 413);
  expectProblem(await api.post('/v1/sessions', { operator_key: 'x'.repeat(2 * KB) }), 413);
  expectProblem(await api.post('/v1/endpoints', { name: 'x'.repeat(64 * KB) }), 413);
  // What a payload's own limit takes, each character written as six, is taken.
  const escaped = `{"target":${JSON.stringify(target)},"payload":"${'\\u0041'.repeat(256 * KB)}"}`;
  made.add(expectStatus(await api.post('/v1/tasks', escaped), 201).body.id);
  const headers = Object.fromEntries(Array.from({ length: 300_000 }, (_, n) => [`${n} `, '']));
  const began = Date.now();
  expectProblem(await api.post('/v1/tasks', { target: { ...target, headers } }), 413);
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`${n} `, '']));
  expectProblem(await api.post('/v1/tasks', { target: { ...target, headers: many } }), 400);
  expect(Date.now() - began).toBeLessThan(5_000);
  expectStatus(await api.post('/v1/tasks', { target, payload: 'x'.repeat(11 * KB * KB) }), 413);
  const nested = `${'['.repeat(128 * KB)}${']'.repeat(128 * KB)}`;
  expectProblem(await api.post('/v1/tasks', `{"target":{"url":"https://example.com"},"payload":${nested}}`), 400);
  const spaced = `{"target":{"url":"https://example.com"},"payload":[${' '.repeat(256 * KB)}"${'x'.repeat(256 * KB - 3)}"]}`;
  expectProblem(await api.post('/v1/tasks', spaced), 400, ['/payload']);
  const digits = '{"name":"x","url":"https://example.com","timeout_ms":9007199254740993}';
  expect((await api.post('/v1/endpoints', digits)).body.errors[0].pointer).toBe('/timeout_ms');
});

test('names, headers and methods that would forge or break a request', async () => {
  const { api } = await starting;
  const bad: Record<string, string> = {
    Host: 'internal',
    'Content-Length': '0',
    'webhook-id': 'run_forged',
    'Webhook-Signature': 'v1,forged',
    'Transfer-Encoding': 'chunked',
    'User-Agent': 'somebody else',
    'Punctual-Attempt': '9',
    'X-Injected': 'a\r\nX-Evil: 1',
    'X-Newline': 'a\nb',
    'X-Nul': 'a\u0000b',
    'X-Wide': 'snow ☃',
    'bad name': 'x',
    'colon:': 'x',
    '': 'x',
  };
  const pointers = Object.keys(bad).map((name) => `/target/headers/${name}`);
  expectProblem(await api.post('/v1/tasks', { target: { ...target, headers: bad } }), 400, pointers);
  expectProblem(await api.post('/v1/endpoints', { name: 'x', ...target, headers: { host: 'x' } }), 400, [
    '/headers/host',
  ]);
  expectProblem(await api.post('/v1/endpoints', { name: 'x', ...target, timeout_ms: 99 }), 400, ['/timeout_ms']);
  expectProblem(await api.post('/v1/endpoints', { name: 'x', ...target, timeout_ms: 300_001 }), 400, ['/timeout_ms']);
  expectProblem(await api.post('/v1/endpoints', { name: '', ...target }), 400, ['/name']);
});

test('halves of characters', async () => {
  const { api } = await starting;
  const url = '"target":{"url":"https://example.com"}';
  expectProblem(await api.post('/v1/tasks', `{${url},"payload":"\\ud83d"}`), 400, ['/payload']);
  expectProblem(await api.post('/v1/endpoints', `{"name":"\\ud83d","url":"https://example.com"}`), 400, ['/name']);
});

test('ids that are unknown, malformed or of another project are all the same: not there', async () => {
  const world = await starting;
  const { api: foreign } = await world.newProject();
  const endpoint = expectStatus(await foreign.post('/v1/endpoints', { name: 'theirs', ...target }), 201).body.id;
  const task = expectStatus(await foreign.post('/v1/tasks', { endpoint_id: endpoint, delay_seconds: 600 }), 201).body
    .id;
  const unknown = 'run_01a1fe2f3ee870008358bcc002307ce4';
  for (const id of [task, unknown, 'run_1', 'ep_1', '..%2f..', '%00', "'; DROP TABLE runs; --", '😀'].map(encodeURI)) {
    const reply = expectProblem(await world.api.get(`/v1/tasks/${id}`), 404);
    expect(reply.body.detail).toBe((await world.api.get(`/v1/tasks/${unknown}`)).body.detail);
    expectProblem(await world.api.post(`/v1/tasks/${id}/cancel`), 404);
  }
  expectProblem(await world.api.get(`/v1/endpoints/${endpoint}`), 404);
  expectProblem(await world.api.send('PATCH', `/v1/endpoints/${endpoint}`, { name: 'mine' }), 404);
  expectProblem(await world.api.send('DELETE', `/v1/endpoints/${endpoint}`), 404);
  expectProblem(await world.api.post('/v1/tasks', { endpoint_id: endpoint }), 400, ['/endpoint_id']);
  expectProblem(await world.api.post('/v1/dead-letters/replay', { endpoint_id: endpoint }), 400, ['/endpoint_id']);
  expect((await world.api.get(`/v1/tasks?endpoint_id=${endpoint}`)).body.data ?? []).toEqual([]);
  expect((await foreign.get(`/v1/endpoints/${endpoint}`)).body.name).toBe('theirs');
  expect((await foreign.get(`/v1/tasks/${task}`)).body.status).toBe('pending');
});

test('no credential, a wrong one, two at once; what only operators may', async () => {
  const world = await starting;
  const { api: base } = world.stack;
  for (const headers of [
    {},
    { 'x-api-key': `sk_${'0'.repeat(64)}` },
    { 'x-api-key': '' },
    { authorization: 'Bearer x.y' },
  ]) {
    const reply = expectProblem(await new HttpClient(base, headers).post('/v1/tasks', { target }), 401);
    expect(reply.headers.get('www-authenticate')).toBeTruthy();
  }
  expectProblem(await world.api.post('/v1/tasks', { target }, { authorization: 'Bearer x.y' }), 401);
  expectProblem(await world.api.post('/v1/projects', { name: 'mine', environment: 'staging' }), 403);
  expectProblem(await new HttpClient(base).post('/v1/sessions', { operator_key: 'guess' }), 401);
});

test('paths and methods that are not there', async () => {
  const { api } = await starting;
  expectProblem(await api.get('/v1/unicorns'), 404);
  expectProblem(await api.get('/v1/tasks/'), 404);
  expectProblem(await api.post('/', {}), 404);
  const wrong = expectProblem(await api.send('PUT', '/v1/tasks', { target }), 405);
  expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
  expect(expectProblem(await api.send('DELETE', '/v1/tasks/batch'), 405).headers.get('allow')).toMatch(/POST/);
});

test('queries of the wrong kind', async () => {
  const { api } = await starting;
  for (const [query, pointer] of [
    ['page=0', 'page'],
    ['page_size=101', 'page_size'],
    ['status=lost', 'status'],
    ['cursor=nonsense', 'cursor'],
    ['colour=red', 'colour'],
    ['page=1&page=2', 'page'],
  ] as const)
    expectProblem(await api.get(`/v1/tasks?${query}`), 400, [pointer]);
});

test('emoji, NUL and any other character of a payload arrive byte for byte', async () => {
  const world = await starting;
  const receiver = await scriptedServer((_, response) => response.end());
  try {
    const payload = '😀 \u0000 \u0001 \u2028 \ufeff "\\ é ﷽ \u{10ffff}\r\n';
    const nested = { '😀': [payload, { deep: '\u0000' }], empty: {}, n: [0, -1.5, 1e21 / 1e6, true, null] };
    const full = 'ü'.repeat(128 * KB); // 256 KB as sent
    for (const sent of [payload, nested, full, '']) {
      const id = await world.task((await world.endpoint(receiver.url)).id, { payload: sent });
      made.add(id);
      await world.reached(id, 'success');
      const expected = typeof sent === 'string' ? sent : JSON.stringify(sent);
      expect(receiver.bodies.pop()!.equals(Buffer.from(expected))).toBe(true);
      expect((await world.run(id)).payload).toEqual(sent);
    }
  } finally {
    await receiver.close();
  }
});

test('the text of a payload is what arrives and what is shown, however it was sent', async () => {
  const world = await starting;
  const { api } = world;
  const text =
    '{"2":10.00,"1":52.37403000000000123,"b":1e-400,"a":-0,"a":9007199254740993,"m":1.7976931348623157e308,' +
    '"__proto__":{"constructor":null},"s":"\\u00e9\\/ \\ud800"}';
  const spaced = `\n ${text.replaceAll(',"', '\t, "')} `;
  let isDown = true;
  const receiver = await scriptedServer(({ url }, response) =>
    response.writeHead(url === '/replayed' && isDown ? 500 : 200).end(),
  );
  const at = (path: string) => `"target":{"url":"${receiver.url}${path}"},"payload":${spaced}`;
  const schedule = (path: string) => `{"name":"exact","run_at":"2030-01-01T00:00:00Z",${at(path)}}`;
  const reply = async (method: string, path: string, body?: string, headers = {}) => {
    const answer = await api.send(method, path, body, headers);
    if (answer.status > 299) throw new Error(answer.text);
    return answer;
  };
  const shown = async (...[method, path, body, headers]: Parameters<typeof reply>) => {
    const answer = await reply(method, path, body, headers);
    expect(answer.text).toContain(`"payload":${text}`);
    return answer;
  };
  try {
    const { id: endpoint } = await world.endpoint(`${receiver.url}/replayed`);
    await world.endpoint(`${receiver.url}/event`, { event_filters: ['exact'] });
    const doomed = (await shown('POST', '/v1/tasks', `{"endpoint_id":"${endpoint}","payload":${spaced}}`)).body.id;
    const key = { 'Idempotency-Key': 'exact' };
    const task = await shown('POST', '/v1/tasks', `{${at('/task')}}`, key);
    const again = await shown('POST', '/v1/tasks', `{${at('/task')}}`, key);
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([task.text, 'true']);
    await shown('GET', `/v1/tasks/${task.body.id}`);
    await reply('POST', '/v1/tasks/batch', `{"tasks":[{${at('/batch')}}]}`);
    const event = await shown('POST', '/v1/events', `{"event_name":"exact","payload":${spaced}}`);
    await shown('GET', `/v1/events/${event.body.id}`);
    await reply('POST', '/v1/events/batch', `{"events":[{"event_name":"exact","payload":${spaced}}]}`);

    const kept = (await shown('POST', '/v1/schedules', schedule('/kept'))).body.id;
    await shown('PATCH', `/v1/schedules/${kept}`, '{"name":"renamed"}');
    await shown('POST', `/v1/schedules/${kept}/run`);
    const patched = (await reply('POST', '/v1/schedules', schedule('/patched').replace(spaced, '{"old":1}'))).body.id;
    await shown('PATCH', `/v1/schedules/${patched}`, `{"payload":${spaced}}`);
    await shown('GET', `/v1/schedules/${patched}`);
    await shown('POST', `/v1/schedules/${patched}/run`);

    const fireAt = new Date(Date.now() + 2_000).toISOString();
    const job = `{"title":"t","webhookUrl":"${receiver.url}/dispatch","fireAt":"${fireAt}","payload":${spaced}}`;
    await shown('GET', `/api/v1/jobs/${(await shown('POST', '/api/v1/jobs', job)).body.data.id}`);
    const cron = { name: 'c', cronExpression: '0 0 1 1 *', targetUrl: `${receiver.url}/cron`, body: spaced };
    const { jobId } = (await reply('POST', '/api/cron-service/jobs', JSON.stringify(cron))).body.data;
    await reply('PATCH', `/api/cron-service/jobs/${jobId}`, '{"name":"renamed"}');
    await reply('POST', `/api/cron-service/jobs/${jobId}/run`);

    const { id: letter } = await world.deadLetter(doomed);
    await shown('GET', `/v1/dead-letters/${letter}`);
    isDown = false;
    await shown('POST', `/v1/dead-letters/${letter}/replay`);
    await eventually('all of them arrived', () => receiver.asked.length === 10 || undefined);
    const arrived = receiver.asked.map((path, n) => [path, String(receiver.bodies[n])]);
    const plain = ['/batch', '/event', '/event', '/kept', '/patched', '/replayed', '/replayed', '/task'];
    expect(arrived.filter(([path]) => path !== '/cron' && path !== '/dispatch').sort()).toEqual(
      plain.map((path) => [path, text]),
    );
    expect(arrived.find(([path]) => path === '/cron')![1]).toBe(spaced);
    expect(arrived.find(([path]) => path === '/dispatch')![1]).toContain(`,"payload":${text},"firedAt":`);
  } finally {
    for (const { id } of (await api.get('/v1/tasks?page_size=100')).body.data) made.add(id);
    await receiver.close();
  }
});

test('a client that hangs up half-way, or lies about its length, harms no other request', async () => {
  const world = await starting;
  const { hostname, port } = new URL(world.stack.api);
  const headers = { ...world.api.headers, 'content-type': 'application/json', 'content-length': '1000' };
  await new Promise<void>((resolve) => {
    const broken = request({ hostname, port, path: '/v1/tasks', method: 'POST', headers });
    broken.on('error', () => resolve());
    broken.write('{"target":', () => broken.destroy());
    broken.on('close', () => resolve());
  });
});
