import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ProbeToken } from '../protocol/rules/token.js';
import type { Quarantine, SetApart } from '../protocol/sweep/quarantine.js';
import type { AnyQueueName, QueueClocks, QueueName } from '../protocol/sweep/sweep-ports.js';
import { createQueueSender } from './queue-sender.js';

/** Sends probes through the queues with these URLs. A probe without a group of work has a message group of its own. */
export function createProbes(sqs: SQSClient, urls: Readonly<Record<QueueName, string>>): Pick<QueueClocks, 'probe'> {
  const senders = {
    fast: createQueueSender(sqs, urls.fast),
    slow: createQueueSender(sqs, urls.slow),
    'wake-ups': createQueueSender(sqs, urls['wake-ups']),
  };
  return {
    probe({ queue, group }, sent_at) {
      const token: ProbeToken = { kind: 'probe', project: '', queue, ...(group && { group }), sent_at, hop: 0 };
      return senders[queue]({
        body: JSON.stringify(token),
        ...(queue !== 'wake-ups' && { group: group ?? token.kind }),
      });
    },
  };
}

/** Visibility timeout, long enough that one round receives each message once. `leave` shows messages again at once. */
const HIDDEN_SECONDS = 60;
const BATCH_SIZE = 10;
/** Most messages that one round receives; a DLQ with more is an incident that has raised an alarm already. */
const MOST_SEEN = 10_000;

/** The DLQ at `dlqUrl`, which belongs to the queue at `url`. */
export function createQuarantine(sqs: SQSClient, queue: AnyQueueName, dlqUrl: string, url: string): Quarantine {
  const send = createQueueSender(sqs, url);
  return {
    queue,

    async *messages() {
      for (let seen = 0; seen < MOST_SEEN; ) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: dlqUrl,
            MaxNumberOfMessages: BATCH_SIZE,
            VisibilityTimeout: HIDDEN_SECONDS,
            WaitTimeSeconds: 1, // a short poll asks only a part of SQS's servers and may miss messages
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
          }),
        );
        if (Messages.length === 0) return;
        seen += Messages.length;
        yield Messages.map(setApart);
      }
    },

    async sendBack({ body, group, receipt }, attributes) {
      await send({ body, group, attributes });
      await sqs.send(new DeleteMessageCommand({ QueueUrl: dlqUrl, ReceiptHandle: receipt }));
    },

    async leave(messages) {
      for (let start = 0; start < messages.length; start += BATCH_SIZE) {
        const Entries = messages
          .slice(start, start + BATCH_SIZE)
          .map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt, VisibilityTimeout: 0 }));
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: dlqUrl, Entries }));
      }
    },
  };
}

function setApart({ Body = '', MessageAttributes = {}, Attributes = {}, ReceiptHandle = '' }: Message): SetApart {
  const texts = Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
    StringValue === undefined ? [] : [[name, StringValue] as const],
  );
  return {
    body: Body,
    attributes: Object.fromEntries(texts),
    group: Attributes.MessageGroupId,
    sentAt: Number(Attributes.SentTimestamp),
    receipt: ReceiptHandle,
  };
}
