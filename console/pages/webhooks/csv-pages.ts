export interface CsvPage {
  readonly text: string;
  /** The Link header. */
  readonly link: string | null;
}

/** The rows of a list as CSV, page by page, below one header line, with the number of rows so far. */
export async function* csvPages(
  pageAt: (cursor: string | undefined) => Promise<CsvPage>,
): AsyncGenerator<{ readonly text: string; readonly rows: number }> {
  let rows = 0;
  let cursor: string | undefined;
  do {
    const { text, link } = await pageAt(cursor);
    rows += rowsIn(text);
    yield { text: cursor === undefined ? text : text.slice(text.indexOf('\n') + 1), rows };
    cursor = nextCursor(link);
  } while (cursor !== undefined);
}

/** Number of rows; a line end within quotes ends no row. */
function rowsIn(csv: string): number {
  const lines = csv.replace(/"[^"]*"/g, '').split('\r\n').length;
  return lines - 2; // the header line, and the empty text behind the last line end
}

function nextCursor(link: string | null): string | undefined {
  const next = /<([^>]*)>; rel="next"/.exec(link ?? '')?.[1];
  return (next && new URL(next, 'http://api.invalid').searchParams.get('cursor')) || undefined;
}
