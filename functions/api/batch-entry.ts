import { logger } from '../runtime/logger.js';
import { problemOf } from '../runtime/problem.js';

/** What a batch says about an entry that failed: the problem that it would have been as a request of its own. */
export function entryFailure(error: unknown, requestId: string) {
  const { headers: _headers, ...problem } = problemOf(error);
  if (problem.status === 500)
    logger.error('unexpected error in a batch', { request_id: requestId, error: error as Error });
  return { status: problem.status, error: { type: 'about:blank', ...problem, request_id: requestId } };
}
