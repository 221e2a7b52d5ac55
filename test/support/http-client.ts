/** What an API answered. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  readonly body: any;
}

type Inspect = (method: string, path: string, reply: Reply) => void;

let inspect: Inspect = () => {};

/** From now on this looks at every answer that any client gets. Handed in, since scripts that jest does not run cannot load the API's routes. */
export function inspectReplies(by: Inspect): void {
  inspect = by;
}

/** A user of the HTTP API, with curl in hand: any method, any path, any bytes. */
export class HttpClient {
  constructor(
    readonly base: string,
    /** Sent with every request. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** A string or bytes are sent as they are, anything else as JSON; as JSON they all call themselves. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const asItIs = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(this.base + path, {
      method,
      redirect: 'manual',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...this.headers, ...headers },
      ...(body !== undefined && { body: asItIs ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '') && text !== '';
    const read = isJson ? JSON.parse(text) : undefined;
    const reply = { status: response.status, headers: response.headers, text, body: read };
    inspect(method, path, reply);
    return reply;
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('POST', path, body, headers);
  }
}

/** The reply, which must have this status. */
export function expectStatus(reply: Reply, status: number): Reply {
  if (reply.status !== status) throw new Error(`answered ${reply.status}, not ${status}: ${reply.text.slice(0, 2000)}`);
  return reply;
}
