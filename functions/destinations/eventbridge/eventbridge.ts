import * as z from 'zod/mini';
import { type AwsDestination, arnForm, awsDocument, awsFields, awsKind } from '../aws/aws-kind.js';
import { asFields } from '../aws/trace-header.js';

/** A bus of EventBridge. */
export interface EventBridgeDestination extends AwsDestination<'eventbridge'> {
  /** What rules match as the event's `source`. */
  readonly source: string;
}

/** An event may have 1 MB, so our own limit of payloads is the smaller one. */
export const eventbridge = awsKind<EventBridgeDestination>({
  example: 'arn:aws:events:eu-central-1:123456789012:event-bus/orders',
  form: arnForm('events', 'event-bus/[\\w./-]+'),
  final: ['InvalidArgument', 'MalformedDetail'],
  carried: asFields,
  payloadFault: (payload) =>
    payload === undefined || (payload.format === 'json' && payload.body.startsWith('{'))
      ? undefined
      : 'Must be an object: EventBridge takes nothing else as the detail of an event.',
});

/** `aws.` is for services of AWS. */
const source = z.string().check(z.regex(/^(?!aws\.)[\w./-]{1,256}$/));

export const eventbridgeFields = awsFields({ source }, { source: 'punctual' });
export const eventbridgeDocument = awsDocument(
  { source: z.string() },
  { source: 'Of the events on a bus. Their detail-type is the name of the event or of the task run.' },
);
