import type { SQSRecord } from 'aws-lambda';
import { performBulkPage } from '../core/dead-letter/bulk-replay.js';
import { release } from '../core/endpoint/held-runs.js';
import { fanOut } from '../core/event/fan-out.js';
import { readToken } from '../core/run/read-token.js';
import { deadLetterNotice, wakeUpToken } from '../core/run/token.js';
import { fire } from '../core/schedule/schedule-chain.js';
import { wireDispatcher } from '../runtime/dispatcher-wiring.js';
import { failedMessages, firstReceived } from '../runtime/failed-messages.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { replayNotice } from './replay-notice.js';

const { ports, keepMs, wakeUps, replays, workedOff, wakeUpQueueArn, failures } = wireDispatcher();

const isWakeUp = ({ eventSourceARN }: SQSRecord) => eventSourceARN === wakeUpQueueArn;

const failed = failedMessages({ ...failures, queueOf: (message) => (isWakeUp(message) ? wakeUps : replays) });

/** The wake-up queue (what makes task runs go out), and the `replay` queue (dead letters that an operator moved there). */
export const handler = handleMessages(async (message) => {
  if (isWakeUp(message)) await wakeUp(message);
  else await replayNotice(ports, readToken(deadLetterNotice, message.body), keepMs);
  return true;
}, failed);

async function wakeUp(message: SQSRecord): Promise<void> {
  const token = readToken(wakeUpToken, message.body);
  switch (token.kind) {
    case 'fire':
      return fire(ports, token, keepMs, firstReceived(message));
    case 'fanout':
      return fanOut(ports, token, keepMs);
    case 'bulk':
      return performBulkPage(ports, token, keepMs);
    case 'release':
      return release(ports, token);
    case 'probe':
      return workedOff.note(token);
    // Redriven from the DLQ, all of it to one queue. The deliverer knows which lane is the right one.
    case 'deliver':
    case 'settle':
      return ports.wakeUps.sendToLane('fast', token, ports.clock.now());
  }
}
