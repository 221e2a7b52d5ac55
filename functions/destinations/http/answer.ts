import type { Judged } from '../kind.js';

/** The codes of answers that came, but cannot be read. */
export const MALFORMED = 'malformed_response';
export const HEADERS_TOO_LARGE = 'response_headers_too_large';

/** The receiver has said 2xx, in a form that cannot be read: it has done the work, and would answer so again. */
export function isUnreadableSuccess({ http_status, error }: Judged): boolean {
  if (http_status === null || http_status < 200 || http_status > 299) return false;
  return error?.code === MALFORMED || error?.code === HEADERS_TOO_LARGE;
}
