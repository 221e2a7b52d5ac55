import type { SQSRecord } from 'aws-lambda';
import { performBulkPage } from '../core/dead-letter/bulk-replay.js';
import { release } from '../core/endpoint/hold.js';
import { fanOut } from '../core/event/fan-out.js';
import { deadLetterNotice, wakeUpToken } from '../core/run/token.js';
import { fire } from '../core/schedule/schedule-chain.js';
import { wireDispatcher } from '../runtime/dispatcher-wiring.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { replayNotice } from './replay-notice.js';

const { ports, keepMs, wakeUpQueueArn } = wireDispatcher();

/** The wake-up queue (what makes task runs go out), and the `replay` queue (dead letters that an operator moved there). */
export const handler = handleMessages(async (record) => {
  const { eventSourceARN, body } = record;
  const message: unknown = JSON.parse(body);
  if (eventSourceARN !== wakeUpQueueArn) return replayNotice(ports, deadLetterNotice.parse(message), keepMs);
  const token = wakeUpToken.parse(message);
  switch (token.kind) {
    case 'fire':
      return fire(ports, token, keepMs, firstReceived(record));
    case 'fanout':
      return fanOut(ports, token, keepMs);
    case 'bulk':
      return performBulkPage(ports, token, keepMs);
    case 'release':
      return release(ports, token);
    // Redriven from the DLQ, all of it to one queue. The deliverer knows which lane is the right one.
    case 'deliver':
    case 'settle':
      return ports.wakeUps.sendToLane('fast', token, ports.clock.now());
  }
});

/** A copy says when the message that it stands for came. */
function firstReceived({ attributes, messageAttributes }: SQSRecord): number {
  return Number(messageAttributes['first_received']?.stringValue ?? attributes.ApproximateFirstReceiveTimestamp);
}
