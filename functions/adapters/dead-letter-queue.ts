import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from '../core/ports.js';

/**
 * The copy of a dead letter that a person finds in the AWS console. Its attributes say what died and why; its body is what
 * the `replay` queue's consumer needs.
 */
export function createDeadLetterQueue(sqs: SQSClient, queueUrl: string): DeadLetterQueue {
  return {
    async send(notice, lastStatus) {
      const attributes = {
        project: notice.project,
        endpoint: notice.endpoint ?? 'inline target',
        task: notice.task,
        reason: notice.reason,
        last_status: lastStatus,
      };
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(notice),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
        }),
      );
    },
  };
}
