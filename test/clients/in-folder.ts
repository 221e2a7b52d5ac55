import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, runCommand } from '../support/run-command.js';

const BUILD = join(__dirname, '../../build/clients');
export const PROGRAMS = join(__dirname, 'programs');

/** A folder of its own below `build`, which keeps what was installed there. */
export function ownFolder(name: string): string {
  const folder = join(BUILD, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** @throws Error with all that the program printed, which many print to the wrong stream */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  try {
    return await runCommand(command, args, options);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr || (error as Error).message}`);
  }
}
