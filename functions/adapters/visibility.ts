import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** How long a received message stays hidden from other consumers. */
export interface Visibility {
  /** Hides the message for `seconds` from now. Best effort: the queue's own timeout stands when it fails. */
  change(receiptHandle: string, seconds: number): Promise<void>;
}

/** Changes asked for within this time travel together, ten at most (SQS's batch limit). */
const GATHER_MS = 5;
const BATCH_SIZE = 10;

interface Change {
  readonly receiptHandle: string;
  readonly seconds: number;
}

export function createVisibility(sqs: SQSClient, queueUrl: string, onError: (error: unknown) => void): Visibility {
  let gathering: { readonly changes: Change[]; readonly sent: Promise<void> } | undefined;

  return {
    change(receiptHandle, seconds) {
      if (gathering === undefined || gathering.changes.length === BATCH_SIZE) gathering = gather();
      gathering.changes.push({ receiptHandle, seconds });
      return gathering.sent;
    },
  };

  function gather() {
    const changes: Change[] = [];
    const sent = new Promise<void>((resolve) => setTimeout(resolve, GATHER_MS)).then(() => {
      if (gathering?.changes === changes) gathering = undefined;
      return send(changes);
    });
    return { changes, sent };
  }

  async function send(changes: readonly Change[]): Promise<void> {
    const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }));
    try {
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
    } catch (error) {
      onError(error);
    }
  }
}
