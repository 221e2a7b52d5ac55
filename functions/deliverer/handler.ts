import type { Context, SQSRecord } from 'aws-lambda';
import { laneToken } from '../core/run/token.js';
import { wireDeliverer } from '../runtime/deliverer-wiring.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { bury, deliver, settle } from './deliver.js';
import type { Receipt } from './worker.js';

const { worker, visibility, maxReceives, failedAgainMs } = wireDeliverer();

/** A delivery lane: attempts that are due, and retry jobs that were given up. */
export const handler = handleMessages(async (message, context) => {
  const { receipt, done } = receiptOf(message, context);
  const receives = Number(message.attributes.ApproximateReceiveCount);
  try {
    const token = laneToken.parse(JSON.parse(message.body));
    if (receives >= maxReceives) await bury(worker, token);
    else if (token.kind === 'settle') await settle(worker, token);
    else await deliver(worker, token, receipt);
  } catch (error) {
    receipt.hideFor(failedAgainMs * receives); // the queue's own timeout is minutes
    throw error;
  } finally {
    await done();
  }
});

function receiptOf(message: SQSRecord, context: Context): { receipt: Receipt; done: () => Promise<unknown> } {
  const changes: Promise<void>[] = [];
  const receipt: Receipt = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    hideFor: (ms) => void changes.push(visibility.change(message.receiptHandle, Math.ceil(ms / 1000))),
  };
  return { receipt, done: () => Promise.all(changes) };
}
