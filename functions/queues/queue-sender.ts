import {
  ChangeMessageVisibilityBatchCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { createBatcher } from '../primitives/batcher.js';
import { PlatformError } from '../primitives/failed-message.js';

/** Milliseconds to gather changes: only the invocation's end waits for them, so a whole batch shares one request. */
const GATHER_CHANGES_MS = 25;

/** Visibility timeouts of received messages. */
export interface Visibility {
  /** Hides the message for `seconds` from now. Best effort: on failure the queue's own timeout stays. */
  change(receiptHandle: string, seconds: number): Promise<void>;
}

/** @param expected how many messages may be hidden at about this time */
export function createVisibility(
  sqs: SQSClient,
  queueUrl: string,
  onError: (error: unknown) => void,
  expected?: () => number,
): Visibility {
  const change = createBatcher(
    GATHER_CHANGES_MS,
    async (changes: readonly { receiptHandle: string; seconds: number }[]) => {
      const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries })).catch(onError);
      return changes.map(() => ({ status: 'fulfilled', value: undefined }) as const);
    },
    expected,
  );
  return { change: (receiptHandle, seconds) => change({ receiptHandle, seconds }) };
}

export interface OutgoingMessage {
  readonly body: string;
  /** 0 to 900. */
  readonly delaySeconds?: number;
  /** Message group: a fair queue shares its throughput among groups. */
  readonly group?: string | undefined;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** SQS accepted the batch, but refused this message of it. */
class MessageRefused extends PlatformError {
  override readonly name = 'MessageRefused';
}

/** Milliseconds within which messages are gathered into one request. */
const GATHER_MS = 2;

/** Sends to one queue; resolves when SQS has the message. */
export function createQueueSender(sqs: SQSClient, queueUrl: string): (message: OutgoingMessage) => Promise<void> {
  return createBatcher(GATHER_MS, async (messages) => {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: messages.map(entryOf) }),
    );
    return messages.map((_, index) => {
      const failed = Failed.find(({ Id }) => Id === String(index));
      if (failed === undefined) return { status: 'fulfilled', value: undefined };
      return { status: 'rejected', reason: new MessageRefused(`${failed.Code}: ${failed.Message ?? ''}`) };
    });
  });
}

function entryOf({ body, delaySeconds, group, attributes }: OutgoingMessage, index: number) {
  return {
    Id: String(index),
    MessageBody: body,
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(attributes && { MessageAttributes: attributeValues(attributes) }),
  };
}

function attributeValues(attributes: Readonly<Record<string, string>>): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
