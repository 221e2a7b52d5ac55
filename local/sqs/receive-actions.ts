import { type Action, queueOf } from './actions.js';
import { batchEntries, eachEntry } from './batch.js';
import { type Broker, MAX_IN_FLIGHT, MAX_VISIBILITY_SECONDS } from './broker.js';
import { SqsError } from './errors.js';
import { describeDelivery } from './message.js';
import { type Input, integer, optionalInteger, text, textList } from './parameters.js';
import type { Queue } from './queue.js';

const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  'All',
  'AWSTraceHeader',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
]);

const receiveMessage: Action = async (context, input) => {
  const queue = queueOf(context, input);
  const { settings } = queue;
  const systemNames = systemAttributeNames(input);
  const names = textList(input, 'MessageAttributeNames');
  const max = optionalInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
  const visibilitySeconds =
    optionalInteger(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS) ?? settings.visibilityTimeoutSeconds;
  const waitSeconds = optionalInteger(input, 'WaitTimeSeconds', 0, 20) ?? settings.receiveWaitSeconds;
  // Only a short poll gets OverLimit; a long poll gets no messages (SQS developer guide, in-flight quota).
  if (waitSeconds === 0 && queue.counts().inFlight >= MAX_IN_FLIGHT)
    throw new SqsError('OverLimit', `The queue has reached the maximum of ${MAX_IN_FLIGHT} messages in flight.`);
  const options = { max, visibilitySeconds };
  const deliveries = await context.broker.poll(queue, options, waitSeconds * 1000, context.hungUp);
  if (deliveries.length === 0) return {};
  return { Messages: deliveries.map((delivery) => describeDelivery(delivery, systemNames, names)) };
};

/** `AttributeNames` is the older name of `MessageSystemAttributeNames`. */
function systemAttributeNames(input: Input): ReadonlySet<string> {
  const names = [...textList(input, 'AttributeNames'), ...textList(input, 'MessageSystemAttributeNames')];
  const unknown = names.find((name) => !SYSTEM_ATTRIBUTES.has(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return new Set(names);
}

function remove(broker: Broker, queue: Queue, input: Input): object {
  broker.delete(queue, text(input, 'ReceiptHandle'));
  return {};
}

function changeVisibility(broker: Broker, queue: Queue, input: Input): object {
  const handle = text(input, 'ReceiptHandle');
  broker.changeVisibility(queue, handle, integer(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS));
  return {};
}

function single(perform: typeof remove): Action {
  return (context, input) => perform(context.broker, queueOf(context, input), input);
}

function batch(perform: typeof remove): Action {
  return (context, input) => {
    const queue = queueOf(context, input);
    return eachEntry(batchEntries(input), (entry) => perform(context.broker, queue, entry));
  };
}

export const receiveActions: Readonly<Record<string, Action>> = {
  ReceiveMessage: receiveMessage,
  DeleteMessage: single(remove),
  DeleteMessageBatch: batch(remove),
  ChangeMessageVisibility: single(changeVisibility),
  ChangeMessageVisibilityBatch: batch(changeVisibility),
};
