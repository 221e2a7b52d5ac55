import { createHash } from 'node:crypto';
import { type MessageAttributes, md5OfAttributes, selectAttributes } from './message-attributes.js';

/** A message in its queue and in the journal. Moments are Unix milliseconds. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  readonly group?: string;
  /** Of a message in a FIFO queue: its deduplication id, and its place in the order. */
  readonly deduplication?: string;
  readonly sequence?: string;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  /** ARN of the queue from which SQS moved the message; absent on a message that was sent to this queue. */
  readonly source?: string;
  visibleAt: number;
  receives: number;
  /** The part of `receives` at the source queue; the redrive policy of this queue does not count these receives. */
  readonly receivedElsewhere?: number;
  firstReceivedAt?: number;
  receivedAt?: number;
}

/** The part of a message that its sender sets. */
export interface Draft extends Pick<Message, 'body' | 'group' | 'deduplication' | 'attributes' | 'traceHeader'> {
  /** The queue's own delay when absent. */
  readonly delaySeconds?: number;
}

/** A received message, in its state at the receive. */
export interface Delivery {
  readonly handle: string;
  readonly message: Readonly<Message>;
}

/** AWS shows the sender's IAM user or role id; locally there is only one sender. */
const SENDER_ID = 'AIDALOCALLOCALLOCALLO';

/** The `Message` structure of a ReceiveMessage answer, with the requested attributes alone. */
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
    ...(message.deduplication !== undefined && { MessageDeduplicationId: message.deduplication }),
    ...(message.sequence !== undefined && { SequenceNumber: message.sequence }),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.source !== undefined && { DeadLetterQueueSourceArn: message.source }),
  };
}
