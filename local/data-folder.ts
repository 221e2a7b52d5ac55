import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { assertRoom, DataFolderInUse, replaceFile, usingFiles } from './files.js';

/**
 * Locks the folder (made if missing) and returns the release. Throws DataFolderInUse while another stack holds the
 * lock. The operating system locks a file that stays: the lock ends with its process, however the process ends, and
 * holds across containers that share the folder. The file's text is for users alone.
 */
export function lockDataFolder(folder: string): () => void {
  const path = resolve(folder);
  return usingFiles(path, () => {
    makeFolder(path);
    const file = join(path, 'lock');
    const descriptor = openSync(file, 'a');
    try {
      if (!tryLock(descriptor)) throw new DataFolderInUse(path, readFileSync(file, 'utf8'));
      assertRoom(path);
      ftruncateSync(descriptor);
      writeSync(descriptor, `process ${process.pid} on ${hostname()}`);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    return () => closeSync(descriptor);
  });
}

/** Makes parents one by one: Node's `recursive` never returns if the system reports a missing parent, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // if it exists, another process was faster
  }
}

/** A small JSON file of the data folder, readable by its owner only; undefined if there is none. */
export function readRemembered<T>(folder: string, name: string): T | undefined {
  const file = join(folder, name);
  return existsSync(file) ? usingFiles(file, () => JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** Writes a small JSON file of the data folder, atomically. */
export function remember(folder: string, name: string, value: unknown): void {
  const file = join(folder, name);
  usingFiles(file, () => replaceFile(file, `${JSON.stringify(value, null, 2)}\n`));
}
