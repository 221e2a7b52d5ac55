import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from '../protocol/rules/ports.js';
import { createQueueSender } from './queue-sender.js';

/**
 * The copy of a dead letter for the AWS console. The message's attributes show the run and the reason; its body is what
 * the `replay` queue's consumer needs.
 */
export function createDeadLetterQueue(sqs: SQSClient, queueUrl: string): DeadLetterQueue {
  const send = createQueueSender(sqs, queueUrl);
  return {
    send: (notice, lastStatus) =>
      send({
        body: JSON.stringify(notice),
        attributes: {
          project: notice.project,
          endpoint: notice.endpoint ?? 'inline target',
          task: notice.task,
          reason: notice.reason,
          last_status: lastStatus,
        },
      }),
  };
}
