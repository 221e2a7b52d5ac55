import { performBulkPage } from '../core/bulk-replay.js';
import { deadLetterNotice, wakeUpToken } from '../core/token.js';
import { wireDispatcher } from '../runtime/dispatcher-wiring.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { replayNotice } from './replay-notice.js';

const { ports, keepMs, wakeUpQueueArn } = wireDispatcher();

/** The wake-up queue (what makes task runs go out), and the `replay` queue (dead letters that an operator moved there). */
export const handler = handleMessages(async ({ eventSourceARN, body }) => {
  const message: unknown = JSON.parse(body);
  if (eventSourceARN === wakeUpQueueArn) await performBulkPage(ports, wakeUpToken.parse(message), keepMs);
  else await replayNotice(ports, deadLetterNotice.parse(message), keepMs);
});
