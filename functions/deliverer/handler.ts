import { laneMessage, laneToken, readToken } from '../protocol/rules/token.js';
import { wireDeliverer } from '../runtime/deliverer-wiring.js';
import { failedMessages } from '../runtime/failed-messages.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { bury, deliver, settle } from './deliver.js';
import { Unfinished } from './worker.js';

const { worker, lane, workedOff, failures } = wireDeliverer();
const queueOf = () => lane;

const failed = failedMessages({
  ...failures,
  queueOf,
  end: (message) => bury(worker, readToken(laneToken, message.body)),
  bodyAfter: (error) => (error instanceof Unfinished ? JSON.stringify(error.token) : undefined),
});

/** A delivery lane: due attempts, retry jobs that were given up, and probes. */
export const handler = handleMessages(queueOf, failed, async (message, receipt) => {
  const token = readToken(laneMessage, message.body);
  if (token.kind === 'deliver') return deliver(worker, token, receipt);
  if (token.kind === 'settle') await settle(worker, token);
  else await workedOff.note(token);
  return token.kind === 'settle';
});
