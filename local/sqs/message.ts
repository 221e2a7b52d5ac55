import { createHash } from 'node:crypto';
import { type MessageAttributes, md5OfAttributes, selectAttributes } from './message-attributes.js';

/** A message as the queue keeps it and the journal records it; moments are epoch milliseconds. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  readonly group?: string;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  /** ARN of the queue SQS moved it from; absent on a message that somebody sent here. */
  readonly source?: string;
  visibleAt: number;
  receives: number;
  /** Of `receives`, those at the queue that SQS moved it from; this one's redrive does not count them. */
  readonly receivedElsewhere?: number;
  firstReceivedAt?: number;
  receivedAt?: number;
}

/** What a sender decides about a message. */
export interface Draft extends Pick<Message, 'body' | 'group' | 'attributes' | 'traceHeader'> {
  /** The queue's own delay when absent. */
  readonly delaySeconds?: number;
}

/** A message in a consumer's hands, as it was when it was received. */
export interface Delivery {
  readonly handle: string;
  readonly message: Readonly<Message>;
}

/** AWS shows the sender's IAM user or role id; locally there is only one. */
const SENDER_ID = 'AIDALOCALLOCALLOCALLO';

/** The `Message` structure of a ReceiveMessage answer, with only the attributes that were asked for. */
export function describeDelivery(
  delivery: Delivery,
  systemNames: ReadonlySet<string>,
  names: readonly string[],
): object {
  const { message, handle } = delivery;
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => systemNames.has('All') || systemNames.has(name),
  );
  const attributes = selectAttributes(message.attributes, names);
  return {
    MessageId: message.id,
    ReceiptHandle: handle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributes && { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

function systemAttributes(message: Readonly<Message>): Record<string, string> {
  return {
    SenderId: SENDER_ID,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.group !== undefined && { MessageGroupId: message.group }),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.source !== undefined && { DeadLetterQueueSourceArn: message.source }),
  };
}
