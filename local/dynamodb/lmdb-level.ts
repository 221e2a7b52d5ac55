import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import db, { type Callback, type Operation, type Range, type Store } from 'dynalite/db/index.js';
import { open, type RangeOptions } from 'lmdb';
import { keepingFiles, usingFiles } from '../files.js';

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

const TABLES = 'table~';

const KEY_TOO_LONG =
  'The local DynamoDB keeps keys in LMDB, which takes 4,026 letters, two for each byte: this one would be allowed on AWS.';

/** Entries read at once: most reads are for one run or one page. */
const PAGE = 16;

/**
 * Puts LMDB under dynalite in place of LevelDB, which passes every read and write to another thread: on a machine with
 * few cores that takes far longer than the work itself. LMDB reads and writes in memory that the operating system
 * writes to the file, so that writes of a killed process survive (but not a power cut). Without a path, `close` deletes
 * the file.
 */
export function keepInLmdb(store: Store, path?: string): { close(): Promise<void> } {
  const folder = path ?? mkdtempSync(join(tmpdir(), 'punctual-dynamodb-'));
  const file = usingFiles(folder, () => {
    mkdirSync(folder, { recursive: true });
    // The larger page allows longer keys, up to 4,026 bytes.
    return open<unknown, string>({ path: join(folder, 'lmdb'), encoding: 'json', noSync: true, pageSize: 8192 });
  });
  let closed = false;

  const answering =
    <Args extends unknown[]>(work: (...args: Args) => unknown) =>
    (...args: [...Args, Callback<unknown>]) => {
      const done = args.pop() as Callback<unknown>;
      try {
        if (closed) throw new Error('the store is closed');
        const result = keepingFiles(folder, () => work(...(args as unknown as Args)));
        process.nextTick(done, null, result);
      } catch (error) {
        process.nextTick(done, isAboutKeys(error) ? db.validationError(KEY_TOO_LONG) : error);
      }
    };
  const write = (operation: Operation) =>
    operation.type === 'put' ? file.putSync(operation.key, operation.value) : file.removeSync(operation.key);

  /** Reads page by page, so that a slow reader keeps no old state of the file alive. */
  function* entriesIn(range: Range = {}): Generator<Entry> {
    let options = rangeOf(range);
    for (;;) {
      const page = closed ? [] : [...file.getRange({ ...options, limit: PAGE })];
      yield* page;
      if (page.length < PAGE) return;
      options = { ...options, start: page.at(-1)!.key, exclusiveStart: true };
    }
  }

  Object.assign(store.db, {
    get: answering((key: string) => file.get(key)),
    put: answering((key: string, value: unknown) => file.putSync(key, value)),
    del: answering((key: string) => file.removeSync(key)),
    batch: answering((operations: Operation[]) => file.transactionSync(() => void operations.forEach(write))),
    createKeyStream: (range?: Range) => streamOf(entriesIn(range), ({ key }) => key),
    createValueStream: (range?: Range) => streamOf(entriesIn(range), ({ value }) => value),
    entries: entriesIn,
  });
  // dynalite searches for the names of tables among all stored keys; this stream has the tables' keys alone.
  store.tableDb.createKeyStream = () =>
    streamOf(entriesIn({ gt: TABLES, lt: `${TABLES}\uffff` }), ({ key }) => key.slice(TABLES.length));
  return {
    close: async () => {
      closed = true;
      await file.close();
      if (!path) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isAboutKeys(error: unknown): boolean {
  return /maximum key size|does not fit in target buffer/.test(String(error));
}

function rangeOf({ gt, gte = gt, lt, lte = lt, reverse = false }: Range): RangeOptions {
  const [start, end] = reverse ? [lte, gte] : [gte, lte];
  const [open, shut] = reverse ? [lt, gt] : [gt, lt];
  return {
    ...(start !== undefined && { start, exclusiveStart: start === open }),
    ...(end !== undefined && { end, inclusiveEnd: end !== shut }),
    reverse,
  };
}

function streamOf(entries: Generator<Entry>, part: (entry: Entry) => unknown): Readable {
  return new Readable({
    objectMode: true,
    read() {
      for (let wanted = true; wanted; ) {
        const { value, done } = entries.next();
        wanted = this.push(done ? null : part(value)) && !done;
      }
    },
  });
}
