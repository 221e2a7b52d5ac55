import { promises as dns } from 'node:dns';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameResolver } from '../../../../functions/destinations/http/guarded-lookup.js';
import { temporaryFolder } from '../../../local/temporary-folder.js';
import { callTo, localCaller } from './call-to.js';
import { hostileServer } from './hostile-server.js';
import { type NameServer, nameServer } from './name-server.js';

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const V6 = '2001:db8:0:0:0:0:0:7';
const SILENT = { silent: [4, 6] } as const;
const folder = temporaryFolder();
let server: NameServer;
beforeAll(async () => {
  server = await nameServer({
    'good.test': { addresses: ['127.0.0.1'] },
    'both.test': { addresses: ['192.0.2.1', V6, '192.0.2.2'] },
    'new.test': { addresses: [V6] },
    'half.test': { addresses: ['192.0.2.1'], silent: [6] },
    'alias.test': { alias: 'elsewhere.test', addresses: ['192.0.2.3'] },
    'dangling.test': { alias: 'elsewhere.test' },
    'empty.test': {},
    'failing.test': { failure: 2 },
    'refused.test': { failure: 5 },
    'under_score.test': { addresses: ['192.0.2.4'] },
    'inner.test': { addresses: ['127.0.0.1', 'fd00:0:0:0:0:0:0:1'] },
    'silent.test': SILENT,
    ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`silent${index}.test`, SILENT])),
  });
});
afterAll(() => server.close());

const asked = (name: string) => server.questions.filter((question) => question.startsWith(`${name}/`)).length;
const resolver = (hostsFile?: string) =>
  nameResolver({ servers: [server.address], ...(hostsFile !== undefined && { hostsFile }) });
const never = new AbortController().signal;
const resolved = async (name: string) => (await resolver()(name, never)).map(({ address }) => address);

test.each([
  ['good.test', ['127.0.0.1']],
  ['good.test.', ['127.0.0.1']],
  ['both.test', ['192.0.2.1', '192.0.2.2', '2001:db8::7']],
  ['new.test', ['2001:db8::7']],
  ['half.test', ['192.0.2.1']],
  ['alias.test', ['192.0.2.3']],
  ['under_score.test', ['192.0.2.4']],
])('%s has its addresses, IPv4 first', async (name, addresses) => {
  expect(await resolved(name)).toEqual(addresses);
});

test.each([
  ['unknown.test', 'ENOTFOUND'],
  ['empty.test', 'ENOTFOUND'],
  ['dangling.test', 'ENOTFOUND'],
  [`${'x'.repeat(64)}.test`, 'ENOTFOUND'],
  ['failing.test', 'EAI_FAIL'],
  ['refused.test', 'EAI_FAIL'],
])('%s has none: %s, as getaddrinfo says', async (name, code) => {
  await expect(resolver()(name, never)).rejects.toMatchObject({ code });
});

test('a name server that is not there is no refused connection', async () => {
  const gone = await nameServer({});
  await gone.close();
  const resolve = nameResolver({ servers: [gone.address] });
  await expect(resolve('good.test', never)).rejects.toMatchObject({ code: 'EAI_AGAIN' });
});

test('a zone that never answers holds up nothing but the calls to it', async () => {
  const receiver = await hostileServer((socket) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  const call = localCaller({ resolve: resolver() });
  const to = (host: string, timeoutMs: number) => call(callTo(`http://${host}:${receiver.port}/`, { timeoutMs }));
  const stuck = Array.from({ length: 20 }, (_, index) => to(`silent${index}.test`, 100));
  await sleep(20);
  expect(await to('good.test', 1_000)).toMatchObject({ status: 'success' });
  for (const outcome of await Promise.all(stuck)) expect(outcome.error?.code).toBe('timeout_connect');
  expect(await to('good.test', 1_000)).toMatchObject({ status: 'success' });
  await receiver.close();
});

test('one forbidden address of either family blocks the name', async () => {
  const outcome = await localCaller({ resolve: resolver() })(callTo('http://inner.test/'));
  expect(outcome).toMatchObject({ status: 'blocked', error: { code: 'blocked_address' } });
});

test('a name is asked for once at a time, however many calls go to it, and anew for the next', async () => {
  const before = asked('good.test');
  const resolve = resolver();
  await Promise.all(Array.from({ length: 10 }, () => resolve('good.test', never)));
  expect(asked('good.test') - before).toBe(2);
  await resolve('good.test', never);
  expect(asked('good.test') - before).toBe(4);
});

test('a lookup ends when no call waits for it any more, and not before', async () => {
  const resolve = resolver();
  const [first, second] = [new AbortController(), new AbortController()];
  const settled: string[] = [];
  const waiting = [first, second].map(({ signal }) =>
    resolve('silent.test', signal).catch(() => settled.push('ended')),
  );
  first.abort();
  await sleep(30);
  expect(settled).toEqual([]);
  const before = asked('silent.test');
  second.abort();
  const later = new AbortController();
  const next = resolve('silent.test', later.signal).catch(() => settled.push('next'));
  await Promise.all(waiting);
  expect(settled).toEqual(['ended', 'ended']);
  await sleep(30);
  expect(asked('silent.test') - before).toBe(2);
  later.abort();
  await next;
});

test('names of this machine are asked of the system, and of no name server', async () => {
  const hostsFile = join(folder, 'hosts');
  writeFileSync(hostsFile, '# ours\n127.0.0.1\tlocalhost Good.Test half.test # and more: both.test\n');
  const before = server.questions.length;
  const resolve = resolver(hostsFile);
  const system = jest.spyOn(dns, 'lookup').mockResolvedValue([LOOPBACK] as never);
  for (const name of ['localhost', 'good.test', 'half.test', 'single', 'single.', 'a.localhost'])
    expect(await resolve(name, never)).toEqual([LOOPBACK]);
  expect(system).toHaveBeenCalledTimes(6);
  system.mockRestore();
  expect(server.questions.length).toBe(before);
  writeFileSync(hostsFile, '127.0.0.1 another.test\n');
  expect(await resolve('good.test', never)).toHaveLength(1);
  expect(server.questions.length).toBe(before + 2);
});

test('without a hosts file nothing but the plainest names is local', async () => {
  expect(await resolver('/nowhere/hosts')('good.test', never)).toHaveLength(1);
});
