import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { context } from '../../cdk.json';
import { bundleFunctions } from '../../lib/bundles.js';
import { stageSettings } from '../../lib/config.js';
import { bundleSite } from '../../lib/docs-bundle.js';
import { synthesize } from '../../lib/synthesize.js';
import type { Resource } from '../lib/synthesized.js';
import { eventually } from '../support/eventually.js';
import { installPackage } from '../support/installed-package.js';

const ROOT = join(__dirname, '../..');
/** An app of a user: nothing of this repository is above it. */
const app = mkdtempSync(join(tmpdir(), 'punctual-app-'));

beforeAll(() => installPackage(app), 300_000);
afterAll(() => rmSync(app, { recursive: true }));

test('it asks for the CDK, and for what the local stack alone loads', () => {
  const { dependencies, optionalDependencies, peerDependencies, private: isPrivate } = installed('package.json');
  expect([dependencies, isPrivate]).toEqual([undefined, undefined]);
  expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
  expect(Object.keys(optionalDependencies)).toEqual(OF_DEV);
});

test('punctual dev says what it needs, then starts without the CDK, delivers with the printed key, and ends', async () => {
  const needs = /^error: punctual dev needs the package's optional dependencies: .*Cannot find module '[\w-]+'\n$/;
  expect(() => run('npx', '--offline', 'punctual', 'dev', '--port', '0')).toThrow(
    expect.objectContaining({ status: 1, stderr: expect.stringMatching(needs) }),
  );
  link(OF_DEV);
  const main = join(app, 'node_modules/.bin/punctual');
  const dev = spawn(main, ['dev', '--json', '--port', '0', '--audit-deliveries'], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: dev.stdout }), 'line');
    const { api, api_key, receiver } = JSON.parse(line);
    const body = JSON.stringify({ target: { url: `${receiver}/ok` }, payload: { hello: 'package' }, run_at: 0 });
    const headers = { 'x-api-key': api_key, 'content-type': 'application/json' };
    const { status } = await fetch(`${api}/v1/tasks`, { method: 'POST', headers, body });
    expect(status).toBe(201);
    const received = async () => (await fetch(`${receiver}/received`)).text();
    await eventually('the call arrives', async () => (await received()).includes('package'));
    for (const path of ['/console/', '/docs/', '/openapi.json']) expect((await fetch(api + path)).status).toBe(200);
    expect(() => run(main, 'dev', '--port', '0')).toThrow(
      expect.objectContaining({
        status: 1,
        stderr: expect.stringMatching(/^\S+ is in use by another local stack .*\n$/),
      }),
    );
    expect(() => run(main, 'dev', '--port', new URL(api).port, '--data', 'other')).toThrow(
      expect.objectContaining({
        status: 1,
        stderr: `port ${new URL(api).port} is taken: choose another with --port\n`,
      }),
    );
  } finally {
    dev.kill('SIGTERM');
  }
  expect(await once(dev, 'exit')).toEqual([0, null]);
  link(['aws-cdk-lib', 'constructs', '@types']); // for the tests of the construct, which follow
}, 180_000);

test('the example of docs/library.md passes the type check, and types refuse what is not for users', () => {
  const tsconfig = { compilerOptions: { ...STRICT, types: ['node'] }, files: ['app.ts', 'refused.ts'] };
  write('tsconfig.json', JSON.stringify(tsconfig));
  write('app.ts', example());
  write('refused.ts', REFUSED);
  expect(run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'))).toBe('');
}, 180_000);

test('the example has the resources and the code of the app of this repository', async () => {
  write('app.ts', example());
  const tsx = `file://${join(ROOT, 'node_modules/tsx/dist/loader.mjs')}`;
  const made = synthesized(['--import', tsx, 'app.ts'], context);
  const settings = stageSettings('orders', {
    preset: 'prod',
    alarmEmail: 'operations@example.com',
    retentionDays: 90,
    permissionsBoundary: false,
    bootstrapQualifier: 'hnb659fds',
  });
  const bundles = bundleFunctions(join(app, 'functions'));
  const { template } = synthesize(settings, { bundles, consoleFiles: await bundleSite() });
  const [theirs, ours] = [made, template].map((one) => comparable(one.Resources));
  expect(Object.keys(ours!).length).toBeGreaterThan(100);
  const added = Object.keys(theirs!).filter((id) => !(id in ours!));
  expect(added).toEqual(['MonitoringUrgentoncallexamplecom']);
  delete theirs![added[0]!];
  // The CDK's own function is beside the construct, where a stack of Punctual alone tags it.
  delete ours![COPYING]!.Properties['Tags'];
  expect(theirs).toEqual(ours);
}, 180_000);

test.each([
  ['require', 'app.cjs', "const { Punctual } = require('punctual'); const { App, Stack } = require('aws-cdk-lib');"],
  ['import', 'app.mjs', "import { Punctual } from 'punctual'; import { App, Stack } from 'aws-cdk-lib';"],
])(
  'plain JavaScript takes it by %s, under no feature flag',
  (_, file, imports) => {
    write(
      file,
      `${imports} new Punctual(new Stack(new App(), 'Shop'), 'Punctual', { stage: 'orders', preset: 'prod' });`,
    );
    const made = synthesized([file], {});
    const types = Object.values<{ Type: string }>(made.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(7);
    expect(types.filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(4);
    expect(JSON.stringify(made)).not.toMatch(/AWS::IAM::User|:role\/aws-service-role/);
  },
  180_000,
);

test('another BucketDeployment in the stack is refused, unless it has a function of its own', () => {
  const deployment = (options: string) => `
    const { Punctual } = require('punctual');
    const { App, Stack, aws_s3: s3, aws_s3_deployment: copies } = require('aws-cdk-lib');
    const stack = new Stack(new App(), 'Shop');
    new Punctual(stack, 'Punctual', { stage: 'orders', preset: 'dev' });
    const destinationBucket = new s3.Bucket(stack, 'Site');
    new copies.BucketDeployment(stack, 'Copy', { destinationBucket, sources: [copies.Source.data('a', 'b')], ${options} });`;
  write('site.cjs', deployment(''));
  expect(() => synthesized(['site.cjs'], {})).toThrow(/Shop\/Copy: .*give the other a memoryLimit/);
  write('site.cjs', deployment('memoryLimit: 256'));
  expect(Object.keys(synthesized(['site.cjs'], {}).Resources).length).toBeGreaterThan(100);
}, 180_000);

const OF_DEV = ['dynalite', 'fs-native-extensions', 'lmdb'];

function link(names: readonly string[]): void {
  for (const name of names) symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
}

const COPYING = 'CustomCDKBucketDeployment';

const STRICT = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', skipLibCheck: true };

const REFUSED = `
import { Stack } from 'aws-cdk-lib';
import { Punctual } from 'punctual';
const stack = new Stack();
// @ts-expect-error the preset of a laptop
new Punctual(stack, 'A', { stage: 'a', preset: 'local' });
// @ts-expect-error a part of the protocol
new Punctual(stack, 'B', { stage: 'b', preset: 'dev', maxHops: 1 });
// @ts-expect-error of the stack
new Punctual(stack, 'C', { stage: 'c', preset: 'dev', permissionsBoundary: false });
`;

function example(): string {
  return /```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/library.md'), 'utf8'))![1]!;
}

/** As the CDK CLI runs an app. */
// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON.
function synthesized(args: string[], flags: object): any {
  const env = { ...process.env, CDK_OUTDIR: join(app, 'cdk.out'), CDK_CONTEXT_JSON: JSON.stringify(flags) };
  mkdirSync(env.CDK_OUTDIR, { recursive: true });
  execFileSync(process.execPath, args, { cwd: app, env, stdio: 'pipe' });
  return JSON.parse(readFileSync(join(env.CDK_OUTDIR, 'Shop.template.json'), 'utf8'));
}

/** Without what follows from the place in the tree: prefixes, and the hashes of paths. */
function comparable(resources: object): Record<string, Resource> {
  const text = JSON.stringify(resources)
    .replaceAll('Shop/Punctual/', '')
    .replaceAll('Punctual-orders/', '')
    .replace(/ShopPunctual|Punctualorders|\bPunctual(?=[A-Z])/g, '')
    .replace(/(cr-owned:console:)[0-9a-f]{8}/g, '$1')
    .replace(/(Origin\d)[0-9A-F]{8}/g, '$1')
    .replace(/(?<=[a-z])([0-9A-F]{8})+(?![0-9a-f])/g, '');
  return JSON.parse(text);
}

const textOf = (path: string): string => readFileSync(join(app, 'node_modules/punctual', path), 'utf8');
const installed = (path: string) => JSON.parse(textOf(path));
const write = (name: string, text: string) => writeFileSync(join(app, name), text);
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: app, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
