import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { wireApi } from '../runtime/api-wiring.js';
import { logger } from '../runtime/logger.js';
import { counting, metrics } from '../runtime/metrics.js';
import { dialectAt } from './dialects/registry.js';
import { withoutPrefix } from './http/account-caller.js';
import { httpStack } from './http/http-stack.js';
import { createApi } from './http/serve.js';
import { routes } from './routes/routes.js';

const serve = httpStack(createApi(routes, wireApi()), logger, (path) => dialectAt(path)?.error);

/**
 * The HTTP API: `/v1`, and the dialects over the same core behind `/api`. Metrics are not printed for each request:
 * their line would cost more than the access log's.
 */
export const handler = counting(
  (event: APIGatewayProxyEventV2, context: Context) => serve(withoutPrefix(event), context),
  metrics.flushSeldom,
);
