import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Problem, problemOf } from '../api/http/problem.js';
import { delayAfter } from '../primitives/failed-message.js';
import { attributesOf, failedMessages } from '../runtime/failed-messages.js';
import { wireIntake } from '../runtime/intake-wiring.js';
import { logger } from '../runtime/logger.js';
import { metrics } from '../runtime/metrics.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import { faultText } from './fault-text.js';
import { createTakeMessage, MESSAGE_ID, SENT_AT, sentAtOf } from './take-message.js';

/** SQS's longest delay. */
const MAX_DELAY_SECONDS = 900;
/** How often a copy was put back. */
const WAITS = 'waits';
/** The attributes that a copy carries on. SQS takes ten: a sender's own could be too many with them. */
const CARRIED = [MESSAGE_ID, SENT_AT, WAITS, 'failures', 'failing_since', 'first_received'];

const { ports, queue, sendRefused, failures } = wireIntake();
const takeMessage = createTakeMessage(ports);

const failed = failedMessages({
  ...failures,
  queueOf: () => queue,
  end: (message) => refuse(message, problemOf(undefined)),
});

const handleBatch = handleMessages(
  () => queue,
  failed,
  async (message) => {
    await takeMessage(message).catch((error: unknown) => passOn(message, error));
    return true;
  },
);

/** The intake queue: tasks and events from inside the AWS account. */
export const handler = ({ Records }: SQSEvent, context: Context) =>
  handleBatch({ Records: Records.map(withOrigin) }, context);

/** The message with what its copies carry on: a copy has an id and a time of its own. */
function withOrigin(message: SQSRecord): SQSRecord {
  const origin: Readonly<Record<string, string>> = {
    [MESSAGE_ID]: message.messageId,
    ...attributesOf(message),
    [SENT_AT]: String(sentAtOf(message)),
  };
  const carried = CARRIED.flatMap((name) => (name in origin ? [[name, stringOf(origin[name]!)]] : []));
  return { ...message, messageAttributes: Object.fromEntries(carried) };
}

const stringOf = (stringValue: string) => ({ stringValue, dataType: 'String' });

/** A message that the API would take later waits for that; one that the API refuses is set apart. @throws any other error */
async function passOn(message: SQSRecord, error: unknown): Promise<void> {
  const problem = problemOf(error);
  if (problem.status === 500) throw error;
  const seconds = problem.headers?.['retry-after'];
  await (seconds === undefined ? refuse(message, problem) : putBack(message, Number(seconds)));
}

/** A copy takes the message's place, so that SQS's count of receives stays what it is: a count of workers that died. */
async function putBack(message: SQSRecord, seconds: number): Promise<void> {
  const attributes = attributesOf(message);
  const waits = Number(attributes[WAITS] ?? 0) + 1;
  // Spread, since what waits for a quota waits for the same moment.
  const spread = delayAfter(waits, failures.settings) * (0.5 + failures.random() / 2);
  await queue.send({
    body: message.body,
    group: message.attributes.MessageGroupId,
    delaySeconds: Math.min(MAX_DELAY_SECONDS, Math.ceil(Math.max(seconds, spread / 1000))),
    attributes: { ...attributes, [WAITS]: String(waits) },
  });
  metrics.count('deferred');
}

/**
 * Sets the message apart in the DLQ, with its fault as attributes: SQS adds none when it moves a message. A death before
 * the message is acknowledged leaves a second copy there; moved back, both are the same message.
 */
async function refuse(message: SQSRecord, problem: Problem): Promise<void> {
  const { status, code } = problem;
  const { [MESSAGE_ID]: message_id = '', [SENT_AT]: sent_at = '' } = attributesOf(message);
  await sendRefused({
    body: message.body,
    group: message.attributes.MessageGroupId,
    attributes: { message_id, sent_at, status: String(status), code, fault: faultText(problem) },
  });
  metrics.count('refused_messages');
  logger.warn('message refused', { messageId: message_id, status, code });
}
