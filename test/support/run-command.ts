import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A compiler that has compiled nothing yet takes its time. */
const PATIENCE_MS = 140_000;

/** What a program printed. @throws Error with all of its output when it fails, or takes too long */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { env = {}, cwd } = options;
  const { stdout } = await run(command, [...args], {
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    timeout: PATIENCE_MS,
  });
  return stdout;
}

/** `test`, or a test that is seen to be skipped where this machine cannot run such a program. */
export function testWith(command: string, ...probe: string[]): jest.It {
  return spawnSync(command, probe, { stdio: 'ignore' }).status === 0 ? test : test.skip;
}
