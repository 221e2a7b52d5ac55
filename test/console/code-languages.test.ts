import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonText } from '../../console/api/exact-payload.js';
import { type ApiCall, LANGUAGES } from '../../console/components/code-languages.js';

const ORIGIN = 'https://punctual.example';

/** With all that a language may read otherwise than JSON does. */
const PAYLOAD = String.raw`{"a": [true, false, null, 10.00, 12345678901234567890, 1e3], "b": {}, "c": [],
  "quotes": "\"'\\ \/ \n \u00e9 \ud83d\ude00 true", "ticks": "a ${'`'}raw${'`'} string", "é": "null"}`;

const CALLS: readonly [string, ApiCall][] = [
  ['an event', { path: '/v1/events', body: { event_name: 'invoice.paid', payload: new JsonText(PAYLOAD) } }],
  ['an event with a text', { path: '/v1/events', body: { event_name: 'a`b', payload: 'plain `text`\nof two lines' } }],
  ['an endpoint', { path: '/v1/endpoints', body: { name: "it's", url: 'https://a.example', max_concurrency: 3 } }],
  [
    'a schedule',
    { path: '/v1/schedules', body: { name: 'n', cron: '0 3 * * *', labels: { a: 'true' }, payload: null } },
  ],
  ['a retry policy', { path: '/v1/retry-policies', body: { name: 'p', delays_seconds: [30, 1.5], jitter: 'none' } }],
  [
    'a change of an endpoint',
    { path: '/v1/endpoints/{id}', id: 'ep_1', body: { name: 'n', retry_policy_id: null, event_filters: [] } },
  ],
  ['a change of a schedule', { path: '/v1/schedules/{id}', id: 'sched_1', body: { payload: new JsonText(PAYLOAD) } }],
  ['a change of a retry policy', { path: '/v1/retry-policies/{id}', id: 'rp_1', body: { delays_seconds: null } }],
  ['a resolution', { path: '/v1/dead-letters/{id}/resolve', id: 'dl_1', body: { note: 'it’s "paid"' } }],
  ['all resolutions', { path: '/v1/dead-letters/resolve', body: { note: 'n', until: '2030-01-01T00:00:00.000Z' } }],
  ['all replays', { path: '/v1/dead-letters/replay', body: {} }],
  ['all cancellations', { path: '/v1/tasks/cancel', body: { labels: { batch: '7' } } }],
  ['a recovery', { path: '/v1/endpoints/{id}/recover', id: 'ep_1', body: { since: '2030-01-01T00:00:00.000Z' } }],
  ['some replays', { path: '/v1/dead-letters/replay', body: { ids: ['dl_1', 'dl_2'] } }],
  ['a run again', { path: '/v1/tasks/{id}/resend', id: 'run_1', body: { headers: { 'X-A': '***' } } }],
];

/** Calls of a person's session, which the clients do not make. */
const OF_PERSONS: readonly [string, string, ApiCall][] = [
  [
    'a project',
    'POST /v1/projects',
    { path: '/v1/projects', body: { name: `it's a "shop" \`x\``, environment: 'staging' } },
  ],
  [
    'a change of a project',
    'PATCH /v1/projects/proj_1',
    { path: '/v1/projects/{id}', id: 'proj_1', body: { payload_days: null, allowed_targets: ['a', 'b'] } },
  ],
  [
    'a key',
    'POST /v1/projects/proj_1/keys',
    { path: '/v1/projects/{id}/keys', id: 'proj_1', body: { label: 'n', scopes: ['read'] } },
  ],
];

const isThere = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const withPython = isThere('python3', '--version') ? test : test.skip;
const withGo = spawnSync('gofmt', [], { input: '' }).status === 0 ? test : test.skip;
const withBash = isThere('bash', '--version') ? test : test.skip;

const bodyOf = ({ body }: ApiCall): unknown => {
  const { payload, ...rest } = body as { readonly payload?: unknown };
  if (payload === undefined) return rest;
  return { ...rest, payload: payload instanceof JsonText ? JSON.parse(payload.text) : payload };
};

/** The method, and the last argument, which must be a literal, of each call. One process for all: its start takes long. */
const PYTHON = `
import ast, json, sys
for code in json.load(sys.stdin):
    call = ast.parse(code, mode="eval").body
    print(json.dumps([ast.unparse(call.func), ast.literal_eval(call.args[-1])]))
`;

withPython('each in Python is a call with the same body', () => {
  const codes = CALLS.map(([, call]) => LANGUAGES['Python']!(call, ORIGIN));
  const { stdout, stderr } = spawnSync('python3', ['-W', 'error', '-c', PYTHON], { input: JSON.stringify(codes) });
  expect(String(stderr)).toBe('');
  const read = String(stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const methods = [
    ...['events.publish', 'events.publish', 'endpoints.create', 'schedules.create', 'retry_policies.create'],
    ...['endpoints.update', 'schedules.update', 'retry_policies.update', 'dead_letters.resolve'],
    ...['dead_letters.resolve_all', 'dead_letters.replay_all', 'tasks.cancel_all', 'endpoints.recover'],
    ...['dead_letters.replay_all', 'tasks.resend'],
  ];
  expect(read).toEqual(CALLS.map(([, call], n) => [`punctual.${methods[n]}`, bodyOf(call)]));
});

withGo.each(CALLS)('%s in Go is formatted as gofmt does, and its texts are the same JSON', (_name, call) => {
  const code = LANGUAGES['Go']!(call, ORIGIN);
  const { stdout, stderr } = spawnSync('gofmt', [], { input: code });
  expect(String(stderr)).toBe('');
  expect(String(stdout)).toBe(code);
  const [rest, payload] = [...code.matchAll(/`([^`]*)`/g)].map(([, json]) => JSON.parse(json!));
  const [, nulls = ''] = /punctual\.Null\((.*)\)\)/.exec(code) ?? [];
  const emptied = JSON.parse(`[${nulls}]`).map((name: string) => [name, null]);
  const found = { ...rest, ...Object.fromEntries(emptied), ...(payload !== undefined && { payload }) };
  const { event_filters, ...body } = bodyOf(call) as { event_filters?: unknown };
  // An empty list is left out by the type of Go, and is the default that null stands for.
  expect(found).toEqual({ ...body, ...(event_filters !== undefined && { event_filters: null }) });
});

const GO_CLIENT = readFileSync(join(__dirname, '..', '..', 'clients', 'go', 'groups.go'), 'utf8');

test.each(CALLS)('%s in Go is a call that the client has, with its type of the body', (_name, call) => {
  const code = LANGUAGES['Go']!(call, ORIGIN);
  const [, type] = /punctual\.(\w+)/.exec(code)!;
  const [, group, method, id] = /client\.(\w+)\.(\w+)\(ctx, ("\w+", )?body/.exec(code)!;
  const head = new RegExp(`\\(g ${group}\\) ${method}\\(ctx context.Context, ${id ? 'id string, ' : ''}\\w+ ${type},`);
  expect(GO_CLIENT).toMatch(head);
});

withBash.each(CALLS)('%s as a command is one that bash can read', (_name, call) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: LANGUAGES['curl']!(call, ORIGIN) });
  expect([status, String(stderr)]).toEqual([0, '']);
});

test.each(CALLS)('%s in TypeScript is a call with the same body', async (_name, call) => {
  const made: unknown[][] = [];
  const method = (...args: unknown[]) => made.push(args);
  const group = new Proxy({}, { get: () => method });
  const punctual = new Proxy({}, { get: () => group });
  await new Function('punctual', `return (async () => { ${LANGUAGES['TypeScript']!(call, ORIGIN)} })()`)(punctual);
  expect(made[0]!.at(-1)).toEqual(bodyOf(call));
});

describe.each(OF_PERSONS)('%s', (_name, request, call) => {
  const [method, path] = request.split(' ');

  test('in TypeScript is a request by fetch with the token', async () => {
    const made: unknown[][] = [];
    const code = LANGUAGES['TypeScript']!(call, ORIGIN);
    await new Function('fetch', 'token', `return (async () => { ${code} })()`)(
      (...args: unknown[]) => made.push(args),
      't',
    );
    const [[url, options]] = made as [[string, { body: string; headers: object; method: string }]];
    expect([options.method, url]).toEqual([method, ORIGIN + path]);
    expect(JSON.parse(options.body)).toEqual(call.body);
    expect(options.headers).toEqual({ Authorization: 'Bearer t', 'Content-Type': 'application/json' });
  });

  withPython('in Python is a request by httpx with the token', () => {
    const program = `
import json, sys
class httpx:
    @staticmethod
    def post(url, **rest): print(json.dumps(["POST", url, rest]))
    @staticmethod
    def patch(url, **rest): print(json.dumps(["PATCH", url, rest]))
token = "t"
exec(sys.stdin.read())`;
    const { stdout, stderr } = spawnSync('python3', ['-c', program], { input: LANGUAGES['Python']!(call, ORIGIN) });
    expect(String(stderr)).toBe('');
    const sent = { headers: { Authorization: 'Bearer t' }, json: call.body };
    expect(JSON.parse(String(stdout))).toEqual([method, ORIGIN + path, sent]);
  });

  withGo('in Go is formatted as gofmt does, and its text is the same JSON', () => {
    const code = LANGUAGES['Go']!(call, ORIGIN);
    expect(String(spawnSync('gofmt', [], { input: code }).stdout)).toBe(code);
    expect(JSON.parse(/`([^`]*)`/.exec(code)![1]!)).toEqual(call.body);
    expect(code).toContain(`(ctx, "${method}", "${ORIGIN + path}", body)`);
  });

  withBash('as a command sends the token and the same body', () => {
    const curl = 'curl() { printf "%s\\0" "$@"; }; TOKEN=t\n';
    const { stdout } = spawnSync('bash', ['-c', curl + LANGUAGES['curl']!(call, ORIGIN)]);
    const words = String(stdout).split('\0');
    expect(words.slice(0, 6)).toEqual(['-sS', '-X', method, ORIGIN + path, '-H', 'Authorization: Bearer t']);
    expect(JSON.parse(words[words.indexOf('-d') + 1]!)).toEqual(call.body);
  });
});
