import { type AwsDestination, arnForm, awsDocument, awsFields, awsKind } from '../aws/aws-kind.js';
import { asFields } from '../aws/trace-header.js';

/** A state machine of Step Functions. */
export type StepFunctionsDestination = AwsDestination<'stepfunctions'>;

/** An input may have 262,144 bytes, which is our own limit of payloads. */
export const stepfunctions = awsKind<StepFunctionsDestination>({
  example: 'arn:aws:states:eu-central-1:123456789012:stateMachine:orders',
  form: arnForm('states', 'stateMachine:[\\w-]+(:[\\w-]+)?'),
  final: ['InvalidArn', 'InvalidExecutionInput', 'InvalidName'],
  carried: asFields,
  payloadFault: (payload) =>
    payload === undefined || payload.format === 'json'
      ? undefined
      : 'Must be JSON, and no string: it is the input of a state machine.',
});

export const stepfunctionsFields = awsFields();
export const stepfunctionsDocument = awsDocument();
