import db, { type Callback, type Index, type Item, type Operation, type Store, type Table } from 'dynalite/db/index.js';
import type { LaggingIndexes } from './lagging-indexes.js';
import { noteWrite } from './lagging-reads.js';
import { updateFault } from './refused-items.js';

/** Index entries to write in one batch with the next write of an item, by the item's key in the store. */
const indexWrites = new WeakMap<Store, Map<string, Operation[]>>();

/**
 * Writes each item and its index entries in one batch. dynalite by itself writes the entries first and the item last,
 * so a kill in between would leave an index that disagrees with its table without end.
 *
 * dynalite calls `updateIndexes` and then puts or deletes the item, both under the item's lock. With `lagging` the
 * entries of global indexes come later.
 */
export function writeIndexesAtomically(store: Store, lagging?: LaggingIndexes): void {
  const pending = new Map<string, Operation[]>();
  indexWrites.set(store, pending);
  const { put, del, batch } = store.db;
  const writeWithIndexes = (item: Operation, done: Callback): boolean => {
    const entries = pending.get(item.key);
    if (!entries) return false;
    pending.delete(item.key);
    const later = lagging && entries.filter(isGlobal);
    if (!later?.length) batch([...entries, item], done);
    else writeWithout(later, entries, item, done);
    return true;
  };
  const writeWithout = (later: Operation[], entries: Operation[], item: Operation, done: Callback) => {
    const { operation, written } = lagging!.defer(later);
    const now = entries.filter((entry) => !isGlobal(entry));
    batch([...now, operation, item], (error) => {
      if (!error) written();
      done(error);
    });
  };
  store.db.put = (key, value, done) => writeWithIndexes({ type: 'put', key, value }, done) || put(key, value, done);
  store.db.del = (key, done) => writeWithIndexes({ type: 'del', key }, done) || del(key, done);
}

db.updateIndexes = (store, table, before, after, done) => {
  const fault = after && updateFault(after, table);
  if (fault) return done(fault);
  noteWrite(store, table, before, after);
  const item = after ?? before;
  const entries = indexOperations(table, before, after);
  if (item && entries.length > 0) {
    indexWrites.get(store)?.set(`item-${table.TableName}~${db.createKey(item, table)}`, entries);
  }
  done(null);
};

const isGlobal = ({ key }: Operation) => key.startsWith('index-global~');

type MaybeItem = Item | null | undefined;

function indexOperations(table: Table, before: MaybeItem, after: MaybeItem): Operation[] {
  return [
    ...operationsOf('local', table.LocalSecondaryIndexes ?? [], table, before, after),
    ...operationsOf('global', table.GlobalSecondaryIndexes ?? [], table, before, after),
  ];
}

/** What a change of an item does to its entries in these indexes. */
export function operationsOf(
  kind: 'local' | 'global',
  indexes: Index[],
  table: Table,
  before: MaybeItem,
  after: MaybeItem,
): Operation[] {
  const keyOf = (entry: { index: string; key: string }) =>
    `index-${kind}~${table.TableName}~${entry.index}~${entry.key}`;
  const { puts, deletes } = db.getIndexActions(indexes, before, after, table);
  return [
    ...deletes.map((entry): Operation => ({ type: 'del', key: keyOf(entry) })),
    ...puts.map((entry): Operation => ({ type: 'put', key: keyOf(entry), value: entry.item })),
  ];
}
