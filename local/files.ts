import { renameSync, statfsSync, writeFileSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';

/** Bytes; an empty stack takes about 200 KB. */
const LEAST_ROOM = 1024 * 1024;

/** The operating system refuses a file or folder; the message is a sentence for the user who can correct this. */
export class FileFault extends Error {
  constructor(path: string, refusal: string, cause: unknown) {
    super(`${path} cannot be used: ${refusal}`, { cause });
    this.name = 'FileFault';
  }
}

/** Another local stack is running on the same data folder. */
export class DataFolderInUse extends Error {
  constructor(path: string, holder: string) {
    super(`${path} is in use by another local stack (${holder}): stop that one, or choose another --data`);
    this.name = 'DataFolderInUse';
  }
}

/** Does `work` on files at `path`; a refusal of the operating system is thrown as a FileFault. */
export function usingFiles<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileFault(path, error) ?? error;
  }
}

/**
 * As `usingFiles`, for writes of the running stack. A fault ends the process by an uncaught exception: the process
 * could not acknowledge further work, and all acknowledged work is in the files.
 */
export function keepingFiles<T>(path: string, work: () => T): T {
  try {
    return usingFiles(path, work);
  } catch (error) {
    if (error instanceof FileFault)
      setImmediate(() => {
        throw error;
      });
    throw error;
  }
}

/** The FileFault of an error of the operating system; undefined for other errors. */
export function fileFault(path: string, error: unknown): FileFault | undefined {
  const { code } = error as { code?: unknown }; // Node's errors have its name, LMDB's its number
  for (const [number, [name, reason]] of getSystemErrorMap())
    if (code === name || code === -number)
      // LMDB reports a partial write as an I/O error.
      return name === 'EIO' && isFull(path)
        ? outOfSpace(path, error)
        : new FileFault(path, `${reason} (${name})`, error);
  return undefined;
}

/** Throws a FileFault on a full disk. LMDB maps files into memory, where a full disk would end the process. */
export function assertRoom(path: string): void {
  if (isFull(path)) throw outOfSpace(path);
}

const outOfSpace = (path: string, cause?: unknown): FileFault =>
  new FileFault(path, 'no space left on device (ENOSPC)', cause);

function isFull(path: string): boolean {
  const { blocks, bavail, bsize } = statfsSync(path);
  return blocks > 0 && bavail * bsize < LEAST_ROOM; // a file system without blocks does not count them
}

/** Replaces the file atomically; no other user can read the file, not even for a moment. */
export function replaceFile(file: string, text: string): void {
  const next = `${file}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}
