import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resolve } from '../../../../functions/destinations/http/guarded-lookup.js';
import { callTo, localCaller } from './call-to.js';
import { listen } from './hostile-server.js';
import { selfSigned } from './self-signed.js';

const DNS_MS = 30;
const ANSWER_MS = 60;
const resolve: Resolve = async () => {
  await sleep(DNS_MS);
  return [{ address: '127.0.0.1', family: 4 }];
};

const server = createServer((request, response) => {
  const wait = request.url === '/never' ? 60_000 : ANSWER_MS;
  setTimeout(() => response.end('ok'), wait).unref();
});
let port = 0;
beforeAll(async () => {
  port = await listen(server);
});
afterAll(() => server.close().closeAllConnections());

const callOf = (call = localCaller({ resolve })) => {
  return async (url: string, timeoutMs = 2_000) => {
    const { timings_ms, started_at, finished_at } = await call(callTo(url, { timeoutMs }));
    const sum = Object.values(timings_ms ?? {}).reduce((all, ms) => all + ms, 0);
    expect(sum).toBeLessThanOrEqual(finished_at - started_at + 4); // each phase is rounded
    return timings_ms;
  };
};

test('a new connection is looked up and made, and a reused one only waits for the answer', async () => {
  const call = callOf();
  const first = await call(`http://hooks.example:${port}/`);
  expect(Object.keys(first!)).toEqual(['dns', 'connect', 'first_byte']);
  expect(first!.dns).toBeGreaterThan(DNS_MS / 2);
  expect(first!.first_byte).toBeGreaterThan(ANSWER_MS / 2);
  expect(Object.keys((await call(`http://hooks.example:${port}/`))!)).toEqual(['first_byte']);
});

test('an address needs no name server', async () => {
  expect(Object.keys((await callOf()(`http://127.0.0.1:${port}/`))!)).toEqual(['connect', 'first_byte']);
});

test('TLS has a phase of its own', async () => {
  const pair = selfSigned('hooks.example', 2099);
  const tlsServer = createTlsServer(pair, (_, response) => void response.end('ok'));
  const url = `https://hooks.example:${await listen(tlsServer)}/`;
  const timings = await callOf(localCaller({ resolve, ca: pair.cert }))(url);
  tlsServer.close().closeAllConnections();
  expect(Object.keys(timings!)).toEqual(['dns', 'connect', 'tls', 'first_byte']);
});

test('only completed phases are told', async () => {
  expect(Object.keys((await callOf()(`http://hooks.example:${port}/never`, 300))!)).toEqual(['dns', 'connect']);
  const refused = await callOf()('http://hooks.example:1/');
  expect(Object.keys(refused!)).toEqual(['dns']);
  expect(await callOf()('http://127.0.0.1:1/')).toBeUndefined();
});

test('a call that is refused before it begins has no timings', async () => {
  expect(await callOf()('http://10.0.0.1/')).toBeUndefined();
});
