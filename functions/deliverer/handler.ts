import type { SQSRecord } from 'aws-lambda';
import {
  type DeliverToken,
  type LaneToken,
  laneMessage,
  laneToken,
  type ProbeToken,
  readToken,
  startOf,
} from '../protocol/rules/token.js';
import { crowdedCopy, laneBefore } from '../runtime/crowded-lane.js';
import { wireDeliverer } from '../runtime/deliverer-wiring.js';
import { failedMessages } from '../runtime/failed-messages.js';
import type { Receipt } from '../runtime/receipts.js';
import { handleMessages } from '../runtime/sqs-stack.js';
import type { Lane } from '../subjects/endpoints/endpoint.js';
import { bury, deliver, settle } from './deliver.js';
import { Unfinished } from './worker.js';

const { workers, lane, queue, sendToCrowdedLane, noteCrowded, shares, workedOff, failures } = wireDeliverer();
const queueOf = () => queue;
/** In the crowded lane a message still belongs to the lane that it came from: its copies go there. */
const laneOf = (message: SQSRecord): Lane => (lane === 'crowded' ? laneBefore(message) : lane);

const failed = failedMessages({
  ...failures,
  queueOf,
  end: (message) => bury(workers[laneOf(message)], readToken(laneToken, message.body)),
  bodyAfter: (error) => (error instanceof Unfinished ? JSON.stringify(error.token) : undefined),
});

/** A delivery lane: due attempts, retry jobs that were given up, and probes. */
export const handler = handleMessages(queueOf, failed, async (message, receipt) => {
  const token = readToken(laneMessage, message.body);
  const passedOn = passOn(message, token);
  if (token.kind === 'deliver' && startOf(token) <= Date.now()) return work(message, token, receipt, passedOn);
  if (await passedOn) return false;
  if (token.kind !== 'probe') return work(message, token, receipt);
  await workedOff.note(token);
  return false;
});

/** Sends the message of a project that is over its share on to the crowded lane. @returns whether it went there */
async function passOn(message: SQSRecord, token: LaneToken | ProbeToken): Promise<boolean> {
  if (lane === 'crowded' || !(await isCrowded(lane, token))) return false;
  await sendToCrowdedLane(crowdedCopy(message, lane));
  return true;
}

/**
 * Whether the message goes on to the crowded lane, before any claim: a copy that a crash leaves twice is an ordinary
 * duplicate. A group's probe always does, so it comes behind each message of its group that went there before.
 */
async function isCrowded(from: Lane, token: LaneToken | ProbeToken): Promise<boolean> {
  if (token.kind === 'probe') return token.group !== undefined;
  const isOver = await shares.isOver({ project: token.project, lane: from });
  if (isOver) noteCrowded();
  return isOver;
}

/** A message in the crowded lane has waited for its project's share of the other lanes. */
function asWaited(token: DeliverToken): DeliverToken {
  return lane === 'crowded' ? { ...token, waited: true } : token;
}

/**
 * @param passedOn resolves beside the run's first read, so that a message which is due waits for one read and not for two
 * @returns whether the message's work was done
 */
function work(message: SQSRecord, token: LaneToken, receipt: Receipt, passedOn?: Promise<boolean>): Promise<boolean> {
  const from = laneOf(message);
  const startsAt = token.kind === 'deliver' ? startOf(token) : 0;
  // What comes to the crowded lane has waited in a line before.
  const waitsSince = lane === 'crowded' ? 0 : Math.max(startsAt, Number(message.attributes.SentTimestamp));
  const span = { startsAt, waitsSince, endsAt: Date.now() + receipt.remainingMs() };
  return shares.occupying({ project: token.project, lane: from }, span, async () => {
    if (token.kind === 'deliver') return deliver(workers[from], asWaited(token), receipt, passedOn);
    await settle(workers[from], token);
    return true;
  });
}
