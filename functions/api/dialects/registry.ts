import type { Dialect } from '../http/dialect.js';
import { dialect as cronService } from './cron-service/routes.js';
import { dialect as dispatch } from './dispatch/routes.js';

export const dialects: readonly Dialect[] = [cronService, dispatch];

/** The dialect whose prefix begins this path; undefined for paths of our own API. */
export function dialectAt(path: string): Dialect | undefined {
  return dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
}
