/**
 * `Promise.all(items.map(work))` with at most `limit` items in progress at a time. After a failure no further item is
 * begun. p-map does the same, but its iterators and signals would add 5 KB to each bundle, and so to each cold start.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  let failed = false;
  async function takeAll(): Promise<void> {
    for (const [index, item] of queue) {
      if (failed) return;
      results[index] = await work(item, index);
    }
  }
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    await takeAll().catch((error) => {
      failed = true;
      throw error;
    });
  });
  await Promise.all(workers);
  return results;
}
