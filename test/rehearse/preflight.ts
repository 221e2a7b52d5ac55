import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Emulator } from './emulator.js';

const ROOT = join(__dirname, '../..');

/** `npm run preflight -- dev` against the emulator. Undefined where the AWS CLI is not installed. */
export function preflight({ env }: Emulator): { readonly status: number; readonly text: string } | undefined {
  if (spawnSync('aws', ['--version'], { env, stdio: 'ignore' }).status !== 0) return undefined;
  const args = ['--import', 'tsx', 'local/preflight/main.ts', 'dev'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
  return { status: status ?? 1, text: stdout + stderr };
}
