import type { ErrorEnvelope } from '../../runtime/http-stack.js';
import { cronServiceError } from './cron-service/envelope.js';
import { dispatchError } from './dispatch/envelope.js';

/** Whatever goes wrong below these paths, also where there is nothing, is told as the dialect tells it. */
const ENVELOPES: readonly (readonly [string, ErrorEnvelope])[] = [
  ['/api/cron-service/', cronServiceError],
  ['/api/v1/', dispatchError],
];

/** How errors look at this path; undefined for our own API's way. */
export function errorEnvelope(path: string): ErrorEnvelope | undefined {
  return ENVELOPES.find(([prefix]) => path.startsWith(prefix))?.[1];
}
