import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { CLI_BUNDLING } from '../../lib/cli-bundle.js';

/** What a command printed, and its exit code; null if a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The command runs at a terminal of its own, at which the input is typed; all that it shows is in stdout. */
  readonly terminal?: boolean;
  /** The command is stopped when this was printed. */
  readonly until?: RegExp;
}

/** Whether this machine's `script`, that of util-linux, gives a command a terminal. */
export const hasTerminals = spawnSync('script', ['--version']).status === 0;

/** Builds the command `punctual` into this folder; answers the file. */
export function buildCommandLine(folder: string): string {
  const outfile = join(folder, 'punctual.cjs');
  buildSync({ ...CLI_BUNDLING, outfile });
  return outfile;
}

/** The command `punctual`, built into this folder: a process of its own for each call, with nothing of this process's settings. */
export function commandLine(folder: string): (args: readonly string[], settings?: CommandSettings) => Promise<Ended> {
  const outfile = buildCommandLine(folder);
  return (args, { env = {}, input = '', terminal = false, until } = {}) =>
    new Promise((resolve) => {
      const command = [process.execPath, outfile, ...args];
      const [program, ...given] = terminal ? ['script', '-qec', command.join(' '), '/dev/null'] : command;
      const child = spawn(program!, given, {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, ...env },
      });
      const said = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk) => {
        said.stdout += chunk;
        if (until?.test(said.stdout)) child.kill();
      });
      child.stderr.on('data', (chunk) => {
        said.stderr += chunk;
      });
      child.stdin.on('error', () => {}); // it may end before it has read all
      child.stdin.end(input);
      child.on('close', (code) => resolve({ code, ...said }));
    });
}
