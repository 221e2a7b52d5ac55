import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowOf, WRITE_UNIT_BYTES } from '../../functions/storage/rows.js';
import { welcome } from '../../local/welcome.js';
import { temporaryFolder } from '../local/temporary-folder.js';
import { buildCommandLine } from '../support/command-line.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { testWith } from '../support/run-command.js';
import { PastingShell, type Shell, shellBlocks } from '../support/shell-blocks.js';
import { suiteWorld } from '../support/suite-world.js';

const ROOT = join(__dirname, '../..');
export const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Of a row that is larger than a write unit, as the AWS CLI prints it. */
const { compressed } = rowOf<{ payload: object; compressed?: Uint8Array }>(
  { payload: { body: 'x'.repeat(WRITE_UNIT_BYTES) } },
  ['payload.body'],
);
const COMPRESSED = Buffer.from(compressed!).toString('base64');

const starting = suiteWorld();
const programs = temporaryFolder();

/** Programs that say how they were called, and do nothing; this `aws` knows a deployed stack, which is the local one. */
function makePrograms(): void {
  writeFileSync(join(programs, 'send-message.cjs'), SEND_MESSAGE);
  program('npm', 'echo "npm $*"');
  program('npx', 'echo "npx $*"');
  program('punctual', `exec ${process.execPath} ${buildCommandLine(programs)} "$@"`);
  program(
    'aws',
    `case "$*" in
      *"OutputKey=='ApiUrl'"*) echo "$DEPLOYED_API" ;;
      *"OutputKey=='OperatorSecretArn'"*) echo arn:operator-secret ;;
      "secretsmanager get-secret-value --secret-id arn:operator-secret "*) echo "$OPERATOR_KEY" ;;
      *" Item.compressed.B "*) echo "${COMPRESSED}" ;;
      "sqs send-message "*) ${process.execPath} ${join(programs, 'send-message.cjs')} "$4" "$6" "$8" ;;
      *) echo "made-by-$1-$2" ;;
    esac`,
  );
}

/** What `aws sqs send-message --queue-url … --message-group-id … --message-body …` does. */
const SEND_MESSAGE = `
  const [QueueUrl, MessageGroupId, MessageBody] = process.argv.slice(2);
  fetch(process.env.SQS, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({ QueueUrl, MessageGroupId, MessageBody }),
  }).then(async (answer) => console.log(await answer.text()));`;

function program(name: string, lines: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(programs, name), 0o755);
}

async function environment(): Promise<Record<string, string>> {
  const world = await starting;
  const { stack } = world;
  const { project, operator } = await world.newProject();
  const key = expectStatus(await operator.post(`/v1/projects/${project.id}/keys`, { label: 'reader' }), 201).body;
  const signedIn = await new HttpClient(stack.api).post('/v1/sessions', { operator_key: stack.operatorKey });
  const session = expectStatus(signedIn, 200).body;
  return {
    PATH: `${programs}:${process.env['PATH']}`,
    DEPLOYED_API: stack.api,
    OPERATOR_KEY: stack.operatorKey,
    PROJECT: project.id,
    SQS: stack.sqs,
    INTAKE_QUEUE_URL: stack.queueUrl('IntakeQueue'),
    SESSION: session.token,
    // As `npm start` prints them.
    API: stack.api,
    RECEIVER: stack.receiver,
    KEY: key.key,
    KEY_ID: key.id,
    XDG_CONFIG_HOME: join(programs, 'config'),
    SIGNING_SECRET: key.signing_secret,
  };
}

/** What each block printed, pasted in order. Each ends without a complaint, and is answered without an error. */
async function pasteAll(shell: Shell, blocks: readonly string[]): Promise<string[]> {
  const session = new PastingShell(shell, { cwd: ROOT, env: await environment() });
  const printed: string[] = [];
  try {
    for (const block of blocks) {
      const pasted = await session.paste(block);
      expect({ block, ...pasted }).toMatchObject({ block, failed: [], stderr: '' });
      expect(pasted.stdout).not.toMatch(/about:blank|"status":(false|"ERROR")/); // /v1, and the dialects
      printed.push(pasted.stdout);
    }
    return printed;
  } finally {
    session.close();
  }
}

/** The one block that printed such a thing. */
const that = (printed: readonly string[], what: RegExp): string => {
  const found = printed.filter((text) => what.test(text));
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** An answer as a page shows it: "…" stands for any text. */
function shown(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('…'))
    return expect.stringMatching(new RegExp(`^${value.replaceAll('…', '.*').replaceAll('/', '\\/')}$`));
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shown(field)]));
}

/** The pages whose lines a reader pastes; those of docs/migrate have a test of their own. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
].filter((page) => /^(?!docs\/migrate).*\.md$/.test(page) && shellBlocks(read(page)).length > 0);

/** What the blocks of a page print, in order. */
export const PRINTED: Readonly<Record<string, (printed: string[]) => void>> = {
  'README.md'(printed) {
    expect(printed[0]).toBe('npm ci\nnpm start\n');
    const answers = [...read('README.md').matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => JSON.parse(json!));
    const last = printed.slice(-answers.length).map((text) => JSON.parse(text.trim().split('\n').at(-1)!));
    expect(answers).toHaveLength(4);
    expect(last).toMatchObject(answers.map(shown) as object[]);
  },
  'CONTRIBUTING.md': (printed) => expect(printed[0]).toBe('npm ci\nnpm run format\nnpm run check\nnpm test\n'),
  'docs/api.md': ([printed]) => expect(printed).toMatch(/^\{"type":"project","data":\{"id":"proj_/),
  'docs/library.md': ([printed]) => expect(printed).toBe('npm install punctual\n'),
  'docs/architecture.md': ([printed]) => expect(printed).toMatch(/^\{"payload.body":"x+"\}\n$/),
  'docs/cli.md'(printed) {
    expect(that(printed, /cancelled/)).toMatch(/^run_\w+ {2}success {2}200 /);
    expect(that(printed, /shown this once/)).toMatch(/\+ endpoint billing\n\+ schedule nightly report\n/);
    expect(printed.at(-2)).toMatch(/weekly-clean-up:/);
    expect(printed.at(-1)).toMatch(/cron: 0 3 \? \* MON-FRI/);
  },
  'docs/deploying.md'(printed) {
    expect(that(printed, /"environment":"production"/)).toMatch(/"signing_secret":"whsec_.*"key":"sk_/s);
    expect(printed.at(-1)).toMatch(/^npm run stories -- --api http.* --operator-key=.+\n$/);
  },
  'docs/dialects.md'(printed) {
    expect(that(printed, /"Refresh Cache"/)).toMatch(/"executions"/);
    expect(that(printed, /"Trial expiry reminder"/)).toMatch(/deleted|cancel/i);
  },
  'docs/events.md': ([printed]) => expect(printed).toMatch(/"event_filters":\["invoice\.\*"\].*"event_key":"inv_123"/s),
  'docs/guides/ci.md': (printed) => expect(printed.at(-1)).toMatch(/^run_\w+ {2}success {2}200 /),
  'docs/guides/failing-endpoint.md'(printed) {
    expect(printed[1]).toMatch(/"http_status":500/);
    expect(printed[2]).toMatch(/"failing_since":"20/);
    expect(printed.at(-1)).toMatch(/"status":"success"/);
  },
  'docs/guides/multi-tenant.md'(printed) {
    expect(printed[0]).toMatch(/"scopes":\["read","publish"\].*"key":"sk_/);
    expect(printed[1]).toMatch(/"runs_per_day":10000/);
  },
  'docs/guides/rate-limits.md': ([printed]) => expect(printed).toMatch(/\n1\n$/),
  'docs/guides/replay-after-outage.md'(printed) {
    expect(printed[2]).toMatch(/:1[,}]/);
    expect(printed.at(-1)).toMatch(/"status":"success"/);
  },
  'docs/guides/retry-policies.md': ([printed]) =>
    expect(printed).toMatch(/"name":"night".*"max_attempts":12.*"retry_policy_id":"rp_/s),
  'docs/guides/schedules-as-code.md'(printed) {
    expect(printed[0]).toMatch(/\+ schedule hourly sync/);
    expect(printed[1]).toMatch(/~ schedule hourly sync/);
  },
  'docs/start/first-delivery.md'(printed) {
    expect(printed[2]).toMatch(/\{\\"hello\\":\\"world\\"\}/);
    expect(printed.at(-1)).toMatch(/"status":"cancelled"/);
  },
  'docs/start/first-event.md'(printed) {
    expect(printed.at(-1)).toMatch(/"status":"success".*"status":"retry_scheduled"/s);
  },
  'docs/start/first-schedule.md'(printed) {
    expect(printed[0]).toMatch(/02:30/);
    expect(printed.at(-1)).toMatch(/"status":"paused"/);
  },
  'docs/intake.md': ([printed]) => expect(printed).toMatch(/"MessageId".*"event_name":"invoice.paid"/s),
  'docs/local-stack.md': (printed) => expect(printed).toEqual(['npm start -- --help\n']),
  'docs/runbook.md': (printed) => expect(printed.join('')).toContain('made-by-sqs-start-message-move-task\n'),
  'docs/schedules.md': ([printed]) => expect(printed).toMatch(/"name":"nightly report"/),
  'docs/targets.md'(printed) {
    expect(printed[0]).toMatch(/"status":"success".*MessageId/s);
    const came = ['Publish.*by topic', 'PutEvents.*by bus', 'Invoke.*by function', 'StartExecution.*by execution'];
    for (const what of came) expect(printed.join('')).toMatch(new RegExp(what));
  },
  'docs/signing.md': (printed) => expect(printed).toEqual([expect.stringContaining('"status":"pending"')]),
};

/** Pastes these pages, as a reader of them would. */
export function pastePages(shell: Shell, pages: readonly string[]): void {
  beforeAll(makePrograms);

  const testInShell = testWith(shell, '-c', ':');
  const testWithOpenssl = testWith('sh', '-c', `command -v ${shell} openssl`);

  for (const page of pages)
    (page === 'docs/signing.md' ? testWithOpenssl : testInShell)(`the lines of ${page} work`, async () => {
      PRINTED[page]!(await pasteAll(shell, shellBlocks(read(page))));
    });

  testInShell('the lines that `npm start` prints work', async () => {
    const { stack } = await starting;
    const { KEY, KEY_ID } = await environment();
    const text = welcome(
      { ...stack, consoleLink: '' },
      { api_key: KEY!, key_id: KEY_ID!, project_id: '' },
      '.punctual',
    );
    const lines = text.split('Try it, in another shell:')[1]!.match(/^ {2}.*$/gm)!;
    expect(await pasteAll(shell, [lines.join('\n')])).toEqual([
      expect.stringMatching(/"status":"pending".*hello.*"path":"\/ok"/s),
    ]);
  });
}
