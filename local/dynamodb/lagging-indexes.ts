import type { Operation, Store } from 'dynalite/db/index.js';

/** Milliseconds until the entries of a write reach its global secondary indexes; asked once for each write. */
export type IndexLag = () => number;

const PREFIX = 'lagging-index~';

/**
 * Delays a write's changes of global secondary indexes, which are eventually consistent on AWS. Delayed changes are in
 * the store beside the item and are never lost: a kill delays them until the next start. Indexes catch up in the order
 * of the writes.
 */
export class LaggingIndexes {
  private last: Promise<unknown> = Promise.resolve();
  private lastAt = 0;
  private count = 0;

  constructor(
    private readonly store: Store,
    private readonly lag: IndexLag,
  ) {}

  /** The operation to write in place of `entries`, in one batch with their item; call `written` after the batch. */
  defer(entries: readonly Operation[]): { operation: Operation; written(): void } {
    const key = `${PREFIX}${Date.now()}~${String(this.count++).padStart(9, '0')}`;
    return { operation: { type: 'put', key, value: entries }, written: () => this.catchUp(key, entries) };
  }

  private catchUp(key: string, entries: readonly Operation[]): void {
    this.lastAt = Math.max(this.lastAt, Date.now() + this.lag());
    const at = this.lastAt;
    this.last = this.last.then(() => sleepUntil(at)).then(() => apply(this.store, key, entries));
    this.last.catch(() => {}); // the store was closed: this change and later changes stay delayed until the next start
  }
}

/** Applies the changes that a killed process had delayed. */
export async function releaseHeldBack(store: Store): Promise<void> {
  for (const { key, value } of store.db.entries({ gt: PREFIX, lt: `${PREFIX}\uffff` }))
    await apply(store, key, value as Operation[]);
}

function apply(store: Store, key: string, entries: readonly Operation[]): Promise<void> {
  return new Promise((resolve, reject) => {
    store.db.batch([...entries, { type: 'del', key }], (error) => (error ? reject(error) : resolve()));
  });
}

function sleepUntil(at: number): Promise<void> | undefined {
  const wait = at - Date.now();
  return wait > 0 ? new Promise((resolve) => setTimeout(resolve, wait).unref()) : undefined;
}
