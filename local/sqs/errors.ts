/**
 * The errors of SQS by shape name, each with its older query-protocol code and HTTP status. A client of the JSON
 * protocol that sends `x-amzn-query-mode` prefers the code in the header `x-amzn-query-error`, so the AWS SDK shows
 * `InvalidParameterValue` for InvalidParameterValueException, yet `QueueDoesNotExist` for its code.
 */
const SHAPES = {
  BatchEntryIdsNotDistinct: ['AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 400],
  BatchRequestTooLong: ['AWS.SimpleQueueService.BatchRequestTooLong', 400],
  EmptyBatchRequest: ['AWS.SimpleQueueService.EmptyBatchRequest', 400],
  InternalFailure: ['InternalFailure', 500],
  InvalidAttributeName: ['InvalidAttributeName', 400],
  InvalidAttributeValue: ['InvalidAttributeValue', 400],
  InvalidBatchEntryId: ['AWS.SimpleQueueService.InvalidBatchEntryId', 400],
  InvalidMessageContents: ['InvalidMessageContents', 400],
  InvalidParameterValueException: ['InvalidParameterValue', 400],
  MessageNotInflight: ['AWS.SimpleQueueService.MessageNotInflight', 400],
  MissingRequiredParameterException: ['MissingParameter', 400],
  OverLimit: ['OverLimit', 403],
  PurgeQueueInProgress: ['AWS.SimpleQueueService.PurgeQueueInProgress', 403],
  QueueDeletedRecently: ['AWS.SimpleQueueService.QueueDeletedRecently', 400],
  QueueDoesNotExist: ['AWS.SimpleQueueService.NonExistentQueue', 400],
  QueueNameExists: ['QueueAlreadyExists', 400],
  ReceiptHandleIsInvalid: ['ReceiptHandleIsInvalid', 404],
  ResourceNotFoundException: ['ResourceNotFoundException', 404],
  SerializationException: ['SerializationException', 400],
  TooManyEntriesInBatchRequest: ['AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 400],
  UnsupportedOperation: ['AWS.SimpleQueueService.UnsupportedOperation', 400],
} as const;

type Shape = keyof typeof SHAPES;

/** Errors of the AWS service framework, which are not in the model of SQS. */
const FRAMEWORK_SHAPES: ReadonlySet<string> = new Set<Shape>([
  'InternalFailure',
  'InvalidParameterValueException',
  'MissingRequiredParameterException',
  'SerializationException',
]);

/** An error answer with AWS's name and words. */
export class SqsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(
    readonly shape: Shape,
    message: string,
  ) {
    super(message);
    [this.code, this.status] = SHAPES[shape];
  }

  /** The `__type` of the JSON body. */
  get type(): string {
    return `${FRAMEWORK_SHAPES.has(this.shape) ? 'com.amazon.coral.service' : 'com.amazonaws.sqs'}#${this.shape}`;
  }

  get fault(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}

export function invalidParameter(message: string): SqsError {
  return new SqsError('InvalidParameterValueException', message);
}

/** SQS's usual words for a value out of range. */
export function invalidValue(parameter: string, value: unknown, reason: string): SqsError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(name: string): SqsError {
  return new SqsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
}
