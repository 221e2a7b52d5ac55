import { createServer } from 'node:https';
import { type AddressInfo, BlockList, createServer as createTcpServer } from 'node:net';
import type { Resolve } from '../../../../functions/destinations/http/guarded-lookup.js';
import { callTo, localCaller } from './call-to.js';
import { type HostileServer, hostileServer, listen } from './hostile-server.js';
import { selfSigned } from './self-signed.js';

let server: HostileServer;
beforeAll(async () => {
  server = await hostileServer((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
  );
});
afterAll(() => server.close());

/** A name server: answers one list of addresses after the other, and goes on with the last. */
function names(...answers: string[][]) {
  let asked = 0;
  const resolve: Resolve = async () => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { resolve, asked: () => asked };
}
const hook = () => `http://hooks.example:${server.port}/`;

test('connects to the very address that was checked, resolving once per connection', async () => {
  const { resolve, asked } = names(['127.0.0.1'], ['10.0.0.1']);
  const call = localCaller({ resolve });
  expect(await call(callTo(hook()))).toMatchObject({ status: 'success' });
  expect(asked()).toBe(1);
  expect(server.requests.at(-1)).toContain(`host: hooks.example:${server.port}`.replace('host', 'Host'));
});

test('checks again for every new connection: a name that moves to a private address is blocked', async () => {
  const { resolve } = names(['127.0.0.1'], ['10.0.0.1']);
  const call = localCaller({ resolve });
  expect(await call(callTo(hook()))).toMatchObject({ status: 'success' });
  expect(await call(callTo(hook()))).toMatchObject({
    status: 'blocked',
    error: {
      code: 'blocked_address',
      message: `hooks.example:${server.port} resolves to a private address, which may not be called.`,
    },
  });
});

test.each([
  [['8.8.8.8', '10.0.0.1']],
  [['2606:4700::1', '::ffff:169.254.169.254']],
  [['127.0.0.1', '8.8.8.8']],
  [['fd00:ec2::254']],
])('one forbidden address among %p blocks the name', async (addresses) => {
  const call = localCaller({ allowLoopback: false, resolve: names(addresses).resolve });
  expect(await call(callTo('http://hooks.example/'))).toMatchObject({
    status: 'blocked',
    http_status: null,
    error: { code: 'blocked_address' },
  });
});

test('a name in a private range that is allowed is called, unless another of its addresses is outside', async () => {
  const allowedPrivateRanges = new BlockList();
  allowedPrivateRanges.addSubnet('10.20.0.0', 16, 'ipv4');
  const blocked = async (...addresses: string[]) => {
    const call = localCaller({ allowLoopback: false, allowedPrivateRanges, resolve: names(addresses).resolve });
    const { status } = await call(callTo('http://hooks.example/', { timeoutMs: 100 }));
    return status === 'blocked';
  };
  expect(await blocked('10.20.255.1')).toBe(false); // it is tried, in vain
  expect(await blocked('10.20.255.1', '10.21.0.1')).toBe(true);
  expect(await blocked('10.20.255.1', '169.254.169.254')).toBe(true);
  expect(await blocked('127.0.0.1')).toBe(true);
});

test.each(['http://127.0.0.1', 'http://2130706433', 'http://[::ffff:7f00:1]', 'http://localhost', 'http://0x7f.1'])(
  '%s is blocked before any lookup or connection',
  async (origin) => {
    const before = server.accepted();
    const { resolve, asked } = names(['127.0.0.1']);
    const outcome = await localCaller({ allowLoopback: false, resolve })(callTo(`${origin}:${server.port}/`));
    expect(outcome).toMatchObject({ status: 'blocked', error: { code: 'blocked_address' } });
    expect([server.accepted() - before, asked()]).toEqual([0, 0]);
  },
);

test('plain http only where it is allowed', async () => {
  const outcome = await localCaller({ allowHttp: false })(callTo(server.url));
  expect(outcome).toMatchObject({ status: 'blocked', error: { code: 'invalid_url' } });
});

test.each([
  ['ENOTFOUND', 'dns_not_found'],
  ['EAI_AGAIN', 'dns_failed'],
])('%s of DNS is %s', async (nodeCode, code) => {
  const resolve = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: nodeCode }));
  expect(await localCaller({ resolve })(callTo(hook()))).toMatchObject({ status: 'failed', error: { code } });
});

test('a name without addresses is not found', async () => {
  const outcome = await localCaller({ resolve: names([]).resolve })(callTo(hook()));
  expect(outcome).toMatchObject({ status: 'failed', error: { code: 'dns_not_found' } });
});

test('of several addresses the next is tried', async () => {
  const outcome = await localCaller({ resolve: names(['::1', '127.0.0.1']).resolve })(callTo(hook()));
  expect(outcome).toMatchObject({ status: 'success' });
});

test('the system resolves real names', async () => {
  expect(await localCaller()(callTo(`http://localhost:${server.port}/`))).toMatchObject({ status: 'success' });
});

describe('TLS', () => {
  const inTime = selfSigned('hooks.example', 2099);
  const expired = selfSigned('hooks.example', 2021);
  const { resolve } = names(['127.0.0.1']);
  let handshakes = 0;
  const callTls = async (pair: { key: string; cert: string }, host: string, ca?: string) => {
    const tlsServer = createServer(pair, (_, response) => void response.end('ok'));
    handshakes = 0;
    tlsServer.on('secureConnection', () => handshakes++);
    const port = await listen(tlsServer);
    const call = localCaller({ resolve, allowHttp: false, ...(ca === undefined ? {} : { ca }) });
    const first = await call(callTo(`https://${host}:${port}/`));
    const second = await call(callTo(`https://${host}:${port}/`));
    tlsServer.close().closeAllConnections();
    return [first, second].map(({ status, error }) => error?.code ?? status);
  };

  test('a trusted certificate for the name', async () => {
    expect(await callTls(inTime, 'hooks.example', inTime.cert)).toEqual(['success', 'success']);
    expect(handshakes).toBe(1);
  });

  test.each([
    ['that no authority has signed', inTime, 'hooks.example', undefined],
    ['of another name', inTime, 'other.example', inTime.cert],
    ['that has expired', expired, 'hooks.example', expired.cert],
  ])('a certificate %s', async (_, pair, host, ca) => {
    const expected = ['tls_certificate_invalid', 'tls_certificate_invalid'];
    expect(await callTls(pair, host, ca)).toEqual(expected);
  });

  test('a server that does not speak TLS', async () => {
    const plain = createTcpServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await listen(plain);
    const { port } = plain.address() as AddressInfo;
    const outcome = await localCaller({ resolve })(callTo(`https://hooks.example:${port}/`));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'tls_failed' } });
    plain.close();
  });

  test('a server that never completes the handshake', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => {}).resume());
    const url = `https://hooks.example:${await listen(silent)}/`;
    const outcome = await localCaller({ resolve })(callTo(url, { timeoutMs: 100 }));
    expect(outcome).toMatchObject({ status: 'timed_out', error: { code: 'timeout_connect' } });
    silent.close();
  });
});
