import type { Context, SQSRecord } from 'aws-lambda';
import { laneMessage, laneToken, readToken } from '../protocol/rules/token.js';
import { wireDeliverer } from '../runtime/deliverer-wiring.js';
import { failedMessages } from '../runtime/failed-messages.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { bury, deliver, settle } from './deliver.js';
import { type Receipt, Unfinished } from './worker.js';

const { worker, lane, workedOff, failures } = wireDeliverer();

const failed = failedMessages({
  ...failures,
  queueOf: () => lane,
  end: (message) => bury(worker, readToken(laneToken, message.body)),
  bodyAfter: (error) => (error instanceof Unfinished ? JSON.stringify(error.token) : undefined),
});

/** A delivery lane: due attempts, retry jobs that were given up, and probes. */
export const handler = handleMessages(async (message, context) => {
  const token = readToken(laneMessage, message.body);
  const { receipt, done } = receiptOf(message, context);
  try {
    if (token.kind === 'deliver') return await deliver(worker, token, receipt);
    if (token.kind === 'settle') await settle(worker, token);
    else await workedOff.note(token);
    return token.kind === 'settle';
  } finally {
    await done();
  }
}, failed);

function receiptOf(message: SQSRecord, context: Context): { receipt: Receipt; done: () => Promise<unknown> } {
  const changes: Promise<void>[] = [];
  const receipt: Receipt = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    hideFor: (ms) => void changes.push(lane.visibility.change(message.receiptHandle, Math.ceil(ms / 1000))),
  };
  return { receipt, done: () => Promise.all(changes) };
}
