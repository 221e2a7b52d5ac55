import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import type { FailedMessages, WorkedQueue } from './failed-messages.js';
import { handleAll } from './in-hand.js';
import { counting } from './metrics.js';
import { type Receipt, receiptsOf } from './receipts.js';

/**
 * The middy stack for SQS. Messages of a batch are handled concurrently, and a failed message does not bring back the
 * others. Only unforeseen errors fail a message; "not yet" is a delayed copy.
 * @param queueOf the queue that a message came from
 * @param handle answers `true` when it has done the message's work, `false` when there was nothing to do
 */
export function handleMessages(
  queueOf: (message: SQSRecord) => WorkedQueue,
  failed: FailedMessages,
  handle: (message: SQSRecord, receipt: Receipt) => Promise<boolean>,
) {
  async function one(message: SQSRecord, receipt: Receipt): Promise<void> {
    try {
      if (await handle(message, receipt)) failed.noteSuccess();
    } catch (error) {
      await failed.handle(message, error, receipt);
    }
  }
  const stack = middy<SQSEvent, unknown>()
    .use(sqsPartialBatchFailure({ logger: () => {} }))
    .handler(async (event: SQSEvent, context: Context) => {
      const receipts = receiptsOf(context);
      const results = await handleAll(event.Records, (message) =>
        one(message, receipts.open(message, queueOf(message).visibility)),
      );
      await receipts.end();
      return results;
    });
  return counting((event: SQSEvent, context: Context) => stack(event, context));
}
