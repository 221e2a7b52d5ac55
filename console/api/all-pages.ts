interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}

export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** The list has more rows than were read; the page must say so. */
  readonly more: boolean;
}

/** The rows of a list, page after page: all rows, or those of the given number of pages. */
export async function allPages<Row>(
  pageAt: (cursor: string | undefined) => Promise<Page<Row>>,
  mostPages = Number.POSITIVE_INFINITY,
): Promise<Rows<Row>> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const { data, next_cursor } = await pageAt(cursor);
    rows.push(...data);
    if (next_cursor === null) return { rows, more: false };
    cursor = next_cursor;
  }
  return { rows, more: true };
}
