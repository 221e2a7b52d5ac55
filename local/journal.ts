import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keepingFiles, usingFiles } from './files.js';

/**
 * An append-only file of JSON lines, by which the local servers survive `kill -9`. When `append` returns, the operating
 * system has the record, so the record survives the process (but not a power cut).
 */
export interface Journal<Entry> {
  /** The file's entries when it was opened, oldest first. */
  readonly replayed: readonly Entry[];
  append(entry: Entry): void;
  /**
   * Replaces the whole file by `entries` and all later appends; call this when the file is mostly history. A large
   * rewrite yields to other work in between, so no entry of `entries` may change any more.
   */
  rewrite(entries: readonly Entry[]): void;
  close(): void;
}

/** A rewrite under way, in its own file; the journal stays complete until this file replaces it. */
interface Successor {
  readonly descriptor: number;
  /** Lines appended since the rewrite began. */
  readonly missed: string[];
}

/** Entries that a rewrite writes at once, in some milliseconds. */
const ENTRIES_IN_ONE_GO = 500;

/** Opens (or creates) the journal at `file`; without a file the journal keeps nothing. */
export function openJournal<Entry>(file?: string): Journal<Entry> {
  if (file === undefined) return { replayed: [], append() {}, rewrite() {}, close() {} };
  return usingFiles(file, () => openFile<Entry>(file));
}

function openFile<Entry>(file: string): Journal<Entry> {
  mkdirSync(dirname(file), { recursive: true });
  const replayed = existsSync(file) ? readEntries<Entry>(file) : [];
  dropTornLine(file, replayed);
  let descriptor = openSync(file, 'a');
  let successor: Successor | undefined;
  let torn = false;

  const succeed = (next: Successor) => {
    writeFileSync(next.descriptor, next.missed.join(''));
    renameSync(nextOf(file), file);
    closeSync(descriptor);
    descriptor = next.descriptor;
    successor = undefined;
  };
  const goOn = (next: Successor, entries: readonly Entry[], from: number) => {
    if (next !== successor) return closeSync(next.descriptor); // the journal was closed, or another rewrite began
    const to = from + ENTRIES_IN_ONE_GO;
    keepingFiles(file, () => {
      writeFileSync(next.descriptor, entries.slice(from, to).map(lineOf).join(''));
      if (to < entries.length) setImmediate(goOn, next, entries, to);
      else succeed(next);
    });
  };
  return {
    replayed,
    append: (entry) => {
      const line = lineOf(entry);
      if (torn) throw new Error(`${file} ends with half a line`);
      torn = true;
      keepingFiles(file, () => writeFileSync(descriptor, line)); // not writeSync, which may write only a part
      torn = false;
      successor?.missed.push(line);
    },
    rewrite: (entries) => {
      successor = { descriptor: keepingFiles(file, () => openSync(nextOf(file), 'w')), missed: [] };
      goOn(successor, entries, 0);
    },
    close: () => {
      successor = undefined;
      closeSync(descriptor);
    },
  };
}

/** The entries of the file. A process killed while writing leaves at most one torn line, at the end. */
function readEntries<Entry>(file: string): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Entry);
}

/** Removes a torn line before the first append. */
function dropTornLine(file: string, entries: readonly unknown[]): void {
  writeFileSync(nextOf(file), entries.map(lineOf).join(''));
  renameSync(nextOf(file), file);
}

function nextOf(file: string): string {
  return `${file}.next`;
}

function lineOf(entry: unknown): string {
  return `${JSON.stringify(entry)}\n`;
}
