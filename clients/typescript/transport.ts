import { apiError, UnreachableError } from './faults.js';

export interface PunctualOptions {
  /** The API's address: `https://….execute-api.….amazonaws.com`, or `http://127.0.0.1:8787` of a local stack. */
  readonly url: string;
  /** A project's key, `sk_…`. */
  readonly apiKey: string;
  /** Longest time of one HTTP request, in milliseconds. 10,000 unless given. */
  readonly timeoutMs?: number;
  /** How often a request is sent again after a network error, a 429 or a 5xx. 4 unless given. */
  readonly retries?: number;
  /** Called in place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  /** Ends the call, its retries included: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest time of one HTTP request of this call, in milliseconds. */
  readonly timeoutMs?: number;
  /**
   * Makes one thing of all calls under the same key within 24 hours, also after your process died: make it from your own data.
   * Without it each call has a fresh key, the same for its retries.
   */
  readonly idempotencyKey?: string;
}

export type Query = Readonly<Record<string, unknown>>;

export interface ApiRequest extends CallOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
}

/** Sends a request of the API and answers the body of its success. @throws PunctualError */
export type Send = <Answer>(method: string, path: string, request?: ApiRequest) => Promise<Answer>;

/** A longer Retry-After is not waited for: the caller learns it, as `retryAfterSeconds`. */
const MAX_WAIT_SECONDS = 30;
const FIRST_WAIT_MS = 250;
const MAX_BACKOFF_MS = 8_000;
/** A repeat of a request in a loop is one more round of the loop. */
const LOOP_DETECTED = 508;

export function createSend(options: PunctualOptions): Send {
  const { url, apiKey, retries = 4 } = options;
  const base = url.replace(/\/+$/, '');
  return async <Answer>(method: string, path: string, request: ApiRequest = {}) => {
    const { query, body, signal, idempotencyKey, timeoutMs = options.timeoutMs ?? 10_000 } = request;
    const init = {
      method,
      headers: {
        'X-API-Key': apiKey,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(method !== 'GET' && { 'Idempotency-Key': idempotencyKey ?? crypto.randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const address = base + path + queryText(query);
    for (let retry = 0; ; retry += 1) {
      const outcome = await sendOnce(options.fetch ?? fetch, address, init, timeoutMs, signal);
      if ('answer' in outcome) return outcome.answer as Answer;
      if (retry >= retries || outcome.waitSeconds === undefined) throw outcome.error;
      await sleep(outcome.waitSeconds * 1000 || backoffMs(retry), signal);
    }
  };
}

/** `waitSeconds`: before the request is sent again; 0 if the server did not say, undefined if it must not be sent again. */
type Outcome = { readonly answer: unknown } | { readonly error: Error; readonly waitSeconds: number | undefined };

async function sendOnce(
  call: typeof fetch,
  address: string,
  init: RequestInit,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await call(address, { ...init, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    const text = await response.text();
    if (response.ok) return { answer: parsed(text, response.headers.get('content-type')) };
    const error = apiError(response, text);
    return { error, waitSeconds: waitAfter(error.status, error.retryAfterSeconds) };
  } catch (cause) {
    signal?.throwIfAborted();
    const why = timeout.aborted ? `within ${timeoutMs} ms` : `(${reasonOf(cause)})`;
    return { error: new UnreachableError(`${address.split('?')[0]} gave no answer ${why}`, { cause }), waitSeconds: 0 };
  }
}

/** JSON; of NDJSON the values of its lines. */
function parsed(text: string, type: string | null): unknown {
  if (type?.startsWith('application/x-ndjson'))
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return text === '' ? undefined : JSON.parse(text);
}

/** A 409 with Retry-After: the first request under this Idempotency-Key still runs. */
function waitAfter(status: number, retryAfterSeconds: number | undefined): number | undefined {
  const mayPass = retryAfterSeconds !== undefined || status === 429 || (status >= 500 && status !== LOOP_DETECTED);
  const wait = retryAfterSeconds ?? 0;
  return mayPass && wait <= MAX_WAIT_SECONDS ? wait : undefined;
}

/** Of fetch's "fetch failed", the reason below it. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

/** Spread, so that many clients do not come back at the same moment. */
const backoffMs = (retry: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** retry, MAX_BACKOFF_MS) * (0.5 + Math.random() / 2);

export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A Date goes out as ISO 8601, as JSON writes it; a list as its parameter several times. */
function queryText(query: Query = {}): string {
  const text = new URLSearchParams();
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat())
      if (value !== undefined) text.append(name, value instanceof Date ? value.toISOString() : String(value));
  return text.size > 0 ? `?${text}` : '';
}
