import { type Action, queueOf } from './actions.js';
import { DISALLOWED_TEXT, isAllowedText } from './allowed-text.js';
import { batchEntries, eachEntry } from './batch.js';
import { invalidParameter, invalidValue, SqsError } from './errors.js';
import { type Draft, type Message, md5 } from './message.js';
import { checkAttributes, type MessageAttribute, md5OfAttributes, sizeOfAttributes } from './message-attributes.js';
import { type Input, map, optionalInteger, optionalText, text } from './parameters.js';
import type { Queue } from './queue.js';

const GROUP_ID = /^[!-~]{1,128}$/;
const MAX_BATCH_BYTES = 1_048_576;

const sendMessage: Action = (context, input) => {
  const queue = queueOf(context, input);
  return describeSent(context.broker.send(queue, parseDraft(queue, input)), input);
};

const sendMessageBatch: Action = (context, input) => {
  const queue = queueOf(context, input);
  const entries = batchEntries(input);
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > MAX_BATCH_BYTES)
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  return eachEntry(entries, (entry) => describeSent(context.broker.send(queue, parseDraft(queue, entry)), entry));
};

function parseDraft(queue: Queue, input: Input): Draft {
  const body = text(input, 'MessageBody');
  if (!isAllowedText(body)) throw new SqsError('InvalidMessageContents', DISALLOWED_TEXT);
  const attributes = map<MessageAttribute>(input, 'MessageAttributes');
  checkAttributes(attributes);
  if (sizeOf(input) > queue.settings.maximumMessageBytes)
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.maximumMessageBytes} bytes.`,
    );
  const delaySeconds = optionalInteger(input, 'DelaySeconds', 0, 900);
  if (delaySeconds && queue.isFifo) throw invalidValue('DelaySeconds', delaySeconds, NOT_FOR_THIS_TYPE);
  return {
    body,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(delaySeconds !== undefined && { delaySeconds }),
    ...(queue.isFifo ? parseOrder(input) : parseGroup(input)),
    ...parseTraceHeader(input),
  };
}

const NOT_FOR_THIS_TYPE = 'The request includes a parameter that is not valid for this queue type.';

/** A FIFO queue needs both. */
function parseOrder(input: Input): { group: string; deduplication: string } {
  const group = text(input, 'MessageGroupId');
  if (!GROUP_ID.test(group)) throw badId('MessageGroupId', group);
  const deduplication = optionalText(input, 'MessageDeduplicationId');
  if (deduplication === undefined)
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  if (!GROUP_ID.test(deduplication)) throw badId('MessageDeduplicationId', deduplication);
  return { group, deduplication };
}

function badId(name: string, value: string): SqsError {
  return invalidValue(
    name,
    value,
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

/** A standard queue takes a MessageGroupId, for fair delivery, but no MessageDeduplicationId. */
function parseGroup(input: Input): { group?: string } {
  const deduplication = optionalText(input, 'MessageDeduplicationId');
  if (deduplication !== undefined) throw invalidValue('MessageDeduplicationId', deduplication, NOT_FOR_THIS_TYPE);
  const group = optionalText(input, 'MessageGroupId');
  if (group === undefined) return {};
  if (!GROUP_ID.test(group)) throw badId('MessageGroupId', group);
  return { group };
}

/** AWSTraceHeader is the only system attribute that a sender may set. */
function parseTraceHeader(input: Input): { traceHeader?: string } {
  const { AWSTraceHeader, ...others } = map<MessageAttribute>(input, 'MessageSystemAttributes');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw invalidParameter(`Message system attribute name '${unknown}' is invalid. Valid names: AWSTraceHeader.`);
  if (AWSTraceHeader === undefined) return {};
  if (AWSTraceHeader.DataType !== 'String' || !AWSTraceHeader.StringValue)
    throw invalidParameter('The message system attribute AWSTraceHeader must be a non-empty String.');
  if (!isAllowedText(AWSTraceHeader.StringValue)) throw invalidParameter(DISALLOWED_TEXT);
  return { traceHeader: AWSTraceHeader.StringValue };
}

/** Body and attributes count towards the limit, system attributes do not. */
function sizeOf(input: Input): number {
  const body = optionalText(input, 'MessageBody') ?? '';
  return Buffer.byteLength(body) + sizeOfAttributes(map<MessageAttribute>(input, 'MessageAttributes'));
}

/** The digests are of what the sender gave, also where an earlier message stands for it. */
function describeSent(message: Message, input: Input): object {
  const attributes = map<MessageAttribute>(input, 'MessageAttributes');
  const system = map<MessageAttribute>(input, 'MessageSystemAttributes');
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(text(input, 'MessageBody')),
    ...(message.sequence !== undefined && { SequenceNumber: message.sequence }),
    ...(Object.keys(attributes).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    ...(Object.keys(system).length > 0 && { MD5OfMessageSystemAttributes: md5OfAttributes(system) }),
  };
}

export const sendActions: Readonly<Record<string, Action>> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
};
