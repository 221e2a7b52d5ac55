import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keepingFiles, usingFiles } from './files.js';

/**
 * An append-only file of JSON lines: how the local servers survive `kill -9`. A record is in the operating
 * system's hands when `append` returns, so it outlives the process (not a power cut, which a laptop's trial may lose).
 */
export interface Journal<Entry> {
  /** What the file held when it was opened, oldest first. */
  readonly replayed: readonly Entry[];
  append(entry: Entry): void;
  /**
   * Replaces the whole file by `entries` and what is appended from now on; call it when the file is mostly history.
   * A great many take a while, in which others get their turn: none of `entries` may change any more.
   */
  rewrite(entries: readonly Entry[]): void;
  close(): void;
}

/** A rewrite under way, in a file of its own: until that takes the journal's place, the journal is still complete. */
interface Successor {
  readonly descriptor: number;
  /** Lines appended since it began. */
  readonly missed: string[];
}

/** Entries that a rewrite writes in one go: some milliseconds' work. */
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
    if (next !== successor) return closeSync(next.descriptor); // closed, or begun anew
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
      keepingFiles(file, () => writeFileSync(descriptor, line)); // all of it: writeSync may write a part, and be content
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

/** A process killed while writing leaves at most one torn line, at the end: everything before it counts. */
function readEntries<Entry>(file: string): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Entry);
}

/** Before anything is appended behind it. */
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
