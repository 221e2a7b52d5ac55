import type { Payload } from '../../formats/format.js';
import { asAttributes, messageFault } from '../aws/attributes.js';
import { type AwsDestination, arnForm, awsDocument, awsFields, awsKind } from '../aws/aws-kind.js';

/** A topic of SNS. */
export type SnsDestination = AwsDestination<'sns'>;

/** A message of SNS has at most 262,144 bytes, of which its attributes get eight thousand. */
const MAX_MESSAGE_BYTES = 254_000;

export const sns = awsKind<SnsDestination>({
  example: 'arn:aws:sns:eu-central-1:123456789012:orders',
  form: arnForm('sns', '[\\w-]+(\\.fifo)?'),
  final: ['InvalidParameterException', 'InvalidParameterValueException'],
  carried: asAttributes,
  payloadFault: (payload) => messageFault(payload) ?? sizeFault(payload),
});

function sizeFault(payload: Payload | undefined): string | undefined {
  const bytes = Buffer.byteLength(payload?.body ?? '');
  return bytes > MAX_MESSAGE_BYTES
    ? `The payload has ${bytes} bytes, and must have at most ${MAX_MESSAGE_BYTES} for SNS.`
    : undefined;
}

export const snsFields = awsFields();
export const snsDocument = awsDocument();
