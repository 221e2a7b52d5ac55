import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { callTo, localCaller } from './call-to.js';
import { type HostileServer, hostileServer, type Misbehaviour } from './hostile-server.js';

let server: HostileServer;
const start = async (misbehave: Misbehaviour) => {
  server = await hostileServer(misbehave);
  return server;
};
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n';
const SWITCHED = 'HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const reports: unknown[] = [];
const report = (error: unknown) => void reports.push(error);
beforeAll(() => void process.on('uncaughtException', report).on('unhandledRejection', report));
afterAll(() => void process.off('uncaughtException', report).off('unhandledRejection', report));
afterEach(async () => {
  await server.close();
  expect(reports).toEqual([]);
});

/** Writes `text` again and again until the socket is gone. */
const drip =
  (first: string, text: string, everyMs: number): Misbehaviour =>
  (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(text), everyMs);
    socket.on('close', () => clearInterval(timer));
  };

describe('the time of a call covers everything', () => {
  test.each<[string, Misbehaviour, string, number | null]>([
    ['no answer', () => {}, 'timeout_response', null],
    ['dripping headers', drip('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n', 20), 'timeout_response', null],
    ['endless interim answers', drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n', 20), 'timeout_response', null],
    ['dripping body', drip(CHUNKED, '1\r\nx\r\n', 20), 'timeout_body', 200],
    ['body that never comes', (socket) => void socket.write(HEAD), 'timeout_body', 200],
    ['dripping body of an error', drip(CHUNKED.replace('200 OK', '500 No'), '1\r\nx\r\n', 20), 'timeout_body', 500],
  ])('%s', async (_, misbehave, code, http_status) => {
    const { url, deserted } = await start(misbehave);
    const outcome = await localCaller()(callTo(url, { timeoutMs: 150 }));
    expect(outcome).toMatchObject({ status: 'timed_out', http_status, error: { code } });
    expect(outcome.finished_at - outcome.started_at).toBeLessThan(600);
    await deserted();
  });

  test('a DNS lookup that hangs', async () => {
    await start(() => {});
    const call = localCaller({ resolve: () => sleep(1000, [], { ref: false }) });
    const outcome = await call(callTo('http://slow.example/', { timeoutMs: 100 }));
    expect(outcome).toMatchObject({ status: 'timed_out', http_status: null, error: { code: 'timeout_connect' } });
    expect(outcome.error?.message).toBe('slow.example could not be connected to in time.');
  });

  test('what was received before the time was over is kept', async () => {
    const { url } = await start((socket) => void socket.write(`${HEAD}partial`));
    expect(await localCaller()(callTo(url, { timeoutMs: 150 }))).toMatchObject({ response_body: 'partial' });
  });
});

describe('answers that are none', () => {
  test.each<[string, Misbehaviour, string, number | null]>([
    ['garbage', (socket) => void socket.end('\u0000\u0001 hello'), 'malformed_response', null],
    ['another protocol', (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'), 'malformed_response', null],
    ['bad framing', (s) => void s.end(OK.replace('2\r\n', '2\r\nContent-Length: 3\r\n')), 'malformed_response', 200],
    ['reset', (socket) => void socket.resetAndDestroy(), 'connection_reset', null],
    ['hang-up', (socket) => void socket.end(), 'connection_reset', null],
    ['hang-up within the headers', (socket) => void socket.end('HTTP/1.1 200 OK\r\nX-'), 'connection_reset', null],
    ['short body', (socket) => void socket.end(`${HEAD}short`), 'response_incomplete', 200],
    ['chunks without end', (socket) => void socket.end(`${CHUNKED}1\r\nx\r\n`), 'response_incomplete', 200],
    ['bad chunk', (socket) => void socket.end(`${CHUNKED}zz\r\nx\r\n`), 'malformed_response', 200],
    ['short body of an error', (s) => void s.end(HEAD.replace('200 OK', '502 No')), 'http_502', 502],
    [
      'huge headers',
      (s) => void s.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`),
      'response_headers_too_large',
      200,
    ],
    ['switched protocol', (socket) => void socket.write(SWITCHED), 'http_101', 101],
  ])('%s', async (_, misbehave, code, http_status) => {
    const { url, port, deserted, requests } = await start(misbehave);
    const outcome = await localCaller()(callTo(url));
    expect(outcome).toMatchObject({ status: 'failed', http_status, error: { code } });
    expect(outcome.error?.message).toContain(`127.0.0.1:${port} `);
    expect(requests).toHaveLength(1);
    await deserted();
  });

  test('a reset in the middle of the body', async () => {
    const { url } = await start((socket) => {
      socket.write(`${HEAD}half`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const outcome = await localCaller()(callTo(url));
    expect(outcome).toMatchObject({ status: 'failed', http_status: 200, error: { code: 'response_incomplete' } });
  });

  test('no server listening', async () => {
    const { url, close } = await start(() => {});
    await close();
    const outcome = await localCaller()(callTo(url));
    expect(outcome).toMatchObject({ status: 'failed', http_status: null, error: { code: 'connection_refused' } });
  });
});

/** Writes `text` as fast as it is taken, and tells how many bytes were. */
function flood(first: string, text: string): { misbehave: Misbehaviour; written: () => number } {
  let written = 0;
  const misbehave: Misbehaviour = (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(text)) written += text.length;
    };
    socket.write(first);
    socket.on('drain', more);
    more();
  };
  return { misbehave, written: () => written };
}

describe('answers that are too much', () => {
  test.each([
    ['chunk extensions', CHUNKED, `1;${'a'.repeat(10_000)}\r\nx\r\n`, 'success', 200],
    ['chunks of one byte', CHUNKED, '1\r\nx\r\n'.repeat(1000), 'success', 200],
    ['trailers', `${CHUNKED}1\r\nx\r\n0\r\n`, `X-T: ${'a'.repeat(1000)}\r\n`, 'failed', 200],
    ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500), 'failed', null],
    ['Continue', '', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(500), 'failed', null],
    ['large interim answers', '', `HTTP/1.1 103 Early Hints\r\nX: ${'a'.repeat(12_000)}\r\n\r\n`, 'failed', null],
  ])('%s without end are not read to the end of the call', async (_, first, text, status, http_status) => {
    const { misbehave, written } = flood(first, text);
    const { url, deserted } = await start(misbehave);
    const outcome = await localCaller()(callTo(url));
    expect(outcome).toMatchObject({ status, http_status });
    expect(outcome.finished_at - outcome.started_at).toBeLessThan(1000);
    await deserted();
    // The rest of it lies in the sockets' buffers.
    expect(written()).toBeLessThan(16 * 1024 * 1024);
  });

  test('ten interim answers are taken, and no more', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    let count = 10;
    const { url } = await start((socket) => void socket.write(interim.repeat(count) + OK));
    expect(await localCaller()(callTo(url))).toMatchObject({ status: 'success' });
    count = 11;
    expect((await localCaller()(callTo(url))).error).toEqual({
      code: 'malformed_response',
      message: `${new URL(url).host} sent one interim answer (1xx) after the other, and no final one.`,
    });
  });

  test('the rest of an endless body is dropped, and its status counts', async () => {
    const { url, deserted } = await start((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(`400\r\n${'x'.repeat(1024)}\r\n`));
      };
      socket.write(CHUNKED);
      socket.on('drain', more);
      more();
    });
    const outcome = await localCaller()(callTo(url));
    expect(outcome).toMatchObject({ status: 'success', http_status: 200, response_body: 'x'.repeat(4096) });
    await deserted();
  });

  test('of many headers the first kilobytes are kept, and Retry-After', async () => {
    const flood = Array.from({ length: 98 }, (_, index) => `X-${index}: ${'v'.repeat(100)}\r\n`).join('');
    const { url } = await start((socket) => void socket.end(`HTTP/1.1 429 No\r\n${flood}Retry-After: 9\r\n\r\n`));
    const { response_headers } = await localCaller()(callTo(url));
    expect(response_headers['retry-after']).toBe('9');
    expect(JSON.stringify(response_headers).length).toBeLessThan(5000);
  });

  test('an answer that does not wait for our body is an answer, and the socket is given up', async () => {
    let paused: Socket | undefined;
    const { url, deserted } = await start((socket) => {
      paused = socket.pause();
      socket.write(OK.replace('200 OK', '413 No'));
    });
    const outcome = await localCaller()(callTo(url, { body: Buffer.alloc(32 * 1024 * 1024) }));
    expect(outcome).toMatchObject({ status: 'failed', http_status: 413 });
    paused?.resume();
    await deserted();
  });

  test('a body that ends with the connection is complete', async () => {
    const { url } = await start((socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nfine'));
    expect(await localCaller()(callTo(url))).toMatchObject({ status: 'success', response_body: 'fine' });
  });
});

describe('idle connections', () => {
  test.each([0, 300])('a request that is answered by a reset after %d ms was one call', async (afterMs) => {
    const { url, requests } = await start(async (socket, nth) => {
      if (nth === 1) return void socket.write(OK);
      await sleep(afterMs);
      socket.resetAndDestroy();
    });
    const call = localCaller();
    await call(callTo(url));
    expect(await call(callTo(url))).toMatchObject({
      status: 'failed',
      http_status: null,
      error: { code: 'connection_reset' },
    });
    expect(requests).toHaveLength(2);
    // The attempt after it has a connection of its own.
    expect(await call(callTo(url))).toMatchObject({ status: 'success' });
  });

  test('one that was closed is not used again', async () => {
    const { url, accepted, requests } = await start((socket) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 20);
    });
    const call = localCaller();
    for (let i = 0; i < 3; i++) {
      expect(await call(callTo(url))).toMatchObject({ status: 'success' });
      await sleep(60);
    }
    expect([accepted(), requests.length]).toEqual([3, 3]);
  });

  test('one is given up sooner than a server of any kind would', async () => {
    const shortest = 2_000; // gunicorn; many others wait five seconds
    const { url, accepted, deserted } = await start((socket) => void socket.write(OK));
    const call = localCaller();
    await call(callTo(url));
    await sleep(shortest - 300);
    await deserted();
    await call(callTo(url));
    expect(accepted()).toBe(2);
  });

  test('one that hangs is waited for like any other, and not sent again', async () => {
    const { url, requests } = await start((socket, nth) => void (nth === 1 && socket.write(OK)));
    const call = localCaller();
    await call(callTo(url));
    const outcome = await call(callTo(url, { timeoutMs: 100 }));
    expect(outcome).toMatchObject({ status: 'timed_out', error: { code: 'timeout_response' } });
    expect(requests).toHaveLength(2);
  });

  test('not when the answer had begun', async () => {
    const { url, requests } = await start((socket, nth) => (nth === 1 ? socket.write(OK) : socket.end(`${HEAD}x`)));
    const call = localCaller();
    await call(callTo(url));
    expect(await call(callTo(url))).toMatchObject({ status: 'failed', error: { code: 'response_incomplete' } });
    expect(requests).toHaveLength(2);
  });

  test('a connection whose server announces an end is not used again', async () => {
    const { url, accepted } = await start((socket) => void socket.end(OK.replace('\r\n', '\r\nConnection: close\r\n')));
    const call = localCaller();
    for (let i = 0; i < 2; i++) expect(await call(callTo(url))).toMatchObject({ status: 'success' });
    expect(accepted()).toBe(2);
  });
});

describe('cancelling', () => {
  test.each<[string, Misbehaviour, number | null]>([
    ['before the answer', () => {}, null],
    ['in the body', (socket) => void socket.write(HEAD), 200],
  ])('%s', async (_, misbehave, http_status) => {
    const { url, deserted } = await start(misbehave);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 80);
    const outcome = await localCaller()(callTo(url, { cancel: controller.signal }));
    expect(outcome).toMatchObject({ status: 'cancelled', http_status, error: { code: 'cancelled' } });
    await deserted();
  });

  test('before the call: nothing is sent', async () => {
    const { url, accepted } = await start((socket) => void socket.write(OK));
    expect(await localCaller()(callTo(url, { cancel: AbortSignal.abort() }))).toMatchObject({ status: 'cancelled' });
    expect(accepted()).toBe(0);
  });

  test('a signal that outlives many calls keeps no listeners of them', async () => {
    const { url } = await start((socket) => void socket.write(OK));
    const { signal } = new AbortController();
    const call = localCaller();
    await Promise.all(Array.from({ length: 8 }, () => call(callTo(url, { cancel: signal }))));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
