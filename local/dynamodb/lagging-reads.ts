import db, { type Item, type Store, type Table } from 'dynalite/db/index.js';

/** Milliseconds for which reads that are not strongly consistent miss a write; asked once for each write. */
export type ReadLag = () => number;

interface Read {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly ProjectionExpression?: string;
}

const laggingReads = new WeakMap<Store, LaggingReads>();

/** Call before a write: eventually consistent reads may show the item before the write for a while. */
export function noteWrite(store: Store, table: Table, before?: Item | null, after?: Item | null): void {
  laggingReads.get(store)?.note(table, before ?? undefined, (before ?? after)!);
}

/** Makes eventually consistent reads of a table stale, as on AWS, where another replica may answer them. */
export class LaggingReads {
  /** Items that stale reads show, by table and key. */
  private readonly shown = new Map<string, Item | undefined>();

  constructor(
    private readonly store: Store,
    private readonly lag: ReadLag,
  ) {
    laggingReads.set(store, this);
  }

  note(table: Table, before: Item | undefined, keyed: Item): void {
    const lagMs = this.lag();
    const name = nameOf(table, keyed);
    if (lagMs === 0 || this.shown.has(name)) return;
    this.shown.set(name, before);
    setTimeout(() => this.shown.delete(name), lagMs).unref();
  }

  /** The stale answer to a GetItem or Query. An item that a write has deleted meanwhile stays absent. */
  async late(input: Read, output: { Item?: Item; Items?: Item[] }): Promise<object> {
    if (input.ConsistentRead || input.IndexName || this.shown.size === 0) return output;
    // A projected item may lack its key, so reads with a projection do not lag.
    if (input.ProjectionExpression) return output;
    const table = await this.tableOf(input.TableName!);
    const late = (item: Item) => {
      const name = nameOf(table, item);
      return this.shown.has(name) ? this.shown.get(name) : item;
    };
    const { Item, Items, ...rest } = output;
    if (Items) return { ...rest, Items: Items.flatMap((item) => late(item) ?? []) };
    const item = Item && late(Item);
    return { ...rest, ...(item && { Item: item }) };
  }

  private tableOf(name: string): Promise<Table> {
    return new Promise((resolve, reject) =>
      this.store.getTable(name, false, (error, table) => (error ? reject(error) : resolve(table!))),
    );
  }
}

const nameOf = (table: Table, item: Item) => `${table.TableName}~${db.createKey(item, table)}`;
