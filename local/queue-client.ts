import type { Message } from '@aws-sdk/client-sqs';

/** The SQS calls of an event source mapping, without the SDK, so that a poll costs little. */
export interface QueueClient {
  /** At most `max` messages, and at most SQS's limit for one receive. */
  receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]>;
  delete(messages: readonly { messageId: string; receiptHandle: string }[]): Promise<void>;
}

/** SQS's limit for one batch. */
const SQS_BATCH = 10;

export function queueClient(serverUrl: string, queueUrl: string): QueueClient {
  return {
    async receive(max, waitSeconds, signal) {
      const request = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(max, SQS_BATCH),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      };
      const { Messages = [] } = await call<{ Messages?: Message[] }>(serverUrl, 'ReceiveMessage', request, signal);
      return Messages;
    },
    async delete(messages) {
      for (let from = 0; from < messages.length; from += SQS_BATCH) {
        const entries = messages
          .slice(from, from + SQS_BATCH)
          .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
        await call(serverUrl, 'DeleteMessageBatch', { QueueUrl: queueUrl, Entries: entries });
      }
    },
  };
}

/** Sends messages of one group by one request, as many as SQS's limit for one batch allows. */
export async function sendBatch(
  serverUrl: string,
  queueUrl: string,
  bodies: readonly string[],
  group: string,
): Promise<void> {
  const entries = bodies.map((body, index) => ({ Id: String(index), MessageBody: body, MessageGroupId: group }));
  await call(serverUrl, 'SendMessageBatch', { QueueUrl: queueUrl, Entries: entries });
}

async function call<T>(serverUrl: string, action: string, request: object, signal?: AbortSignal): Promise<T> {
  const response = await fetch(serverUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify(request),
    ...(signal && { signal }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : {}) as T;
}
