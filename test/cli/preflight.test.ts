import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { deployingsIn } from '../../cli/assembly.js';
import { settingsFor } from '../../lib/config.js';
import { Service } from '../../lib/service.js';
import { buildCommandLine } from '../support/command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'punctual-preflight-'));
const command = buildCommandLine(folder);
const bundles = join(folder, 'functions');
const app = join(folder, 'cdk.out');
const settings = settingsFor('dev', { stage: 'orders', console: false, alarmEmail: 'operations@example.com' });

beforeAll(() => {
  for (const name of ['api', 'deliverer', 'dispatcher', 'intake', 'reconciler']) {
    mkdirSync(join(bundles, name), { recursive: true });
    writeFileSync(join(bundles, name, 'handler.js'), '');
  }
  const root = new App({ outdir: app, builtinCloudFormationValidation: false });
  new Service(new Stack(root, 'Shop', { stackName: 'shop' }), 'Punctual', { settings, bundles });
  const test = { settings: { ...settings, stage: 'test' }, bundles };
  new Service(new Stack(new Stage(root, 'Test'), 'Stack'), 'Punctual', test);
  new Stack(root, 'Other');
  root.synth();
  aws('aws', `"ssm get-parameter"*) echo '{"Parameter": {"Value": "30"}}' ;;`);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An AWS CLI that answers so where it is asked for the bootstrap. */
function aws(name: string, bootstrap: string): void {
  const cases = `
    "sts get-caller-identity"*) echo '{"Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/ada"}' ;;
    ${bootstrap}
    "lambda get-account-settings"*) echo '{"AccountLimit": {"ConcurrentExecutions": 1000}}' ;;
    *) echo 'An error occurred (ValidationError) when calling the DescribeStacks operation: none (ResourceNotFoundException) when calling' >&2; exit 254 ;;`;
  const file = join(folder, name, 'aws');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\ncase "$*" in${cases}\nesac\n`, { mode: 0o755 });
}

function preflight(bin: string, ...args: string[]) {
  const env = { PATH: `${join(folder, bin)}:${process.env['PATH']}`, AWS_REGION: 'eu-west-1', HOME: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'preflight', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('each Punctual of a synthesized app is found, with its settings, its stack and the bootstrap of the stack', () => {
  const found = deployingsIn(app);
  expect(found.map(({ stack, bootstrap, settings: { stage } }) => [stack, bootstrap, stage])).toEqual([
    ['Test-Stack', '/cdk-bootstrap/hnb659fds/version', 'test'],
    ['shop', '/cdk-bootstrap/hnb659fds/version', 'orders'],
  ]);
  expect(found[1]!.settings).toEqual({ ...settings, permissionsBoundary: false });
});

test('what is ready is said of each stack, and then how to deploy', () => {
  const { status, stdout, stderr } = preflight('aws', 'shop');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('account 111111111111 in eu-west-1');
  expect(stdout).toContain('\nshop\n');
  expect(stdout).toContain('ready    bootstrap hnb659fds: version 30');
  expect(stdout).toContain('they go to operations@example.com');
  expect(stdout).toContain('  npx cdk deploy shop\n');
  expect(stdout).not.toContain('Test-Stack');
});

test('what is missing is named with the command that makes it, and ends with 1', () => {
  aws('bare', `"ssm get-parameter"*) echo 'An error occurred (ParameterNotFound) when calling the X' >&2; exit 254 ;;`);
  const { status, stdout } = preflight('bare');
  expect(status).toBe(1);
  expect(stdout).toContain('BLOCKED  bootstrap hnb659fds: this Region does not have it\n         npx cdk bootstrap');
  expect(stdout).toContain('Test-Stack');
  expect(stdout).not.toContain('cdk deploy');
});

test.each([
  [['--app', 'nowhere'], 'There is no nowhere/manifest.json: synthesize your app first'],
  [['Shop'], 'No stack Shop has a Punctual; there are Test-Stack, shop.'],
])('a mistake is one line: %j', (args, message) => {
  const { status, stdout, stderr } = preflight('aws', ...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('as JSON the findings are whole, each with its stack', () => {
  const { status, stdout } = preflight('aws', 'shop', '--json');
  expect(status).toBe(0);
  const { findings } = JSON.parse(stdout);
  const bootstrap = { stack: 'shop', what: 'bootstrap hnb659fds', verdict: 'ready', found: 'version 30' };
  expect(findings).toEqual(expect.arrayContaining([bootstrap]));
  expect(findings[0]).toMatchObject({ what: 'credentials and Region', verdict: 'ready' });
});

test('without the AWS CLI it says where to get it', () => {
  const env = { PATH: dirname(process.execPath), HOME: folder, AWS_REGION: 'eu-west-1' };
  const ran = spawnSync(process.execPath, [command, 'preflight'], { cwd: folder, env, encoding: 'utf8' });
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain('the AWS CLI (`aws`) is not installed');
});
