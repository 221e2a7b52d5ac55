import type { SQSRecord } from 'aws-lambda';
import type { OutgoingMessage } from '../queues/queue-sender.js';
import type { Lane } from '../subjects/endpoints/endpoint.js';
import { attributesOf } from './failed-messages.js';

/** The attribute of a message in the crowded lane that names the lane which it came from. */
const BEFORE = 'lane';

/** The copy of a message of `lane` for the crowded lane: the same body in the same group. */
export function crowdedCopy(message: SQSRecord, lane: Lane): OutgoingMessage {
  return {
    body: message.body,
    group: message.attributes.MessageGroupId,
    attributes: { ...attributesOf(message), [BEFORE]: lane },
  };
}

export function laneBefore({ messageAttributes }: SQSRecord): Lane {
  return messageAttributes[BEFORE]?.stringValue === 'slow' ? 'slow' : 'fast';
}
