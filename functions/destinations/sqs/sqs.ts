import { asAttributes, messageFault } from '../aws/attributes.js';
import { type AwsDestination, arnForm, awsDocument, awsFields, awsKind } from '../aws/aws-kind.js';

/** A queue of SQS. */
export type SqsDestination = AwsDestination<'sqs'>;

/** A message may have 1 MiB, so our own limit of payloads is the smaller one. */
export const sqs = awsKind<SqsDestination>({
  example: 'arn:aws:sqs:eu-central-1:123456789012:orders',
  form: arnForm('sqs', '[\\w-]+(\\.fifo)?'),
  final: ['InvalidMessageContents', 'UnsupportedOperation'],
  carried: asAttributes,
  payloadFault: messageFault,
});

export const sqsFields = awsFields();
export const sqsDocument = awsDocument();
