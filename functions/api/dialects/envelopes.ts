import type { ErrorEnvelope } from '../http/http-stack.js';
import { cronServiceError } from './cron-service/envelope.js';
import { dispatchError } from './dispatch/envelope.js';

const PATHS = { 'cron-service': '/api/cron-service', dispatch: '/api/v1' } as const;
const ENVELOPES = { 'cron-service': cronServiceError, dispatch: dispatchError } as const;

type Dialect = keyof typeof PATHS;

/** Whose words are spoken at and below this path, also where there is nothing; undefined for our own API's. */
export function dialectAt(path: string): Dialect | undefined {
  const isBelow = (base: string) => path === base || path.startsWith(`${base}/`);
  return (Object.keys(PATHS) as Dialect[]).find((dialect) => isBelow(PATHS[dialect]));
}

/** How errors look at this path; undefined for our own API's way. */
export function errorEnvelope(path: string): ErrorEnvelope | undefined {
  const dialect = dialectAt(path);
  return dialect && ENVELOPES[dialect];
}
