import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder, run } from './in-folder.js';

/** The folder of the programs of a virtual environment with these packages of exact versions; made when it is missing. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const cwd = ownFolder(name);
  const bin = join(cwd, 'venv/bin');
  if (!existsSync(join(bin, 'pip'))) await run('python3', ['-m', 'venv', 'venv'], { cwd });
  await run(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], { cwd });
  return bin;
}
