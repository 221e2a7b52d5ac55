import { setTimeout as sleep } from 'node:timers/promises';

/** The messages of an invocation get to the same point a few milliseconds apart. */
export const MESSAGES_APART_MS = 5;
/** SQS takes ten entries in a batch. */
const BATCH_SIZE = 10;

/**
 * Gathers what comes, one within `gatherMs` after the other, into batches of ten at most. `send` answers one result per
 * item, in order; each caller gets its own. One call for ten costs as much as one call for one.
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

  /** Those of a batch come as fast as the processor gets them ready: a slow one must not make ten calls of one. */
  async function untilNoneComes(items: readonly Item[]): Promise<void> {
    let seen: number;
    do {
      seen = items.length;
      await sleep(gatherMs);
    } while (items.length > seen && items.length < BATCH_SIZE);
  }
}

/**
 * Whoever asks for the same within a few milliseconds shares one read, which begins after all of them have asked: so it is
 * as consistent as a read of one's own.
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
