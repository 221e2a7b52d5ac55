import { join } from 'node:path';
import { type Emulator, MINISTACK } from './emulator.js';
import { outputOf } from './processes.js';

/** What the stack's functions have logged since then (epoch milliseconds) about trouble, one line each; '' is none. */
export async function functionTroubles({ env }: Emulator, since: number): Promise<string> {
  const python = join(MINISTACK.folder, 'bin', 'python');
  const script = join(__dirname, 'function-troubles.py');
  return (await outputOf(python, [script, String(since)], { cwd: __dirname, env })).trim();
}
