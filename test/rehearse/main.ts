import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, runCommand } from '../../local/command.js';
import { MINISTACK, makeCertificate } from './emulator.js';

const rehearse = command(
  'npm run rehearse',
  'Deploys the stack with the real CDK CLI into an emulator of AWS, tells the stories there, and removes it.',
).option('--long', 'tell what takes 18 minutes too');

/** Without Python or openssl, or a network to fetch the emulator, it says so and is content. */
async function main({ long }: { readonly long?: boolean }): Promise<void> {
  const missing = MINISTACK.whatIsMissing();
  if (missing !== undefined) return skipped(missing);
  const folder = mkdtempSync(join(tmpdir(), 'punctual-rehearsal-'));
  let rehearsal: ChildProcess | undefined;
  const clearAway = () => {
    endGroup(rehearsal);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      clearAway();
      process.exit(130);
    });
  try {
    const certificate = makeCertificate(folder);
    if (certificate === undefined) return skipped('there is no openssl to make a certificate with');
    const args = [
      '--import',
      'tsx',
      join(__dirname, 'rehearse-in.ts'),
      folder,
      certificate,
      ...(long ? ['--long'] : []),
    ];
    // Node reads the certificates that it trusts at its start; and one group is ended with all that it has started.
    const env = {
      ...process.env,
      NODE_EXTRA_CA_CERTS: certificate,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    rehearsal = spawn(process.execPath, args, { env, stdio: 'inherit', detached: true });
    const [code] = await once(rehearsal, 'exit');
    process.exitCode = code ?? 1;
  } finally {
    clearAway();
  }
}

function skipped(why: string): void {
  console.log(`SKIPPED: no rehearsal in ministack, since ${why}`);
}

function endGroup(leader: ChildProcess | undefined): void {
  if (leader?.pid === undefined) return;
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}

runCommand(rehearse, main);
