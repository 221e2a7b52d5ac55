import { wireApi } from '../runtime/api-wiring.js';
import { httpStack } from '../runtime/http-stack.js';
import { logger } from '../runtime/logger.js';
import { counting } from '../runtime/tally.js';
import { routes } from './routes.js';
import { createApi } from './serve.js';

/** The HTTP API: everything behind `/v1`. */
export const handler = counting(httpStack(createApi(routes, wireApi()), logger));
