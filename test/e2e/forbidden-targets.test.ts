import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Synthesized } from '../../local/local-stack.js';
import { temporaryFolder } from '../local/temporary-folder.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

/** Names and their addresses, as a foreign DNS server would answer them. */
const DNS: Record<string, string[]> = {
  'metadata.test': ['169.254.169.254'],
  'private.test': ['10.0.0.1'],
  'mapped.test': ['::ffff:10.0.0.1'],
  'half-private.test': ['127.0.0.1', '192.168.1.1'],
  'ula.test': ['fd00:ec2::254'],
};

const folder = temporaryFolder();
const starting = suiteWorld({ adapt: withDns });
const outside = starting.then((world) => world.endpoint('/ok'));

/** The deployed bundles of the lanes, in a network whose resolver knows the names above. */
function withDns(synthesized: Synthesized): Synthesized {
  const deliverers = Object.entries(synthesized.assets).filter(([id]) => id.includes('Deliverer'));
  const code = join(folder, 'deliverer');
  mkdirSync(code);
  cpSync(join(deliverers[0]![1], 'handler.js'), join(code, 'deployed.js'));
  writeFileSync(
    join(code, 'handler.js'),
    `const dns = require('node:dns').promises, known = ${JSON.stringify(DNS)};
     const of = (name, isFamily, ask) => known[name] ? Promise.resolve(known[name].filter(isFamily)) : ask();
     dns.Resolver = class extends dns.Resolver {
       resolve4(name) { return of(name, (address) => !address.includes(':'), () => super.resolve4(name)); }
       resolve6(name) { return of(name, (address) => address.includes(':'), () => super.resolve6(name)); }
     };
     module.exports = require('./deployed.js');`,
  );
  return {
    ...synthesized,
    assets: { ...synthesized.assets, ...Object.fromEntries(deliverers.map(([id]) => [id, code])) },
  };
}

test.concurrent.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://１６９.２５４.１６９.２５４/',
  'http://10.0.0.1/',
  'http://167772161/',
  'http://172.16.0.1./',
  'http://192.168.0.1:8080/',
  'http://100.64.0.1/',
  'http://0.0.0.0/',
  'http://0/',
  'http://[::ffff:10.0.0.1]/',
  'http://[::ffff:a00:1]/',
  'http://[64:ff9b::a00:1]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[::]/',
  'http://user:password@127.0.0.1/',
  'http://127.0.0.1/#fragment',
  'http://127.0.0.1/a\nb',
  'file:///etc/passwd',
  'ftp://example.com/',
  'gopher://127.0.0.1:25/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'http:///example.com/',
  'http://127.0.0.1/a/%2e%2e/b',
  'http://127.0.0.1/x?',
  "http://127.0.0.1/?q='a'",
  'http://127.1/x',
  '//example.com/',
  '/relative',
  'http://',
  '',
])('%j is refused when it is set', async (url) => {
  const { api, stack } = await starting;
  const pointers = (reply: { body: { errors: { pointer: string }[] } }) =>
    reply.body.errors.map(({ pointer }) => pointer);
  const endpoint = expectStatus(await api.post('/v1/endpoints', { name: 'inside', url }), 400);
  expect(pointers(endpoint)).toEqual(['/url']);
  const task = expectStatus(await api.post('/v1/tasks', { target: { url } }), 400);
  expect(pointers(task)).toEqual(['/target/url']);
  const { id } = await outside;
  const patch = expectStatus(await api.send('PATCH', `/v1/endpoints/${id}`, { url }), 400);
  expect(pointers(patch)).toEqual(['/url']);
  expect((await api.get(`/v1/endpoints/${id}`)).body.url).toBe(`${stack.receiver}/ok`);
});

test.concurrent.each(Object.keys(DNS))(
  '%s resolves to where no call may go: blocked, and not tried again',
  async (name) => {
    const world = await starting;
    const endpoint = await world.endpoint(`http://${name}/`, { retry_policy_id: await world.policy(5, 1) });
    const run = await world.reached(await world.task(endpoint.id), 'dead_letter');
    expect(run.attempts).toMatchObject([{ attempt: 1, status: 'blocked', http_status: null, response_body: '' }]);
    expect(run.attempts[0].error.message).not.toContain(DNS[name]![0]);
    expect(await world.deadLetter(run.id)).toMatchObject({ reason: 'blocked', status: 'open' });
    expect(run.next_attempt_at).toBeNull();
  },
);

test.concurrent.each([301, 302, 303, 307, 308])('a %i to an inner address is not followed', async (status) => {
  const world = await starting;
  const inner = await scriptedServer((_, response) => response.end('the secret'));
  const location = [`${inner.url}/secret`, 'http://169.254.169.254/latest/'][status % 2]!;
  const outer = await scriptedServer((_, response) => response.writeHead(status, { location }).end());
  try {
    const endpoint = await world.endpoint(`${outer.url}/hook`);
    const run = await world.reached(await world.task(endpoint.id), 'dead_letter');
    expect(run.attempts).toMatchObject([{ status: 'failed', http_status: status, error: { code: 'redirect' } }]);
    expect(outer.asked).toEqual(['/hook']);
    expect(inner.asked).toEqual([]);
  } finally {
    await Promise.all([inner.close(), outer.close()]);
  }
});

test.concurrent('a name that no server knows is an ordinary failure, which is retried', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('http://nobody.invalid/', { retry_policy_id: await world.policy(2, 1) });
  const run = await world.reached(await world.task(endpoint.id), 'dead_letter');
  expect(run.attempts.map(({ status }) => status)).toEqual(['failed', 'failed']);
});
