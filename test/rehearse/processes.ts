import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Launch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A process that knows the given environment alone, with all it prints as one text. */
export function launch(command: string, args: readonly string[], { cwd, env }: Launch) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(String(chunk)));
  return { child, printed: () => printed.join('') };
}

/** What a command printed. @throws Error with all of it when it fails */
export async function outputOf(command: string, args: readonly string[], options: Launch): Promise<string> {
  const { child, printed } = launch(command, args, options);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} exited with ${code}:\n${printed()}`);
  return printed();
}
