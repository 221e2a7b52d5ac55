import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from '../protocol/rules/ports.js';
import { createQueueSender } from './queue-sender.js';

/**
 * The copy of a dead letter that a person finds in the AWS console. Its attributes say what died and why; its body is what
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
