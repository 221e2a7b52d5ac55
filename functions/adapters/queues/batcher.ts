/** SQS takes ten entries in a batch. */
const BATCH_SIZE = 10;

/**
 * Gathers what comes within `gatherMs` into batches of ten at most. `send` answers one result per item, in order; each
 * caller gets its own. One call for ten costs as much as one call for one.
 */
export function createBatcher<Item, Result>(
  gatherMs: number,
  send: (items: readonly Item[]) => Promise<PromiseSettledResult<Result>[]>,
): (item: Item) => Promise<Result> {
  let gathering: { readonly items: Item[]; readonly results: Promise<PromiseSettledResult<Result>[]> } | undefined;

  return async (item) => {
    if (gathering === undefined || gathering.items.length === BATCH_SIZE) gathering = gather();
    const { items, results } = gathering;
    const position = items.push(item) - 1;
    const result = (await results)[position]!;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };

  function gather() {
    const items: Item[] = [];
    const results = new Promise<void>((resolve) => setTimeout(resolve, gatherMs)).then(() => {
      if (gathering?.items === items) gathering = undefined;
      return send(items);
    });
    return { items, results };
  }
}
