export type HttpMethod = 'POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE';

/** Where and how to call: the common part of an endpoint and an inline target. */
export interface Destination {
  readonly url: string;
  readonly method: HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout_ms: number;
}

/** How one outbound call ended; the status of its delivery attempt. */
export type AttemptStatus = 'success' | 'failed' | 'timed_out' | 'blocked' | 'cancelled';

/** One HTTP request to make, its headers complete but for Host, Content-Length and Connection. */
export interface OutboundCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Milliseconds for everything together: name lookup, connection, TLS, headers and body of the answer. */
  timeoutMs: number;
  /** Aborting it ends the call as `cancelled`. */
  cancel?: AbortSignal;
}

/** Outcome of a call. Only `success` means that the receiver has answered 2xx, and completely. */
export interface CallOutcome {
  status: AttemptStatus;
  /**
   * The status of the answer, null without an answer. May be 2xx beside `failed` or `timed_out`: the body broke off, or
   * the answer cannot be read.
   */
  http_status: number | null;
  /** Lower-case names, repeated headers joined by ', '; at most a few KB in all. */
  response_headers: Record<string, string>;
  /** The first 4 KB as UTF-8, a Content-Encoding undone, bad bytes replaced, cut between characters. */
  response_body: string;
  /** Null for `success` alone. The code is for programs, the message for people; neither holds a secret. */
  error: { code: string; message: string } | null;
  /** `started_at` and `finished_at` are Unix milliseconds. */
  started_at: number;
  finished_at: number;
}

/** Codes of timeouts name the phase: `timeout_connect`, `timeout_response`, `timeout_body`. */
export function isTimeoutCode(code: string): boolean {
  return code.startsWith('timeout_');
}

/** Codes of answers that cannot be read. */
export const MALFORMED = 'malformed_response';
export const HEADERS_TOO_LARGE = 'response_headers_too_large';

/** The receiver answered 2xx in an unreadable form: it has done the work, and would answer the same way again. */
export function isUnreadableSuccess(outcome: Pick<CallOutcome, 'http_status' | 'error'>): boolean {
  const { http_status, error } = outcome;
  if (http_status === null || http_status < 200 || http_status > 299) return false;
  return error?.code === MALFORMED || error?.code === HEADERS_TOO_LARGE;
}

/** Makes a call. Never rejects: every failure is an outcome. */
export type CallEndpoint = (call: OutboundCall) => Promise<CallOutcome>;
