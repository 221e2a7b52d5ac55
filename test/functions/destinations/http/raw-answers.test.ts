import type { CallOutcome } from '../../../../functions/destinations/outcome.js';
import { callTo, localCaller } from './call-to.js';
import { type HostileServer, hostileServer } from './hostile-server.js';

/** What a receiver may write, byte for byte, the connection staying open behind it; told by the path of the request. */
const answers = new Map<string, string>();
let server: HostileServer;
beforeAll(async () => {
  server = await hostileServer((socket) => {
    const path = /^\S+ \/(\S*)/.exec(server.requests.at(-1) ?? '')?.[1] ?? '';
    socket.write(Buffer.from(answers.get(path) ?? '', 'latin1'));
  });
});
afterAll(() => server.close());

/** Two calls, one after the other: what came of the second, and on how many connections. */
async function answered(raw: string): Promise<CallOutcome & { connections: number }> {
  const path = `${answers.size}`;
  answers.set(path, raw);
  const before = server.accepted();
  const call = localCaller();
  const url = `http://127.0.0.1:${server.port}/${path}`;
  await call(callTo(url, { timeoutMs: 500 }));
  const outcome = await call(callTo(url, { timeoutMs: 500 }));
  return { ...outcome, connections: server.accepted() - before };
}

const status =
  (line: string) =>
  (head: string, body = '') =>
    `HTTP/1.1 ${line}\r\n${head}\r\n${body}`;
const ok = status('200 OK');
const two = 'Content-Length: 2\r\n';
const chunked = 'Transfer-Encoding: chunked\r\n';

describe('an answer as HTTP/1.1 is written counts, and its connection is used again', () => {
  test.each([
    ['by its length', ok(two, 'ok')],
    ['without a reason', `HTTP/1.1 200\r\n${two}\r\nok`],
    ['with a reason and a value in latin1', status('200 Sch\xf6n')(`${two}X-A:\t\xe4 \r\n`, 'ok')],
    ['in chunks', ok(chunked, '2\r\nok\r\n0\r\n\r\n')],
    ['in chunks with extensions and trailers', ok(chunked, '1;a="b"\r\no\r\n1\r\nk\r\n0;c\r\nX-T: 1\r\n\r\n')],
    ['without a body', status('204 No Content')('')],
    [
      'after two interim answers',
      status('100 Continue')('') + status('103 Early Hints')('Link: </a>\r\n') + ok(two, 'ok'),
    ],
  ])('%s', async (_, raw) => {
    expect(await answered(raw)).toMatchObject({ status: 'success', connections: 1 });
  });
});

describe('an answer that is complete counts, whatever comes behind it, and its connection is closed', () => {
  test.each([
    ['204 with a body', status('204 No Content')('Content-Type: application/json\r\n', '{}'), ''],
    ['204 with a length and a body', status('204 No Content')(two, '{}'), ''],
    ['204 in chunks', status('204 No Content')(chunked, '0\r\n\r\n'), ''],
    ['205 with a body', status('205 Reset Content')(two, '{}more'), '{}'],
    ['more bytes than its length', ok(two, 'okmore'), 'ok'],
    ['a length of 0 and a body', ok('Content-Length: 0\r\n', '{}'), ''],
    ['a line break behind its body', ok(two, 'ok\r\n'), 'ok'],
    ['bytes behind the last chunk', ok(chunked, '2\r\nok\r\n0\r\n\r\nmore'), 'ok'],
    ['a second answer', ok(two, 'ok') + status('500 Poison')(two, 'no'), 'ok'],
    ['bytes behind an announced end', ok(`Connection: close\r\n${two}`, 'okmore'), 'ok'],
  ])('%s', async (_, raw, response_body) => {
    expect(await answered(raw)).toMatchObject({ status: 'success', error: null, response_body, connections: 2 });
  });

  test('of an error as of a success', async () => {
    expect(await answered(status('503 Busy')(two, 'nomore'))).toMatchObject({
      status: 'failed',
      http_status: 503,
      error: { code: 'http_503' },
      response_body: 'no',
      connections: 2,
    });
  });
});

describe('what common clients read is read, and its connection is closed', () => {
  test.each([
    ['a length and chunks', ok(two + chunked, '2\r\nok\r\n0\r\n\r\n')],
    ['chunks and a length', ok(chunked + two, '2\r\nok\r\n0\r\n\r\n')],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['a bare line feed among others', ok('Content-Length: 2\n', 'ok')],
    ['a space before a colon', ok('Content-Length : 2\r\n', 'ok')],
    ['a folded header', ok(`X-A: a\r\n b\r\n${two}`, 'ok')],
    ['a header that is folded from its beginning', ok(` X-A: a\r\n${two}`, 'ok')],
    ['a control character', ok(`X-A: a\x01b\r\n${two}`, 'ok')],
    ['a NUL', ok(`X-A: a\0b\r\n${two}`, 'ok')],
    ['a control character in the reason', status('200 O\x01K')(two, 'ok')],
    ['another version', `HTTP/1.2 200 OK\r\n${two}\r\nok`],
    ['a space behind a chunk size', ok(chunked, '2 \r\nok\r\n0\r\n\r\n')],
    ['a coding that is none', ok(`Transfer-Encoding: identity\r\n${two}`, 'ok')],
    ['two codings', ok('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\n\r\n')],
  ])('%s', async (_, raw) => {
    expect(await answered(raw)).toMatchObject({ status: 'success', response_body: 'ok', connections: 2 });
  });

  test('a coding that is none, and no body', async () => {
    const outcome = await answered(ok('Transfer-Encoding: identity\r\nContent-Length: 0\r\n'));
    expect(outcome).toMatchObject({ status: 'success', connections: 2 });
  });

  test('what was folded or controlled is recorded in one line', async () => {
    const { response_headers } = await answered(ok(`X-A: a\r\n\t b\r\nX-B: a\x01\x7fb\r\n${two}`, 'ok'));
    expect(response_headers).toMatchObject({ 'x-a': 'a  b', 'x-b': 'a b' });
  });
});

describe('a head that cannot be read leaves its status, and the reason', () => {
  test.each<[string, string, number | null, string]>([
    ['a length twice', ok(two + two, 'ok'), 200, 'Duplicate Content-Length'],
    ['two lengths', ok(`${two}Content-Length: 3\r\n`, 'ok'), 200, 'Duplicate Content-Length'],
    ['a list of lengths', ok('Content-Length: 2, 2\r\n', 'ok'), 200, 'Invalid character in Content-Length'],
    ['a length that is none', ok('Content-Length: -1\r\n', 'ok'), 200, 'Invalid character in Content-Length'],
    ['a length without end', ok(`Content-Length: ${'9'.repeat(30)}\r\n`, 'ok'), 200, 'Content-Length overflow'],
    ['a space in a name', ok(`X A: a\r\n${two}`, 'ok'), 200, 'Invalid header token'],
    ['a line without a colon', ok(`Warning in line 3\r\n${two}`, 'ok'), 200, 'Invalid header token'],
    ['a bare carriage return', ok(`X-A: a\rY: b\r\n${two}`, 'ok'), 200, 'Missing expected LF after header value'],
    ['an error', status('500 No')(two + two, 'HTTP/1.1 200 OK'), 500, 'Duplicate Content-Length'],
    ['an interim answer before', status('100 Go')('') + ok(two + two, 'ok'), 200, 'Duplicate Content-Length'],
    ['no minor version', `HTTP/2 200 OK\r\n${two}\r\nok`, 200, 'Expected dot'],
    ['lower case', `http/1.1 200 OK\r\n${two}\r\nok`, 200, 'Expected HTTP/'],
    ['two spaces', `HTTP/1.1  200 OK\r\n${two}\r\nok`, 200, 'Invalid status code'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', null, 'Expected HTTP/'],
    ['a status of four digits', status('1000 X')(two, 'ok'), null, 'Invalid response status'],
    ['a status of two digits', status('99 X')(two, 'ok'), null, 'Invalid status code'],
  ])('%s', async (_, raw, http_status, reason) => {
    const outcome = await answered(raw);
    expect(outcome).toMatchObject({ status: 'failed', http_status, error: { code: 'malformed_response' } });
    expect(outcome.error?.message).toContain(reason);
    expect(outcome.connections).toBe(2);
  });

  test.each(['099', '000'])('the status %s is none', async (line) => {
    expect(await answered(status(line)(two, 'ok'))).toMatchObject({
      status: 'failed',
      http_status: null,
      error: {
        code: 'malformed_response',
        message: `127.0.0.1:${server.port} answered with the status ${line}, which HTTP does not have.`,
      },
    });
  });

  test.each([
    ['alone', status('101 Go')('')],
    ['with an Upgrade', status('101 Go')('Upgrade: websocket\r\nConnection: Upgrade\r\n')],
    ['with an Upgrade that the connection does not name', status('101 Go')('Upgrade: websocket\r\n')],
    ['and an answer behind it', status('101 Go')('') + ok(two, 'ok')],
  ])('a switch of protocols, %s, is an answer that was not asked for', async (_, raw) => {
    expect(await answered(raw)).toMatchObject({
      status: 'failed',
      http_status: 101,
      error: { code: 'http_101', message: `127.0.0.1:${server.port} answered 101 Switching Protocols.` },
      connections: 2,
    });
  });
});

test('of more headers than a hundred the last one is read too', async () => {
  const flood = Array.from({ length: 600 }, (_, index) => `H${index}: ${index}\r\n`).join('');
  const { response_headers } = await answered(status('503 Busy')(`${flood}Retry-After: 9\r\n${two}`, 'no'));
  expect(response_headers['retry-after']).toBe('9');
});
