/** The messages of an invocation reach the same point a few milliseconds apart. */
export const MESSAGES_APART_MS = 5;
/** SQS takes ten entries in a batch. */
const BATCH_SIZE = 10;

/**
 * Gathers items that come within `gatherMs` of each other into batches of ten at most. `send` answers one result per
 * item, in order; each caller gets its own result. One call for ten items costs as much as one call for one.
 * @param expected how many items may still come at about this time: a batch that has them all waits no longer
 */
export function createBatcher<Item, Result>(
  gatherMs: number,
  send: (items: readonly Item[]) => Promise<PromiseSettledResult<Result>[]>,
  expected: () => number = () => Number.POSITIVE_INFINITY,
): (item: Item) => Promise<Result> {
  let gathering: Gathering<Item, Result> | undefined;

  return async (item) => {
    if (gathering === undefined || gathering.items.length === BATCH_SIZE) gathering = gather();
    const { items, results, close } = gathering;
    const position = items.push(item) - 1;
    if (items.length >= Math.min(expected(), BATCH_SIZE)) close();
    const result = (await results)[position]!;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };

  function gather(): Gathering<Item, Result> {
    const items: Item[] = [];
    let seen = 1;
    let timer: NodeJS.Timeout;
    let close = () => {};
    const results = new Promise<void>((resolve) => {
      // The processor prepares the items one by one: a slow processor must not split one call into ten.
      const look = () => {
        if (items.length === seen) return resolve();
        seen = items.length;
        timer = setTimeout(look, gatherMs);
      };
      timer = setTimeout(look, gatherMs);
      close = resolve;
    }).then(() => {
      clearTimeout(timer);
      if (gathering?.items === items) gathering = undefined;
      return send(items);
    });
    return { items, results, close };
  }
}

interface Gathering<Item, Result> {
  readonly items: Item[];
  readonly results: Promise<PromiseSettledResult<Result>[]>;
  /** Sends what is gathered. */
  readonly close: () => void;
}

/**
 * Callers that ask for the same key within a few milliseconds share one read. The read begins after all of them have
 * asked, so it is as consistent as a read for each. A single caller, by `expected`, waits for no other.
 */
export function gatheredReads(
  expected: () => number = () => Number.POSITIVE_INFINITY,
): <Value>(key: string, read: () => Promise<Value>) => Promise<Value> {
  const gathering = new Map<string, Promise<unknown>>();
  return <Value>(key: string, read: () => Promise<Value>) => {
    if (expected() <= 1) return read();
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
