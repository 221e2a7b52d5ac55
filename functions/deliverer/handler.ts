import type { Context, SQSRecord } from 'aws-lambda';
import { type LaneToken, laneToken } from '../core/run/token.js';
import { wireDeliverer } from '../runtime/deliverer-wiring.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { tally } from '../runtime/tally.js';
import { bury, deliver, settle } from './deliver.js';
import { HopCapError } from './put-back.js';
import type { Receipt } from './worker.js';

const { worker, visibility, maxReceives, failedAgainMs } = wireDeliverer();

/** What is done with sooner needs no hiding: SQS deletes it. */
const SOON_MS = 50;

/** A delivery lane: attempts that are due, and retry jobs that were given up. */
export const handler = handleMessages(async (message, context) => {
  const { receipt, comeBackIn, done } = receiptOf(message, context);
  const receives = Number(message.attributes.ApproximateReceiveCount);
  try {
    const token = laneToken.parse(JSON.parse(message.body));
    if (receives >= maxReceives) await buryCounted(token);
    else if (token.kind === 'settle') await settle(worker, token);
    else await deliver(worker, token, receipt);
  } catch (error) {
    if (error instanceof HopCapError) tally.count('hop_cap_reached');
    await comeBackIn(failedAgainMs * receives); // the queue's own timeout is minutes
    throw error;
  } finally {
    await done();
  }
});

async function buryCounted(token: LaneToken): Promise<void> {
  await bury(worker, token);
  tally.count('poison_buried');
}

interface Held {
  readonly receipt: Receipt;
  /** It comes back so soon. */
  comeBackIn(ms: number): Promise<void>;
  done(): Promise<void> | undefined;
}

function receiptOf(message: SQSRecord, context: Context): Held {
  let timer: NodeJS.Timeout | undefined;
  let hiding: Promise<void> | undefined;
  const hide = (ms: number) => visibility.change(message.receiptHandle, Math.ceil(ms / 1000));
  const receipt: Receipt = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    hideFor: (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        hiding = hide(ms);
      }, SOON_MS);
    },
  };
  const done = () => {
    clearTimeout(timer);
    return hiding;
  };
  const comeBackIn = async (ms: number) => {
    await done();
    await hide(ms);
  };
  return { receipt, comeBackIn, done };
}
