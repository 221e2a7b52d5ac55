import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { idsIn } from './ids-in.js';
import { logger } from './logger.js';
import { counting, tally } from './tally.js';

/** In place of the parser's own message, which quotes the body. */
const NOT_JSON = 'the message is not JSON';

/**
 * The one middy stack for SQS: the messages of a batch are handled side by side, and only those that fail come back.
 * Failing is for what nobody foresaw; "not yet" is a delayed copy.
 */
export function handleMessages(handle: (message: SQSRecord, context: Context) => Promise<void>) {
  const stack = middy<SQSEvent, unknown>()
    .use(
      sqsPartialBatchFailure({
        logger: (error: unknown, { messageId, body }: SQSRecord) => {
          tally.count('failed_messages');
          logger.error('message failed', {
            messageId,
            ...idsIn(body),
            error: error instanceof SyntaxError ? NOT_JSON : (error as Error),
          });
        },
      }),
    )
    .handler((event: SQSEvent, context: Context) =>
      Promise.allSettled(event.Records.map((message) => handle(message, context))),
    );
  return counting((event: SQSEvent, context: Context) => stack(event, context));
}
