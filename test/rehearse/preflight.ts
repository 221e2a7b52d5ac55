import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Emulator } from './emulator.js';

const ROOT = join(__dirname, '../..');

interface Checked {
  readonly status: number;
  readonly text: string;
}

export const hasAwsCli = ({ env }: Emulator): boolean =>
  spawnSync('aws', ['--version'], { env, stdio: 'ignore' }).status === 0;

/** `npm run preflight -- dev` against the emulator. Undefined where the AWS CLI is not installed. */
export const preflight = (emulator: Emulator): Checked | undefined =>
  checked(emulator, '--import', 'tsx', 'local/preflight/main.ts', 'dev');

/** `npx punctual preflight` in an app with the npm package, which was synthesized into `assembly`. */
export const preflightOfPackage = (emulator: Emulator, app: string, assembly: string): Checked | undefined =>
  checked(emulator, join(app, 'node_modules/punctual/cli/main.js'), 'preflight', '--app', assembly);

function checked(emulator: Emulator, ...args: string[]): Checked | undefined {
  if (!hasAwsCli(emulator)) return undefined;
  const { env } = emulator;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
  return { status: status ?? 1, text: stdout + stderr };
}
