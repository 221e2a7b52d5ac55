import { createServer, type RequestListener, type Server } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { callTo, localCaller } from './call-to.js';
import { listen } from './hostile-server.js';

/** An ordinary receiver; `received` is what came, `connections` how many sockets it came on. */
async function receiver(handle: RequestListener) {
  let connections = 0;
  const received: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      received.push(Buffer.concat(chunks).toString());
      handle(request, response);
    });
  });
  server.on('connection', () => connections++);
  servers.push(server);
  const url = `http://127.0.0.1:${await listen(server)}/hook?a=1`;
  return { url, received, connections: () => connections };
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

test('sends exactly what it is given, framed, and tells what came back', async () => {
  const seen: unknown[] = [];
  const { url, received } = await receiver((request, response) => {
    const { host, connection, ...headers } = request.headers;
    seen.push(request.method, request.url, headers);
    response.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Latin': 'gr\u00fc\u00df' }).end('{"done":true}');
  });
  let clock = 1000;
  const call = localCaller({ now: () => clock++ });
  const outcome = await call(callTo(url, { method: 'PUT', headers: { 'X-Order': '7' }, body: Buffer.from('{"é":1}') }));
  expect(seen).toEqual(['PUT', '/hook?a=1', { 'x-order': '7', 'content-length': '8' }]);
  expect(received).toEqual(['{"é":1}']);
  expect(outcome).toMatchObject({ status: 'success', http_status: 201, response_body: '{"done":true}', error: null });
  expect(outcome).toMatchObject({ started_at: 1000, finished_at: 1001 });
  expect(outcome.response_headers).toMatchObject({ 'set-cookie': 'a=1, b=2', 'x-latin': 'grüß' });
});

test.each(['GET', 'DELETE'])(
  'the body of a %s is framed too, so that it is never read as a second request',
  async (method) => {
    const { url, received } = await receiver((_, response) => void response.end());
    await localCaller()(callTo(url, { method, body: Buffer.from('GET /admin HTTP/1.1\r\n\r\n') }));
    await localCaller()(callTo(url, { method, body: Buffer.alloc(0) }));
    expect(received).toEqual(['GET /admin HTTP/1.1\r\n\r\n', '']);
  },
);

test('a URL that an earlier release took, and this one would not, is called on', async () => {
  const seen: (string | undefined)[] = [];
  const { url } = await receiver((request, response) => {
    seen.push(request.url);
    response.end();
  });
  for (const written of ['/a/%2e%2e/b', '/x?', "/?q='a'"])
    expect(await localCaller()(callTo(`${new URL(url).origin}${written}`))).toMatchObject({ status: 'success' });
  expect(seen).toEqual(['/b', '/x', '/?q=%27a%27']);
});

test('keeps connections alive between calls', async () => {
  const { url, connections } = await receiver((_, response) => void response.end('ok'));
  const call = localCaller();
  for (let i = 0; i < 5; i++) expect(await call(callTo(url))).toMatchObject({ status: 'success' });
  expect(connections()).toBe(1);
});

test.each([
  [204, 'success', null],
  [304, 'failed', 'http_304'],
  [404, 'failed', 'http_404'],
  [503, 'failed', 'http_503'],
  [799, 'failed', 'http_799'],
] as const)('%i is %s', async (status, expected, code) => {
  const { url } = await receiver((_, response) => void response.writeHead(status).end());
  const outcome = await localCaller()(callTo(url));
  expect([outcome.status, outcome.http_status, outcome.error?.code ?? null]).toEqual([expected, status, code]);
});

test('says in a sentence what was answered, with the host and nothing else of the URL', async () => {
  const { url } = await receiver((_, response) => void response.writeHead(503, { 'Retry-After': '7' }).end('later'));
  const outcome = await localCaller()(callTo(`${url}&token=secret`));
  expect(outcome.error?.message).toBe(`${new URL(url).host} answered 503 Service Unavailable.`);
  expect(outcome).toMatchObject({ response_headers: { 'retry-after': '7' }, response_body: 'later' });
});

test.each([301, 302, 303, 307, 308])('a %i is not followed', async (status) => {
  const { url, received } = await receiver((_, response) => void response.writeHead(status, { Location: '/x' }).end());
  expect(await localCaller()(callTo(url))).toMatchObject({
    status: 'failed',
    http_status: status,
    error: { code: 'redirect' },
    response_headers: { location: '/x' },
  });
  expect(received).toHaveLength(1);
});

test('keeps the first 4 KB of a body, cut between characters', async () => {
  const { url } = await receiver((_, response) => void response.end(`x${'é'.repeat(5000)}`));
  const { response_body } = await localCaller()(callTo(url));
  expect(response_body).toBe(`x${'é'.repeat(2047)}`);
});

test.each(['gzip', 'br'])('a body in %s, which was not asked for, is read', async (encoding) => {
  const { url } = await receiver((_, response) => {
    const body = Buffer.from('<h1>Database connection pool exhausted</h1>');
    response
      .writeHead(500, { 'Content-Encoding': encoding })
      .end(encoding === 'br' ? brotliCompressSync(body) : gzipSync(body));
  });
  const outcome = await localCaller()(callTo(url));
  expect(outcome).toMatchObject({ http_status: 500, response_body: '<h1>Database connection pool exhausted</h1>' });
  expect(outcome.response_headers['content-encoding']).toBe(encoding);
});

test('a request that HTTP cannot carry is a failure, not an exception', async () => {
  const { url, received } = await receiver((_, response) => void response.end());
  for (const call of [callTo(url, { headers: { 'X-A': 'a\r\nb' } }), callTo(url, { method: 'A B' })]) {
    expect(await localCaller()(call)).toMatchObject({ status: 'failed', error: { code: 'invalid_request' } });
  }
  expect(received).toEqual([]);
});
