import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Another local stack is running on the same data folder. */
export class DataFolderInUse extends Error {
  constructor(path: string, holder: number) {
    super(`${path} is in use by another local stack (process ${holder}): stop that one, or choose another --data`);
    this.name = 'DataFolderInUse';
  }
}

/** Folders that a stack of this process holds: a lock with our own process id may also be left by a namesake. */
const held = new Set<string>();

/**
 * Reserves the folder (made if missing) for this process and returns the release. Throws DataFolderInUse when a
 * living process holds it; the lock of a dead one is taken over.
 */
export function lockDataFolder(folder: string): () => void {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  const lock = join(path, 'lock');
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (held.has(path) || isAlive(holder)) {
    throw new DataFolderInUse(path, holder);
  }
  rmSync(lock, { force: true });
  createExclusively(lock);
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(lock, { force: true });
  };
}

function createExclusively(lock: string): void {
  const descriptor = openSync(lock, 'wx'); // fails for the slower one of two that start at once
  writeFileSync(descriptor, String(process.pid));
  closeSync(descriptor);
}

function isAlive(pid: number): boolean {
  if (!pid || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, and somebody else's
  }
}

/** A small JSON file of the data folder, readable by its owner only; undefined if there is none. */
export function readRemembered<T>(folder: string, name: string): T | undefined {
  const file = join(folder, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** Writes it, atomically. */
export function remember(folder: string, name: string, value: unknown): void {
  const next = join(folder, `${name}.next`);
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, join(folder, name));
}
