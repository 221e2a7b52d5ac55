import { wireApi } from '../runtime/api-wiring.js';
import { logger } from '../runtime/logger.js';
import { counting, metrics } from '../runtime/metrics.js';
import { dialectAt } from './dialects/registry.js';
import { httpStack } from './http/http-stack.js';
import { createApi } from './http/serve.js';
import { routes } from './routes/routes.js';

/**
 * The HTTP API: `/v1`, and the dialects over the same core behind `/api`. Metrics are not printed for each request:
 * their line would cost more than the access log's.
 */
export const handler = counting(
  httpStack(createApi(routes, wireApi()), logger, (path) => dialectAt(path)?.error),
  metrics.flushSeldom,
);
