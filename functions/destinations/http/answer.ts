import type { Judged } from '../kind.js';
import { HEADERS_TOO_LARGE, MALFORMED } from '../outcome.js';

/** The receiver has said 2xx, in a form that cannot be read: it has done the work, and would answer so again. */
export function isUnreadableSuccess({ http_status, error }: Judged): boolean {
  if (http_status === null || http_status < 200 || http_status > 299) return false;
  return error?.code === MALFORMED || error?.code === HEADERS_TOO_LARGE;
}
