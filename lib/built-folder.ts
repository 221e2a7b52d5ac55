import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/**
 * The folder that is made of the present sources; if the folder is there already, it is used again. Earlier ones lie
 * beside it, below `build/<name>`.
 * @param sources files and folders, from the root
 */
export async function builtFolder(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(ROOT, 'build', name, digestOf(sources));
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  mkdirSync(join(folder, '..'), { recursive: true });
  await make(making);
  // The folder appears by a rename, so that a folder that exists is complete.
  if (existsSync(folder)) rmSync(making, { recursive: true });
  else renameSync(making, folder);
  return folder;
}

function digestOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesOf(join(ROOT, source))))
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== '.temp') // VitePress's, while it builds
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
