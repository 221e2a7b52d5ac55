import type { Context, SQSRecord } from 'aws-lambda';
import { type LaneToken, laneMessage } from '../core/run/token.js';
import { wireDeliverer } from '../runtime/deliverer-wiring.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { tally } from '../runtime/tally.js';
import { bury, deliver, settle } from './deliver.js';
import { HopCapError } from './put-back.js';
import type { Receipt } from './worker.js';

const { worker, visibility, workedOff, maxReceives, failedAgainMs } = wireDeliverer();

/** A delivery lane: attempts that are due, and retry jobs that were given up. */
export const handler = handleMessages(async (message, context) => {
  const { receipt, done } = receiptOf(message, context);
  const receives = Number(message.attributes.ApproximateReceiveCount);
  try {
    const token = laneMessage.parse(JSON.parse(message.body));
    if (token.kind === 'probe') await workedOff.note(token);
    else if (receives >= maxReceives) await buryCounted(token);
    else if (token.kind === 'settle') await settle(worker, token);
    else await deliver(worker, token, receipt);
  } catch (error) {
    if (error instanceof HopCapError) tally.count('hop_cap_reached');
    receipt.hideFor(failedAgainMs * receives); // the queue's own timeout is minutes
    throw error;
  } finally {
    await done();
  }
});

async function buryCounted(token: LaneToken): Promise<void> {
  await bury(worker, token);
  tally.count('poison_buried');
}

function receiptOf(message: SQSRecord, context: Context): { receipt: Receipt; done: () => Promise<unknown> } {
  const changes: Promise<void>[] = [];
  const receipt: Receipt = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    hideFor: (ms) => void changes.push(visibility.change(message.receiptHandle, Math.ceil(ms / 1000))),
  };
  return { receipt, done: () => Promise.all(changes) };
}
