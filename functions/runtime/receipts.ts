import type { Context, SQSRecord } from 'aws-lambda';
import type { Visibility } from '../queues/queue-sender.js';

/**
 * A received message. SQS deletes a message when its invocation ends, which may be long after the message's own work. Until
 * then SQS must not deliver the message again: its work is done, or a copy carries the work.
 */
export interface Receipt {
  /** The time that the invocation has left, in milliseconds. */
  remainingMs(): number;
  /** Hides the message for that long, and on while the invocation lives: if its worker dies, the message soon returns. */
  hideFor(ms: number): void;
  /** Shows the message after that long, in place of the queue's visibility timeout of minutes. */
  showAfter(ms: number): void;
}

/** Time for a change of visibility to reach SQS. */
const LEAD_MS = 2_000;
/** Each renewal hides a message for this long. */
const RENEWED_MS = 20_000;

/** The receipts of one invocation. `end` resolves when SQS has all changes: Lambda freezes what is still under way. */
export function receiptsOf(context: Pick<Context, 'getRemainingTimeInMillis'>) {
  const renewals = new Map<string, NodeJS.Timeout>();
  const changes: Promise<void>[] = [];
  const remainingMs = () => context.getRemainingTimeInMillis();

  function open({ receiptHandle }: Pick<SQSRecord, 'receiptHandle'>, visibility: Visibility): Receipt {
    function showAfter(ms: number): void {
      clearTimeout(renewals.get(receiptHandle));
      changes.push(visibility.change(receiptHandle, Math.ceil(ms / 1000)));
    }
    function hideFor(ms: number): void {
      showAfter(ms);
      if (ms > remainingMs()) return;
      const renew = () => hideFor(Math.min(RENEWED_MS, remainingMs() + 1_000));
      renewals.set(receiptHandle, setTimeout(renew, ms - LEAD_MS));
    }
    return { remainingMs, hideFor, showAfter };
  }

  async function end(): Promise<void> {
    for (const renewal of renewals.values()) clearTimeout(renewal);
    await Promise.all(changes);
  }

  return { open, end };
}
