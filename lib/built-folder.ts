import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '..');
const LOOK_MS = 100;

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
  const lock = `${folder}.lock`;
  mkdirSync(join(folder, '..'), { recursive: true });
  while (!existsSync(folder)) {
    if (!claims(lock)) await sleep(LOOK_MS);
    else await makeWhole(folder, make).finally(() => rmSync(lock, { force: true }));
  }
  return folder;
}

/** The folder appears by a rename, so that a folder that exists is complete. */
async function makeWhole(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const making = `${folder}.${process.pid}`;
  await make(making);
  renameSync(making, folder);
}

/** One process builds at a time: all builds of VitePress write to the same temporary folder. A lock ends with its process. */
function claims(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isRunning(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isRunning(lock: string): boolean {
  try {
    return process.kill(Number(readFileSync(lock, 'utf8')), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
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
