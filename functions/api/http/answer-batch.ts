import { logger } from '../../runtime/logger.js';
import { problemOf } from './problem.js';
import type { RouteAnswer } from './route.js';

/**
 * A batch's answer: one result per entry, in order, with the answer of `work` or the entry's problem. All entries run
 * concurrently, so that their messages fill SQS's batches.
 */
export async function answerBatch(
  entries: readonly unknown[],
  requestId: string,
  work: (entry: unknown, index: number) => Promise<{ readonly status: number }>,
): Promise<RouteAnswer> {
  const data = await Promise.all(
    entries.map((entry, index) => work(entry, index).catch((error: unknown) => entryFailure(error, requestId))),
  );
  if (data.every(({ status }) => status >= 500)) throw new Error('every entry of the batch failed');
  // An entry that failed may have been created: only a repeat under the same ids can tell.
  return { status: 200, body: { data }, isUnfinished: data.some(({ status }) => status >= 500) };
}

/** The problem that the entry would answer as a request of its own. */
function entryFailure(error: unknown, requestId: string) {
  const { headers: _headers, ...problem } = problemOf(error);
  if (problem.status === 500)
    logger.error('unexpected error in a batch', { request_id: requestId, error: error as Error });
  return { status: problem.status, error: { type: 'about:blank', ...problem, request_id: requestId } };
}
