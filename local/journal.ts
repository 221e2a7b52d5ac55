import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * An append-only file of JSON lines: how the local servers survive `kill -9`. A record is in the operating
 * system's hands when `append` returns, so it outlives the process (not a power cut, which a laptop's trial may lose).
 */
export interface Journal<Entry> {
  /** What the file held when it was opened, oldest first. */
  readonly replayed: readonly Entry[];
  append(entry: Entry): void;
  /** Replaces the whole file by `entries`, atomically; call it when the file is mostly history. */
  rewrite(entries: readonly Entry[]): void;
  close(): void;
}

/** Opens (or creates) the journal at `file`; without a file the journal keeps nothing. */
export function openJournal<Entry>(file?: string): Journal<Entry> {
  if (file === undefined) return { replayed: [], append() {}, rewrite() {}, close() {} };
  mkdirSync(dirname(file), { recursive: true });
  const replayed = existsSync(file) ? readEntries<Entry>(file) : [];
  writeWhole(file, replayed); // drops a torn last line before anything is appended behind it
  let descriptor = openSync(file, 'a');
  return {
    replayed,
    append: (entry) => {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    },
    rewrite: (entries) => {
      writeWhole(file, entries);
      closeSync(descriptor);
      descriptor = openSync(file, 'a');
    },
    close: () => closeSync(descriptor),
  };
}

/** A process killed while writing leaves at most one torn line, at the end: everything before it counts. */
function readEntries<Entry>(file: string): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Entry);
}

function writeWhole(file: string, entries: readonly unknown[]): void {
  const next = `${file}.next`;
  writeFileSync(next, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  renameSync(next, file);
}
