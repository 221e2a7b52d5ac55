import type { SQSRecord } from 'aws-lambda';
import { ConflictError } from '../primitives/faults.js';
import { fanOut } from '../protocol/events/fan-out.js';
import { release } from '../protocol/limits/held-runs.js';
import { type DeadLetterNotice, deadLetterNotice, readToken, wakeUpToken } from '../protocol/rules/token.js';
import { performBulkPage } from '../protocol/runs/bulk-jobs.js';
import { hasRoom, replayDeadLetter } from '../protocol/runs/run-operations.js';
import { fire } from '../protocol/schedules/schedule-chain.js';
import { wireDispatcher } from '../runtime/dispatcher-wiring.js';
import { failedMessages, firstReceived } from '../runtime/failed-messages.js';
import { handleMessages } from '../runtime/sqs-stack.js';

/** A copy whose project may have no more runs comes again after this time: the longest delay of SQS. */
const FULL_PAUSE_SECONDS = 900;

/**
 * An operator moved a dead letter's copy into the `replay` queue: replays it, unless it was replayed or resolved since,
 * or the copy is of an earlier death. Without room in the quotas of its project the copy waits.
 */
async function replayNotice(notice: DeadLetterNotice, body: string): Promise<void> {
  const letter = await ports.deadLetters.find({ project: notice.project, run: notice.task });
  if (letter?.status !== 'open' || letter.epoch !== notice.epoch) return;
  if (!(await hasRoom(ports, letter))) return replays.send({ body, delaySeconds: FULL_PAUSE_SECONDS });
  try {
    await replayDeadLetter(ports, letter);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error; // replayed or resolved meanwhile
  }
}

const { ports, wakeUps, replays, workedOff, wakeUpQueueArn, failures } = wireDispatcher();

const isWakeUp = ({ eventSourceARN }: SQSRecord) => eventSourceARN === wakeUpQueueArn;

const queueOf = (message: SQSRecord) => (isWakeUp(message) ? wakeUps : replays);
const failed = failedMessages({ ...failures, queueOf });

/** The wake-up queue (fires, pages, releases) and the `replay` queue (dead letters that an operator moved there). */
export const handler = handleMessages(queueOf, failed, async (message) => {
  if (isWakeUp(message)) await wakeUp(message);
  else await replayNotice(readToken(deadLetterNotice, message.body), message.body);
  return true;
});

async function wakeUp(message: SQSRecord): Promise<void> {
  const token = readToken(wakeUpToken, message.body);
  switch (token.kind) {
    case 'fire':
      return fire(ports, token, firstReceived(message));
    case 'fanout':
      return fanOut(ports, token);
    case 'bulk':
      return performBulkPage(ports, token);
    case 'release':
      return release(ports, token);
    case 'probe':
      return workedOff.note(token);
    // Redriven from this queue's DLQ, where the Scheduler puts lane tokens, too. The deliverer knows the right lane.
    case 'deliver':
    case 'settle':
      return ports.wakeUps.sendToLane('fast', token, ports.clock.now());
  }
}
