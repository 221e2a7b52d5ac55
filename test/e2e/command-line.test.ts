import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { signedCall } from '../../clients/typescript/testing.js';
import { temporaryFolder } from '../local/temporary-folder.js';
import { type CommandSettings, commandLine, type Ended, hasTerminals } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

const cliPage = readFileSync(join(__dirname, '../../docs/cli.md'), 'utf8');
const starting = suiteWorld();
const folder = temporaryFolder();
const punctual = commandLine(folder);
const SECRET = 'whsec_YSBzZWNyZXQ=';

/** Where the files of a test are. */
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** A user of a project of its own. */
async function user() {
  const world = await starting;
  const access = await world.newProject();
  const tenant = new Tenant(access);
  const env = { PUNCTUAL_URL: world.stack.api, PUNCTUAL_API_KEY: access.api.headers['x-api-key']! };
  const run = (args: string[], settings: CommandSettings = {}) =>
    punctual(args, { ...settings, env: { ...env, ...settings.env } });
  /** Its JSON; the command must succeed. */
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run([...args, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };
  return { tenant, env, run, json, receiver: world.stack.receiver, operator: access.operator, project: access.project };
}

const said = ({ code, stdout, stderr }: Ended) => [code, stdout, stderr];

test('a task is sent, waited for, inspected, and told by tail', async () => {
  const { run, json, receiver } = await user();
  const sent = await run([
    'send',
    `${receiver}/ok`,
    '{"a": 1}',
    '--wait',
    '--name',
    'first',
    '--label',
    'team:a',
    '--label',
    'b:c:d',
  ]);
  expect(said(sent)).toEqual([0, expect.stringMatching(/^run_\w+ {2}success {2}200 {2}\d+ ms\n$/), '']);
  const id = sent.stdout.split(' ')[0]!;
  expect(await json('inspect', id)).toMatchObject({
    name: 'first',
    payload: { a: 1 },
    attempts: [{ http_status: 200 }],
  });
  expect((await run(['inspect', id])).stdout).toMatch(/^id: run_\w+\n[\s\S]*attempts:\n {2}- id: att_/);
  const followed = run(['tail'], { until: /attempt 1[\s\S]*attempt 1/ });
  await json('send', `${receiver}/ok`);
  expect((await followed).stdout).toMatch(new RegExp(`success {2}200 .* ms {2}${id} {2}attempt 1 {2}URL\n.*success`));
  const none = await run(['tail', '--no-follow', '--status', 'failed', '--json']);
  expect(said(none)).toEqual([0, '', '']);
});

test('a later task is cancelled; one that dies fails the command, and is replayed', async () => {
  const { tenant, run, json } = await user();
  const world = await starting;
  const later = await json('send', (await tenant.endpoint(`${world.stack.receiver}/ok`)).id, '--in', '2h');
  expect(Date.parse(later.run_at) - Date.now()).toBeGreaterThan(7_000_000);
  expect(await json('cancel', later.id)).toMatchObject({ status: 'cancelled' });
  const { id } = await tenant.endpoint(`${world.stack.receiver}/status/500`);
  const died = await run(['send', id, 'a text', '--text', '--wait', '--json']);
  expect([died.code, JSON.parse(died.stdout).status]).toEqual([1, 'dead_letter']);
  const runId = JSON.parse(died.stdout).id;
  await tenant.deadLetter(runId);
  expect(await json('replay', runId)).toMatchObject({ id: runId });
  await tenant.reached(runId, 'dead_letter');
  const job = await json('replay', '--all', '--endpoint', id);
  expect(await json('inspect', job.id)).toMatchObject({ id: job.id, action: 'replay' });
});

test('many are counted, cancelled and resolved; a run is sent again, awaited and found', async () => {
  const { tenant, run, json } = await user();
  const { receiver } = (await starting).stack;
  for (const in_ of ['1h', '2h']) await json('send', `${receiver}/ok`, '--in', in_, '--label', 'team:a');
  const { id: other } = await json('send', `${receiver}/ok`, '--in', '1h');
  expect((await run(['cancel', '--label', 'team:a', '--dry-run'])).stdout).toBe('2 would be meant\n');
  expect((await run(['cancel', '--label', 'team:a', '--wait'])).stdout).toMatch(/^bulk_\w+ {2}completed {2}2 done\n$/);
  expect(await json('inspect', other)).toMatchObject({ status: 'pending' });
  expect(said(await run(['cancel']))).toEqual([2, '', expect.stringContaining('Name ids, or options')]);
  expect(said(await run(['replay', other, '--all']))).toEqual([2, '', expect.stringContaining('Give either ids')]);

  const { id: failing } = await tenant.endpoint(`${receiver}/status/500`);
  const { id } = await json('send', failing);
  await tenant.deadLetter(id);
  expect((await run(['resolve', id, '--note', 'by hand', '--wait'])).stdout).toMatch(/ 1 done\n$/);
  const { id: ok } = await tenant.endpoint(`${receiver}/ok`);
  const again = await json('resend', id, '{"b": 2}', '--to', ok);
  expect(again).toMatchObject({ resent_from: id, endpoint_id: ok, payload: { b: 2 } });
  expect(said(await run(['wait', again.id]))).toEqual([0, expect.stringMatching(/ success {2}200 {2}\d+ ms\n$/), '']);
  expect((await run(['wait', other, '--for', '1s'])).code).toBe(1);
  expect((await run(['search', again.id])).stdout).toMatch(new RegExp(`^${again.id} {2}task {2}id {2}`));
  expect((await run(['search', 'nothing'])).stdout).toBe('Nothing is found.\n');
});

(hasTerminals ? test : test.skip)('at a terminal many are counted first, and left alone unless agreed to', async () => {
  const { run, json, receiver } = await user();
  const { id } = await json('send', `${receiver}/ok`, '--in', '1h', '--label', 'team:a');
  const asked = async (input: string, ...more: string[]) =>
    said(await run(['cancel', '--label', 'team:a', '--wait', ...more], { terminal: true, input: `${input}\n` }));
  const question = '1 would be meant. Go on? (yes/no)';
  expect(await asked('no')).toEqual([1, expect.stringContaining(question), '']);
  expect(await json('inspect', id)).toMatchObject({ status: 'pending' });
  expect(await asked('', '--dry-run')).toEqual([0, expect.not.stringContaining('Go on?'), '']);
  expect(await asked('yes')).toEqual([0, expect.stringContaining(question), '']);
  expect(await json('inspect', id)).toMatchObject({ status: 'cancelled' });
  expect(await asked('', '--yes')).toEqual([0, expect.not.stringContaining('would be meant'), '']);
});

test('a run of a URL is sent again with other headers', async () => {
  const { tenant, run, json, receiver } = await user();
  const inline = await json('send', `${receiver}/ok`);
  await tenant.reached(inline.id, 'success');
  expect(said(await run(['resend', inline.id, '--header', 'no header']))).toEqual([
    2,
    '',
    expect.stringContaining('no header is no header: write Name: value.'),
  ]);
  expect(await json('resend', inline.id, '--header', 'X-Reason: corrected')).toMatchObject({
    resent_from: inline.id,
    target: { headers: { 'X-Reason': '***' } },
  });
});

describe('listen', () => {
  /** A server on the developer's machine: it fails what asks for it. */
  async function laptop() {
    const calls: { readonly path: string; readonly headers: Record<string, unknown>; readonly body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      calls.push({ path: request.url!, headers: request.headers, body });
      response.writeHead(body.includes('fail') ? 500 : 200, { 'x-from': 'laptop' }).end('seen');
    }).listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    return { port: String(port), calls, close };
  }

  async function listened() {
    const one = await user();
    const { receiver } = (await starting).stack;
    const { id } = await one.tenant.endpoint(`${receiver}/ok`);
    const begun = () =>
      eventually('it listens', async () => (await one.tenant.api.get('/v1/listeners')).body.data.length === 1);
    const ended = async (runId: string, status: string) => (await one.tenant.reached(runId, status)).attempts[0];
    return { ...one, id, begun, ended };
  }

  /** The page's recording is of this very session. Ids and numbers differ, and two lines may change places. */
  const page = readFileSync(join(__dirname, '../../docs/guides/local-development.md'), 'utf8');
  const [, RECORDING = ''] = /```text\n([^`]*)```/.exec(page)!;
  const linesOf = (text: string) =>
    text
      .replace(/\x1b\[\d+m|\r/g, '')
      .replace(/(run|ep)_[\w…]+/g, '$1')
      .replace(/\d+/g, '0')
      .split('\n')
      .filter(Boolean)
      .sort();

  const onTerminal = existsSync('/usr/bin/script') ? test : test.skip;

  onTerminal(
    'the calls come to this machine, whose answers are the outcomes; r sends the last again',
    async () => {
      const { id, begun, ended, env, json } = await listened();
      const { port, calls, close } = await laptop();
      const command = [process.execPath, join(folder, 'punctual.cjs'), 'listen', port, '--path', '/hooks'].join(' ');
      const shown = { text: '' };
      const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
        env: { PATH: process.env['PATH'], HOME: folder, SHELL: '/bin/sh', ...env },
      });
      child.stdout.on('data', (chunk) => (shown.text += chunk));
      const told = (pattern: RegExp) => eventually(`it tells ${pattern}`, async () => pattern.test(shown.text));
      await begun();
      const sent = await json('send', id, '{"a": 1}', '--name', 'invoice');
      const attempt = await ended(sent.id, 'success');
      expect(attempt).toMatchObject({
        http_status: 200,
        response_body: 'seen',
        listener_id: expect.stringMatching(/^lst_/),
      });
      expect(attempt.response_headers).toMatchObject({ 'x-from': 'laptop' });
      expect(calls[0]).toMatchObject({ path: '/hooks', body: '{"a":1}', headers: { 'webhook-id': sent.id } });
      await told(/invoice {2}POST \/hooks → \S*200\S* {2}\d+ ms {2}attempt 1/);
      child.stdin.write('r');
      await told(new RegExp(`${sent.id} is sent again, as run_`));
      await eventually('it comes again', async () => calls.length === 2);
      const failed = await json('send', id, '"fail"');
      expect(await ended(failed.id, 'dead_letter')).toMatchObject({
        http_status: 500,
        error: { code: 'http_500', message: 'The listener answered 500 Internal Server Error.' },
      });
      const exit = once(child, 'exit');
      child.stdin.write('\u0003');
      expect((await exit)[0]).toBe(0);
      await told(/Ended: the URLs are called again\./);
      expect(linesOf(shown.text)).toEqual(linesOf(RECORDING));
      const after = await json('send', id, '{"a": 2}');
      expect(await ended(after.id, 'success')).not.toHaveProperty('listener_id');
      expect(calls).toHaveLength(3);
      await close();
    },
    60_000,
  );

  test('a server that is down is told, and fails the attempt; another listener takes an endpoint over when asked', async () => {
    const { id, begun, ended, run, json } = await listened();
    const { port, close } = await laptop();
    await close();
    const first = run(['listen', port, '--endpoint', 'story']);
    await begun();
    const refused = await run(['listen', port, '--endpoint', id]);
    expect(said(refused)).toEqual([
      1,
      '',
      expect.stringMatching(/The listener lst_\w+ has ep_\w+, until .* --take-over/),
    ]);
    const second = run(['listen', port, '--endpoint', id, '--take-over', '--json'], { until: /ECONNREFUSED/ });
    expect(said(await first)).toEqual([1, expect.stringContaining('come to'), expect.stringContaining('was ended by')]);
    await begun();
    const { id: runId } = await json('send', id);
    expect(await ended(runId, 'dead_letter')).toMatchObject({
      http_status: null,
      error: { code: 'connection_refused', message: 'The listener refused the connection.' },
    });
    const { code, stdout } = await second;
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { task_id: runId, status: null, error: 'ECONNREFUSED', refused: null, url: `http://localhost:${port}/ok` },
    ]);
    expect((await run(['listen', port, '--endpoint', 'unknown'])).code).toBe(4);
    expect((await run(['listen', 'ftp://x'])).code).toBe(2);
  }, 60_000);
});

test('an event is published, with its payload from standard input', async () => {
  const { run } = await user();
  const { code, stdout } = await run(['publish', 'invoice.paid', '-', '--key', 'inv_1', '--json'], {
    input: '{"i": 1}',
  });
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    { event_name: 'invoice.paid', event_key: 'inv_1', payload: { i: 1 } },
  ]);
});

test('a schedule is made, listed, paused, resumed, run and deleted; an expression is explained', async () => {
  const { run, json, receiver } = await user();
  expect((await run(['schedule', 'list'])).stdout).toBe('There is no schedule.\n');
  const { id } = await json(
    'schedule',
    'create',
    'nightly',
    `${receiver}/ok`,
    '--cron',
    '0 3 * * *',
    '--timezone',
    'Europe/Berlin',
  );
  expect((await run(['schedule', 'list'])).stdout).toMatch(
    new RegExp(`^${id} {2}nightly {2}active {2}0 3 \\* \\* \\* {2}Europe/Berlin`),
  );
  expect(await json('schedule', 'pause', id)).toMatchObject({ status: 'paused' });
  expect(await json('schedule', 'resume', id)).toMatchObject({ status: 'active' });
  expect(await json('schedule', 'run', id)).toMatchObject({ source: { type: 'manual' } });
  const from = new Date(Date.now() - 6 * 86_400_000).toISOString();
  const missed = { missed: 6, occurrences: 6 };
  expect(await json('schedule', 'backfill', id, '--from', from, '--dry-run')).toMatchObject(missed);
  expect((await run(['schedule', 'backfill', id, '--from', from])).stdout).toBe('6 of 6 occurrences have got a run\n');
  expect(await json('schedule', 'backfill', id, '--from', from)).toMatchObject({ ...missed, missed: 0 });
  expect(await json('schedule', 'delete', id)).toEqual({ id, deleted: true });
  expect((await json('schedule', 'preview', '0 3 * * 1', '--count', '2')).next).toHaveLength(2);
});

describe('a mistake is one line, with what to do and an exit code', () => {
  const cases: [string, string[], Record<string, string>, number, RegExp][] = [
    [
      'no key',
      ['inspect', 'run_1'],
      { PUNCTUAL_URL: '', PUNCTUAL_API_KEY: '' },
      3,
      /^error: No API key\. Run punctual login, or set/,
    ],
    ['half of the environment', ['inspect', 'run_1'], { PUNCTUAL_URL: '' }, 3, /^error: PUNCTUAL_URL is not set/],
    [
      'a wrong key',
      ['inspect', 'run_1'],
      { PUNCTUAL_API_KEY: 'sk_wrong' },
      3,
      /^error: .*one stage in one Region: check PUNCTUAL_URL, or run punctual login with a good key\.$/,
    ],
    ['no such profile', ['inspect', 'run_1', '--profile', 'none'], {}, 3, /^error: There is no profile none/],
    ['no address', ['inspect', 'run_1'], { PUNCTUAL_URL: 'here' }, 2, /^error: PUNCTUAL_URL is no address: here$/],
    ['an id of nothing', ['inspect', 'x_1'], {}, 2, /^error: x_1 is no id: ids begin with run_, ep_,/],
    [
      'an unknown id',
      ['inspect', `run_${'0'.repeat(12)}70008${'0'.repeat(15)}`],
      {},
      4,
      /^error: .*It may be deleted, expired/,
    ],
    [
      'several faults',
      ['send', 'http://127.0.0.1:1/x', '--at', 'noon', '--retry-policy', 'weekly'],
      {},
      1,
      /^error: .*run_at: .*retry_policy_id: /,
    ],
    ['no JSON', ['send', 'https://a.example', '{a: 1}'], {}, 2, /^error: The payload is no JSON\./],
    ['no destination', ['send', 'billing'], {}, 2, /^error: billing is neither an endpoint/],
    ['no file', ['plan', '-f', 'none.yaml'], {}, 2, /^error: none\.yaml cannot be read/],
    ['no schedules of AWS', ['import', 'eventbridge', '-'], {}, 2, /^error: The file does not hold what aws scheduler/],
    [
      'no label',
      ['send', 'https://a.example', '--label', 'team'],
      {},
      2,
      /^error: team is no label: write key:value\.$/,
    ],
    ['no time span', ['send', 'https://a.example', '--in', 'soon'], {}, 2, /^error: soon is no time span/],
  ];
  test.each(cases)('%s', async (_what, args, env, code, line) => {
    const { run } = await user();
    const ended = await run(args, { env });
    expect(said(ended)).toEqual([code, '', expect.stringMatching(/^[^\n]+\n$/)]);
    expect(ended.stderr.trimEnd()).toMatch(line);
  });

  test('no server, and one that is not Punctual', async () => {
    const { run, receiver } = await user();
    const noServer = await run(['inspect', 'run_1'], { env: { PUNCTUAL_URL: 'http://127.0.0.1:2' } });
    expect(said(noServer)).toEqual([
      5,
      '',
      expect.stringMatching(/gave no answer \(ECONNREFUSED\)\. Check PUNCTUAL_URL, and that the service runs\.\n$/),
    ]);
    const other = await run(['inspect', 'run_1'], { env: { PUNCTUAL_URL: `${receiver}/status/404` } });
    expect(said(other)).toEqual([5, '', expect.stringMatching(/not as Punctual's API does\. Check PUNCTUAL_URL/)]);
  });

  test('a key that may not', async () => {
    const { run, operator, project } = await user();
    const made = await operator.post(`/v1/projects/${project.id}/keys`, { label: 'reader', scopes: ['read'] });
    const env = { PUNCTUAL_API_KEY: expectStatus(made, 201).body.key };
    expect(said(await run(['send', 'https://a.example'], { env }))).toEqual([
      3,
      '',
      expect.stringMatching(/publish.*Use a key that has this permission\.\n$/),
    ]);
  });

  test('an unknown command, and an option too many', async () => {
    const { run } = await user();
    expect((await run(['sned'])).code).toBe(2);
    expect((await run(['send', 'https://a.example', '--jsn'])).code).toBe(2);
  });
});

test('login keeps a key that works, for its user alone; a bad one is not kept', async () => {
  const { env, run } = await user();
  const none = { PUNCTUAL_URL: '', PUNCTUAL_API_KEY: '', XDG_CONFIG_HOME: join(folder, 'config') };
  const file = join(folder, 'config/punctual/profiles.json');
  const login = (key: string) =>
    run(['login', '--url', env.PUNCTUAL_URL, '--profile', 'test'], { env: none, input: `${key}\n` });
  expect((await login('sk_wrong')).code).toBe(3);
  expect(() => statSync(file)).toThrow();
  expect((await login(env.PUNCTUAL_API_KEY)).code).toBe(0);
  chmodSync(file, 0o644);
  expect((await login(env.PUNCTUAL_API_KEY)).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await run(['schedule', 'list', '--profile', 'test'], { env: none })).code).toBe(0);
  const shown = await run(['login', '--show', '--profile', 'test'], { env: none });
  expect(shown.stdout).toContain(
    `${env.PUNCTUAL_URL}  ${env.PUNCTUAL_API_KEY.slice(0, 6)}…  (profile test of ${file})`,
  );
  expect(shown.stdout).not.toContain(env.PUNCTUAL_API_KEY);
});

describe('verify says whether a signature is good, and if not, why', () => {
  async function verdict(request: string, ...options: string[]) {
    const { run } = await user();
    const ended = await run(['verify', '-', '--secret', SECRET, '--json', ...options], { input: request });
    expect(ended.stderr).toBe('');
    return [ended.code, JSON.parse(ended.stdout)];
  }
  const raw = ({ headers, body }: { headers: Record<string, string>; body: string }, lineBreak = '\n') =>
    [`POST /hook HTTP/1.1`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join(
      lineBreak,
    );

  test('good, with either kind of line break, and from files', async () => {
    const call = await signedCall({ a: 1 }, SECRET);
    expect(await verdict(raw(call))).toMatchObject([0, { good: true, id: call.headers['webhook-id'] }]);
    expect(await verdict(raw(call, '\r\n'))).toMatchObject([0, { good: true }]);
    const { run } = await user();
    const headers = Object.entries(call.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    const env = { PUNCTUAL_SIGNING_SECRET: SECRET };
    const ended = await run(['verify', ...headers, '--body', write('body', call.body)], { env });
    expect(said(ended)).toEqual([0, expect.stringMatching(/^good {2}run_/), '']);
  });

  test.each<[string, (call: Awaited<ReturnType<typeof signedCall>>) => object, string, RegExp]>([
    [
      'a line break more',
      (call) => ({ ...call, body: `${call.body}\n` }),
      'changed_body',
      /without its last line break/,
    ],
    [
      'printed again',
      (call) => ({ ...call, body: JSON.stringify(JSON.parse(call.body), null, 1) }),
      'changed_body',
      /printed in another way/,
    ],
    [
      'a header less',
      ({ headers: { 'webhook-id': _, ...headers }, body }) => ({ headers, body }),
      'missing_header',
      /no header webhook-id/,
    ],
    ['another body', (call) => ({ ...call, body: '{}' }), 'no_match', /Another secret signed it, or the body/],
  ])('%s', async (_what, change, reason, message) => {
    const changed = change(await signedCall({ a: 1 }, SECRET)) as { headers: Record<string, string>; body: string };
    expect(await verdict(raw(changed))).toEqual([9, { good: false, reason, message: expect.stringMatching(message) }]);
  });

  test('an old timestamp', async () => {
    const call = await signedCall({ a: 1 }, SECRET, { signedAt: new Date(Date.now() - 3_600_000) });
    expect(await verdict(raw(call))).toMatchObject([
      9,
      { reason: 'too_old', message: expect.stringMatching(/3\d\d\d seconds old/) },
    ]);
    expect(await verdict(raw(call), '--tolerance', '4000')).toMatchObject([0, { good: true }]);
  });

  test('of a run that the API knows, a wrong secret is told from a changed body', async () => {
    const { tenant, run, receiver } = await user();
    const { id, signing_secret } = await tenant.endpoint(`${receiver}/ok`);
    const { id: other } = await tenant.endpoint(`${receiver}/ok`, { signing_secret: SECRET });
    const sent = async (endpoint: string) => {
      const task = await tenant.task(endpoint, { payload: { a: 1 } });
      await tenant.reached(task, 'success');
      return (await (await starting).received(task))[0]!;
    };
    const verdictOf = async ({ headers, body }: { headers: object; body: string }) => {
      const input = raw({ headers: headers as Record<string, string>, body });
      return JSON.parse((await run(['verify', '-', '--secret', signing_secret, '--json'], { input })).stdout).reason;
    };
    expect(await verdictOf({ ...(await sent(id)), body: '{"a": 2}' })).toBe('changed_body');
    expect(await verdictOf(await sent(other))).toBe('wrong_secret');
  });
});

describe('punctual.yaml', () => {
  const FILE = `
retry_policies:
  patient: { strategy: fixed, base_delay_seconds: 60 }
  steps: { delays_seconds: [1, 2] }
  plain: {}
endpoints:
  billing:
    url: https://billing.example.com/hook
    retry_policy: patient
    headers: { X-Key: "\${BILLING_KEY}" }
  minimal: { url: "https://minimal.example.com" }
schedules:
  nightly report:
    cron: 0 3 * * *
    timezone: Europe/Berlin
    endpoint: billing
    payload: { kind: report }
  by url:
    cron: "*/5 * * * *"
    target: { url: "https://url.example.com", timeout_ms: 500 }
`;
  const env = { BILLING_KEY: 'k1' };

  test('is applied, and then nothing is left to change; what is exported is the same', async () => {
    const { run, tenant } = await user();
    const file = write('whole.yaml', FILE);
    const planned = await run(['plan', '-f', file, '--check'], { env });
    expect([planned.code, planned.stdout.match(/^\+ .*$/gm)]).toEqual([
      9,
      expect.arrayContaining(['+ endpoint billing', '+ schedule by url']),
    ]);
    expect((await run(['apply', '-f', file], { env })).code).toBe(2); // no terminal, and no --yes
    const applied = await Promise.all([1, 2].map(() => run(['apply', '-f', file, '--yes'], { env })));
    expect(applied.map(({ code }) => code)).toEqual([0, 0]);
    const secret = /created {2}ep_\w+ {2}billing {2}signing secret, shown this once: whsec_/;
    expect(applied.filter(({ stdout }) => secret.test(stdout))).toHaveLength(1);
    expect(said(await run(['plan', '-f', file, '--check'], { env }))).toEqual([0, 'Nothing to change.\n', '']);
    const exported = write('exported.yaml', (await run(['export'])).stdout);
    expect(readFileSync(exported, 'utf8')).toMatch(/minimal:\n {4}url: https:\/\/minimal.example.com\n/);
    expect(said(await run(['plan', '-f', exported, '--check', '--prune']))).toEqual([0, 'Nothing to change.\n', '']);
    const endpoints = expectStatus(await tenant.api.get('/v1/endpoints'), 200).body.data;
    expect(endpoints.map(({ name }: { name: string }) => name).sort()).toEqual(['billing', 'minimal']);
    const { id } = endpoints.find(({ name }: { name: string }) => name === 'billing');
    expectStatus(await tenant.api.send('PATCH', `/v1/endpoints/${id}`, { name: 'Billing (Berlin)' }), 200);
    expect(said(await run(['plan', '-f', file, '--check'], { env }))).toEqual([0, 'Nothing to change.\n', '']);
  });

  /** The page's recording is of this very session. Ids and secrets differ. */
  test('the page shows what plan and apply say', async () => {
    const { run, receiver } = await user();
    const [, recording = ''] = /```text\n(\$ punctual plan\n[^`]*)```/.exec(cliPage)!;
    const file = (cron: string) =>
      `endpoints:\n  billing: { url: "${receiver}/ok" }\nschedules:\n  nightly report: { cron: ${cron}, endpoint: billing }\n`;
    write('punctual.yaml', file('0 3 * * *'));
    const shown: string[] = [];
    const enter = async (...args: string[]) => {
      const { stdout, stderr } = await run(args);
      shown.push(`$ punctual ${args.join(' ')}\n${stdout}${stderr}`);
    };
    await enter('plan');
    await enter('apply', '--yes');
    write('punctual.yaml', file('30 3 * * *'));
    await enter('plan');
    await enter('apply', '--yes');
    await enter('plan');
    const told = shown.join('').replaceAll(receiver, 'https://billing.example.com');
    expect(told.replace(/(?<=(?:ep|sch)_)\w+|(?<=whsec_)[\w+/=]+/g, '…')).toBe(recording);
  });

  test('a change is told field by field, and only --prune deletes', async () => {
    const { run, json } = await user();
    const file = write('changing.yaml', FILE);
    await run(['apply', '-f', file, '--yes'], { env });
    write(
      'changing.yaml',
      FILE.replace('0 3 * * *', '0 4 * * *')
        .replace('    timezone: Europe/Berlin\n', '')
        .replace(/ {2}by url:[\s\S]*/, ''),
    );
    const planned = await run(['plan', '-f', file], { env });
    expect(planned.stdout).toBe(
      '~ schedule nightly report\n    cron: "0 3 * * *" -> "0 4 * * *"\n    timezone: "Europe/Berlin" -> "UTC"\n',
    );
    expect((await run(['apply', '-f', file, '--yes', '--prune'], { env })).code).toBe(0);
    expect(await json('schedule', 'list')).toMatchObject([
      { name: 'nightly report', cron: '0 4 * * *', timezone: 'UTC' },
    ]);
  });

  test.each([
    [
      'a name twice in the file',
      'endpoints:\n  a: {url: "https://a"}\n  a: {url: "https://b"}\n',
      /Map keys must be unique/,
    ],
    ['an unknown section', 'endpoint: {}\n', /endpoint is no section; there are retry_policies/],
    [
      'an unknown field',
      'endpoints: { a: { uri: x } }\n',
      /endpoint a has no field uri; there are (\w+, )*url, method/,
    ],
    [
      'an unknown name',
      'schedules: { a: { cron: "* * * * *", endpoint: none } }\n',
      /names the endpoint none, which is not there/,
    ],
    [
      'an unset variable',
      `endpoints: { a: { url: "https://a.example", headers: { k: "\${NONE}" } } }\n`,
      /the variable NONE is not set/,
    ],
  ])('%s is refused before anything is changed', async (_what, text, message) => {
    const { run } = await user();
    expect(said(await run(['apply', '--yes', '-f', write('refused.yaml', text)]))).toEqual([
      2,
      '',
      expect.stringMatching(message),
    ]);
  });

  test('a name that the project has twice is refused', async () => {
    const { run, tenant } = await user();
    await tenant.endpoint('https://a.example', { retry_policy_id: undefined });
    await tenant.endpoint('https://b.example', { retry_policy_id: undefined });
    const ended = await run(['plan', '-f', write('two.yaml', 'endpoints: {}')]);
    expect(said(ended)).toEqual([
      1,
      '',
      expect.stringMatching(/Two objects are called endpoint story: ep_\w+ and ep_\w+\. Rename or delete one\./),
    ]);
  });

  test('of a crontab can be applied', async () => {
    const { run, json } = await user();
    const made = await run(['import', 'crontab', '-', '--url', 'https://app.example.com/{name}'], {
      input: '0 3 * * * /opt/backup.sh\n',
    });
    expect(made.stdout).toContain('  # /opt/backup.sh\n  backup:\n');
    expect((await run(['apply', '--yes', '-f', write('crontab.yaml', made.stdout)])).code).toBe(0);
    expect(await json('schedule', 'list')).toMatchObject([
      { name: 'backup', target: { url: 'https://app.example.com/backup' } },
    ]);
  });
});
