export interface Page<Item> {
  readonly data: readonly Item[];
  /** Names the next page as `cursor`; null on the last one. */
  readonly next_cursor: string | null;
}

/**
 * A list of the API, newest first. `for await` goes through all of its items, and asks for the next page when it is needed;
 * `page()` answers one page alone.
 */
export class Pages<Item> implements AsyncIterable<Item> {
  readonly #load: (cursor: string | undefined) => Promise<Page<Item>>;

  constructor(load: (cursor: string | undefined) => Promise<Page<Item>>) {
    this.#load = load;
  }

  /** The page of the query's `cursor`, or the first one. */
  page(): Promise<Page<Item>> {
    return this.#load(undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    let page = await this.#load(undefined);
    for (;;) {
      yield* page.data;
      if (page.next_cursor === null) return;
      page = await this.#load(page.next_cursor);
    }
  }
}
