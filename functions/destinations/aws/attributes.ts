import { createHash } from 'node:crypto';
import type { Payload } from '../../formats/format.js';

/** SQS takes no more; SNS delivers no more to a queue as they are. */
const MOST_ATTRIBUTES = 10;

/** The headers that become attributes of a message, the most important first. */
const ATTRIBUTES = [
  'idempotency-key',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'traceparent',
  'tracestate',
  'punctual-attempt',
  'punctual-event-name',
  'punctual-event-key',
  'punctual-scheduled-for',
  'punctual-schedule-id',
  'punctual-request-id',
  'content-type',
];

/** The first ten of these headers that are there. */
export function asAttributes(headers: Record<string, string>): Record<string, string> {
  const there = ATTRIBUTES.filter((name) => headers[name]);
  return Object.fromEntries(there.slice(0, MOST_ATTRIBUTES).map((name) => [name, headers[name]!]));
}

/** In the form of the SDK. */
export function messageAttributes(headers: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

/** Of FIFO queues and topics: what has one deduplication id is taken once in five minutes, what has one group keeps its order. */
export function orderOf(arn: string, headers: Record<string, string>, group: string) {
  if (!arn.endsWith('.fifo')) return {};
  return { MessageDeduplicationId: headers['idempotency-key']!, MessageGroupId: groupId(group) };
}

/** An event's key may be any text. */
function groupId(group: string): string {
  return GROUP_ID.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
const GROUP_ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** The characters of XML 1.0, which are all that a message may have. */
const NOT_IN_MESSAGES = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Why SQS and SNS would refuse the payload as a message. */
export function messageFault(payload: Payload | undefined): string | undefined {
  if (!payload?.body) return 'A message is never empty. Give a payload.';
  return NOT_IN_MESSAGES.test(payload.body)
    ? 'A message may not have control characters other than tab and line breaks.'
    : undefined;
}
