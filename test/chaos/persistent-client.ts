import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 600;
/** Long after any outage of this test; then something is wrong for good. */
const PATIENCE_MS = 300_000;

/** Longer than the API may take for any answer. */
const TIMEOUT_MS = 35_000;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API shows.
  readonly body: any;
}

/** A client as the documentation asks for: whatever got no answer, or a 5xx, is repeated under its Idempotency-Key. */
export class PersistentClient {
  /** Requests that had to be repeated. */
  repeats = 0;

  constructor(
    /** Where the API is. */
    private readonly base: () => string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The first answer that is one: 2xx, or a 4xx that says why not. */
  async send(method: string, path: string, body?: unknown, key?: string): Promise<Reply> {
    const end = Date.now() + PATIENCE_MS;
    for (let pause = PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const reply = await this.once(method, path, body, key);
      if (reply && isFinal(reply)) return reply;
      if (Date.now() > end) throw new Error(`${method} ${path}: no answer, last ${reply?.status} ${reply?.text}`);
      this.repeats++;
      await sleep(pause);
    }
  }

  /** Throws for anything but 2xx. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API shows.
  async must(method: string, path: string, body?: unknown, key?: string): Promise<any> {
    const reply = await this.send(method, path, body, key);
    if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.status}: ${reply.text}`);
    return reply.body;
  }

  /** All rows of a list, page by page. */
  async all<Row>(path: string): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const search = `${path.includes('?') ? '&' : '?'}page_size=100${cursor && `&cursor=${cursor}`}`;
      const page = (await this.must('GET', path + search)) as { data: Row[]; next_cursor: string | null };
      rows.push(...page.data);
      cursor = page.next_cursor;
    }
    return rows;
  }

  /** Undefined when no answer comes, or not all of it. */
  private async once(method: string, path: string, body: unknown, key?: string): Promise<Reply | undefined> {
    try {
      const response = await fetch(this.base() + path, {
        method,
        headers: {
          ...this.headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: text && JSON.parse(text) };
    } catch {
      return undefined;
    }
  }
}

/** A 409 with Retry-After means that the first try still runs. */
function isFinal({ status, headers }: Reply): boolean {
  return status < 500 && status !== 429 && !(status === 409 && headers.has('retry-after'));
}
