import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Emulator } from './emulator.js';

const ROOT = join(__dirname, '../..');

export const hasAwsCli = ({ env }: Emulator): boolean =>
  spawnSync('aws', ['--version'], { env, stdio: 'ignore' }).status === 0;

/** `npm run preflight -- dev` against the emulator. Undefined where the AWS CLI is not installed. */
export function preflight(emulator: Emulator): { readonly status: number; readonly text: string } | undefined {
  if (!hasAwsCli(emulator)) return undefined;
  const args = ['--import', 'tsx', 'local/preflight/main.ts', 'dev'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: emulator.env,
    encoding: 'utf8',
  });
  return { status: status ?? 1, text: stdout + stderr };
}
