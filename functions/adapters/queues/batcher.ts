import { setTimeout as sleep } from 'node:timers/promises';

/** SQS takes ten entries in a batch. */
const BATCH_SIZE = 10;

export interface Batcher<Item, Result> {
  /** Resolves with the item's own result. */
  (item: Item): Promise<Result>;
  /** Sends what is gathered without waiting for more. */
  flush(): void;
}

/**
 * Gathers what comes within `gatherMs` into batches of ten at most. `send` answers one result per item, in order; each
 * caller gets its own. One call for ten costs as much as one call for one.
 */
export function createBatcher<Item, Result>(
  gatherMs: number,
  send: (items: readonly Item[]) => Promise<PromiseSettledResult<Result>[]>,
): Batcher<Item, Result> {
  let gathering:
    | { readonly items: Item[]; readonly results: Promise<PromiseSettledResult<Result>[]>; end(): void }
    | undefined;

  const batch = async (item: Item) => {
    if (gathering === undefined || gathering.items.length === BATCH_SIZE) gathering = gather();
    const { items, results } = gathering;
    const position = items.push(item) - 1;
    if (items.length === BATCH_SIZE) gathering.end();
    const result = (await results)[position]!;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };
  return Object.assign(batch, { flush: () => gathering?.end() });

  function gather() {
    const items: Item[] = [];
    const timer = new AbortController();
    const results = sleep(gatherMs, undefined, { signal: timer.signal })
      .catch(() => {})
      .then(() => {
        if (gathering?.items === items) gathering = undefined;
        return send(items);
      });
    return { items, results, end: () => timer.abort() };
  }
}
