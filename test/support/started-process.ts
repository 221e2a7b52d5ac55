import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../..');

/** The JSON line that `npm start -- --json` prints when it is ready. */
export type ReadyLine = Readonly<Record<string, string>>;

export interface StartedProcess {
  readonly ready: ReadyLine;
  /** Ends it; answers its exit code, null if the signal killed it. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** `npm start -- --json --port 0 --data <data>`, without npm in between, so that a signal reaches it. */
export async function startProcess(data: string): Promise<StartedProcess> {
  const child = launch(['--json', '--port', '0', '--data', data]);
  const printed: string[] = [];
  child.stderr!.on('data', (chunk) => printed.push(String(chunk)));
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (line === undefined) throw new Error(`did not start: ${printed.join('')}`);
  return {
    ready: JSON.parse(line[0]) as ReadyLine,
    async stop(signal) {
      const exit = once(child, 'exit');
      child.kill(signal);
      return (await exit)[0];
    },
  };
}

/** `npm start` with these arguments, expected to end by itself: what it said, and its exit code. */
export async function endingProcess(
  args: readonly string[],
): Promise<{ code: number; stderr: string; stdout: string }> {
  const child = launch(args);
  const said = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

function launch(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join('local', 'main.ts'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
