import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Launch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Leaders of process groups, so that what they started ends with them. */
const started = new Set<ChildProcess>();

/** A process that knows the given environment alone, with all it prints as one text. */
export function launch(command: string, args: readonly string[], { cwd, env }: Launch) {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(String(chunk)));
  return { child, printed: () => printed.join('') };
}

/** What a command printed. @throws Error with all of it when it fails */
export async function outputOf(command: string, args: readonly string[], options: Launch): Promise<string> {
  const { child, printed } = launch(command, args, options);
  const [code] = await once(child, 'close');
  started.delete(child);
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} exited with ${code}:\n${printed()}`);
  return printed();
}

/** Ends every process that was launched here, and every one that those have started. */
export function endProcesses(): void {
  for (const { pid } of started) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  started.clear();
}
