import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import type { FailedMessages } from './failed-messages.js';
import { counting } from './metrics.js';

/**
 * The middy stack for SQS. Messages of a batch are handled concurrently, and a failed message does not bring back the
 * others. Only unforeseen errors fail a message; "not yet" is a delayed copy.
 * @param handle answers `true` when it has done the message's work, `false` when there was nothing to do
 */
export function handleMessages(
  handle: (message: SQSRecord, context: Context) => Promise<boolean>,
  failed: FailedMessages,
) {
  async function one(message: SQSRecord, context: Context): Promise<void> {
    try {
      if (await handle(message, context)) failed.noteSuccess();
    } catch (error) {
      await failed.handle(message, error, context.getRemainingTimeInMillis());
    }
  }
  const stack = middy<SQSEvent, unknown>()
    .use(sqsPartialBatchFailure({ logger: () => {} }))
    .handler((event: SQSEvent, context: Context) =>
      Promise.allSettled(event.Records.map((message) => one(message, context))),
    );
  return counting((event: SQSEvent, context: Context) => stack(event, context));
}
