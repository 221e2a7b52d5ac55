/**
 * Milliseconds that each phase of an HTTP call took, of those that were completed; `first_byte` is the wait for the
 * answer's headers. A call on a reused connection has no `dns`, `connect` and `tls`.
 */
export type Timings = { readonly [phase in 'dns' | 'connect' | 'tls' | 'first_byte']?: number };

/** How one outbound call ended; the status of its delivery attempt. */
export type AttemptStatus = 'success' | 'failed' | 'timed_out' | 'blocked' | 'cancelled';

/** What came of a call. Only `success` means that the receiver has taken what was sent, and has said so completely. */
export interface CallOutcome {
  status: AttemptStatus;
  /**
   * The HTTP status of the answer, null when none came and for calls that are not HTTP. May be 2xx beside `failed` or
   * `timed_out`: the body broke off, or the answer cannot be read.
   */
  http_status: number | null;
  /** Lower-case names, repeated headers joined by ', '; at most a few KB in all. A `retry-after` asks to wait. */
  response_headers: Record<string, string>;
  /** The first 4 KB as UTF-8, a Content-Encoding undone, bad bytes replaced, cut between characters. */
  response_body: string;
  /** Null for `success` alone. The code is for programs, the message for people; neither holds a secret. */
  error: { code: string; message: string } | null;
  /** Both in milliseconds since 1970. */
  started_at: number;
  finished_at: number;
  timings_ms?: Timings;
}

/** The codes of answers that came, but cannot be read. */
export const MALFORMED = 'malformed_response';
export const HEADERS_TOO_LARGE = 'response_headers_too_large';

/** The codes of calls that timed out name what was waited for: `timeout_connect`, `timeout_response`, `timeout_body`. */
export function isTimeoutCode(code: string): boolean {
  return code.startsWith('timeout_');
}
