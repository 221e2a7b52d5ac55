import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createBatcher } from '../batcher.js';

/** Nobody waits for it but the end of the invocation, whose calls take longer: so a whole batch shares one request. */
const GATHER_MS = 25;

/** How long a received message stays hidden from other consumers. */
export interface Visibility {
  /** Hides the message for `seconds` from now. Best effort: the queue's own timeout stands when it fails. */
  change(receiptHandle: string, seconds: number): Promise<void>;
}

export function createVisibility(sqs: SQSClient, queueUrl: string, onError: (error: unknown) => void): Visibility {
  const change = createBatcher(GATHER_MS, async (changes: readonly { receiptHandle: string; seconds: number }[]) => {
    const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries })).catch(onError);
    return changes.map(() => ({ status: 'fulfilled', value: undefined }) as const);
  });
  return { change: (receiptHandle, seconds) => change({ receiptHandle, seconds }) };
}
