import { type Action, type ActionContext, queueOf, urlOf } from './actions.js';
import { invalidParameter, invalidValue, SqsError } from './errors.js';
import { map, text, textList } from './parameters.js';
import { arnOf, type Queue } from './queue.js';
import { DEFAULT_SETTINGS, type QueueSettings, toAttributes, withAttributes } from './queue-settings.js';

const QUEUE_NAME = /^[\w-]{1,80}$/;
const FIFO_NAME = /^[\w-]{1,75}\.fifo$/;

const createQueue: Action = (context, input) => {
  const name = text(input, 'QueueName');
  const { FifoQueue, ...attributes } = map<string>(input, 'Attributes');
  checkName(name, FifoQueue);
  if (context.broker.wasJustDropped(name))
    throw new SqsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  const existing = context.broker.find(name);
  const settings = withAttributes(existing?.settings ?? DEFAULT_SETTINGS, attributes);
  if (existing) checkSame(existing, settings);
  else context.broker.define(name, checkRedrive(context, name, settings));
  return { QueueUrl: urlOf(context.serverUrl, name) };
};

/** Name and attribute say the same of the queue's type. */
function checkName(name: string, fifo: string | undefined): void {
  if (fifo !== undefined && fifo !== 'true') throw new SqsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
  if (fifo === undefined && !QUEUE_NAME.test(name))
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.');
  if (fifo !== undefined && !FIFO_NAME.test(name))
    throw invalidParameter('The name of a FIFO queue must end with .fifo suffix and be 1 to 80 in length.');
}

/** A queue may be created again only with the same attributes. */
function checkSame(queue: Queue, settings: QueueSettings): void {
  const [before, after] = [toAttributes(queue.settings), toAttributes(settings)];
  const different = Object.keys(after).find((name) => after[name] !== before[name]);
  if (different !== undefined)
    throw new SqsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${different}`,
    );
}

function checkRedrive({ broker }: ActionContext, name: string, settings: QueueSettings): QueueSettings {
  const { redrive } = settings;
  if (!redrive) return settings;
  const exists = [...broker.queues()].some(({ arn }) => arn === redrive.deadLetterTargetArn);
  if (!exists || redrive.deadLetterTargetArn === arnOf(name))
    throw invalidValue('RedrivePolicy', JSON.stringify(redrive), 'Dead letter target does not exist.');
  return settings;
}

const deleteQueue: Action = (context, input) => {
  context.broker.drop(queueOf(context, input));
  return {};
};

const getQueueAttributes: Action = (context, input) => {
  const attributes = attributesOf(queueOf(context, input));
  const names = textList(input, 'AttributeNames');
  const unknown = names.find((name) => name !== 'All' && !(name in attributes) && !isOptionalAttribute(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const wanted = Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name));
  return wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {};
};

function attributesOf(queue: Queue): Record<string, string> {
  const counts = queue.counts();
  const createdSeconds = String(Math.floor(queue.createdAt / 1000));
  return {
    ...toAttributes(queue.settings),
    QueueArn: queue.arn,
    ...(queue.isFifo && { FifoQueue: 'true' }),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}

/** Attributes that a queue may lack; a request for them is no error. */
function isOptionalAttribute(name: string): boolean {
  return /^(Policy|Redrive(Allow)?Policy|Kms\w+|SqsManagedSseEnabled|Fifo\w+|ContentBasedDeduplication|DeduplicationScope)$/.test(
    name,
  );
}

const purgeQueue: Action = (context, input) => {
  context.broker.purge(queueOf(context, input));
  return {};
};

export const queueActions: Readonly<Record<string, Action>> = {
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  PurgeQueue: purgeQueue,
};
