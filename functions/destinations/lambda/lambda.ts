import * as z from 'zod/mini';
import type { Payload } from '../../formats/format.js';
import { type AwsDestination, arnForm, awsDocument, awsFields, awsKind } from '../aws/aws-kind.js';

/** `RequestResponse` waits for what the function answers; with `Event` Lambda queues the invocation, and tries it again itself. */
const INVOCATIONS = ['RequestResponse', 'Event'] as const;

/** A function of Lambda. */
export interface LambdaDestination extends AwsDestination<'lambda'> {
  readonly invocation: (typeof INVOCATIONS)[number];
}

/** Lambda queues events of up to 1 MB; our headers have a small part of it. */
const MAX_BODY_BYTES = 980_000;

export const lambda = awsKind<LambdaDestination>({
  example: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
  form: arnForm('lambda', 'function:[\\w-]+(:[\\w$-]+)?'),
  final: [
    'InvalidParameterValueException',
    'InvalidRequestContentException',
    'RequestTooLargeException',
    'UnsupportedMediaTypeException',
  ],
  carried: (headers) => headers,
  payloadFault: bodyFault,
});

/** Inside of an event the body is a string of JSON, in which some characters take more bytes. */
function bodyFault(payload: Payload | undefined): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(payload?.body ?? ''));
  return bytes > MAX_BODY_BYTES
    ? `The payload has ${bytes} bytes as a string of JSON, and must have at most ${MAX_BODY_BYTES} for Lambda.`
    : undefined;
}

export const lambdaFields = awsFields({ invocation: z.enum(INVOCATIONS) }, { invocation: 'RequestResponse' });
export const lambdaDocument = {
  components: () => ({ LambdaInvocation: z.enum(INVOCATIONS) }),
  ...awsDocument(
    { invocation: z.enum(INVOCATIONS) },
    {
      invocation:
        'Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda.',
    },
  ),
};
