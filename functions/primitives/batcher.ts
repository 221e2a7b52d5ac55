import { setTimeout as sleep } from 'node:timers/promises';

/** The messages of an invocation reach the same point a few milliseconds apart. */
export const MESSAGES_APART_MS = 5;
/** SQS takes ten entries in a batch. */
const BATCH_SIZE = 10;

/**
 * Gathers items that come within `gatherMs` of each other into batches of ten at most. `send` answers one result per
 * item, in order; each caller gets its own result. One call for ten items costs as much as one call for one.
 */
export function createBatcher<Item, Result>(
  gatherMs: number,
  send: (items: readonly Item[]) => Promise<PromiseSettledResult<Result>[]>,
): (item: Item) => Promise<Result> {
  let gathering: { readonly items: Item[]; readonly results: Promise<PromiseSettledResult<Result>[]> } | undefined;

  return async (item) => {
    if (gathering === undefined || gathering.items.length === BATCH_SIZE) gathering = gather(item);
    else gathering.items.push(item);
    const { items, results } = gathering;
    const position = items.length - 1;
    const result = (await results)[position]!;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };

  function gather(first: Item) {
    const items = [first];
    const results = untilNoneComes(items).then(() => {
      if (gathering?.items === items) gathering = undefined;
      return send(items);
    });
    return { items, results };
  }

  /** The processor prepares the items one by one: a slow processor must not split one call into ten. */
  async function untilNoneComes(items: readonly Item[]): Promise<void> {
    let seen: number;
    do {
      seen = items.length;
      await sleep(gatherMs);
    } while (items.length > seen && items.length < BATCH_SIZE);
  }
}

/**
 * Callers that ask for the same key within a few milliseconds share one read. The read begins after all of them have
 * asked, so it is as consistent as a read for each.
 */
export function gatheredReads(): <Value>(key: string, read: () => Promise<Value>) => Promise<Value> {
  const gathering = new Map<string, Promise<unknown>>();
  return <Value>(key: string, read: () => Promise<Value>) => {
    const shared =
      (gathering.get(key) as Promise<Value> | undefined) ??
      new Promise<void>((resolve) => setTimeout(resolve, MESSAGES_APART_MS)).then(() => {
        gathering.delete(key);
        return read();
      });
    gathering.set(key, shared);
    return shared;
  };
}
