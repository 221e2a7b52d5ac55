/** The parts of an ARN that a look-up needs; `name` is all behind the account. */
interface Parts {
  readonly arn: string;
  readonly account: string;
  readonly name: string;
}

interface Service {
  /** What sends there. */
  readonly action: string;
  /** Form of the resource in an ARN, as a part of a regular expression. */
  readonly resource: string;
  /** Words of the AWS CLI's read-only command that fails where the resource is not there. */
  readonly lookUp: (parts: Parts) => readonly string[];
  /** Code of that failure. */
  readonly missing: string;
}

/** The services whose resources may be targets. */
export const TARGET_SERVICES: Readonly<Record<string, Service>> = {
  events: {
    action: 'events:PutEvents',
    resource: 'event-bus/[\\w./*-]+',
    lookUp: ({ arn }) => ['events', 'describe-event-bus', '--name', arn],
    missing: 'ResourceNotFoundException',
  },
  lambda: {
    action: 'lambda:InvokeFunction',
    resource: 'function:[\\w*-]+(:[\\w$*-]+)?',
    lookUp: ({ arn }) => ['lambda', 'get-function-configuration', '--function-name', arn],
    missing: 'ResourceNotFoundException',
  },
  sns: {
    action: 'sns:Publish',
    resource: '[\\w*-]+(\\.fifo)?',
    lookUp: ({ arn }) => ['sns', 'get-topic-attributes', '--topic-arn', arn],
    missing: 'NotFound',
  },
  states: {
    action: 'states:StartExecution',
    resource: 'stateMachine:[\\w*-]+(:[\\w*-]+)?',
    lookUp: ({ arn }) => ['stepfunctions', 'describe-state-machine', '--state-machine-arn', arn],
    missing: 'StateMachineDoesNotExist',
  },
  sqs: {
    action: 'sqs:SendMessage',
    resource: '[\\w*-]+(\\.fifo)?',
    lookUp: ({ name, account }) => [
      'sqs',
      'get-queue-url',
      '--queue-name',
      name,
      '--queue-owner-aws-account-id',
      account,
    ],
    missing: 'AWS.SimpleQueueService.NonExistentQueue',
  },
};

const FORMS = Object.entries(TARGET_SERVICES).map(
  ([service, { resource }]) => `${service}:[a-z0-9*-]+:[0-9*]+:${resource}`,
);
/** An ARN, in which `*` stands for any text. IAM's other wildcards and its variables are not taken. */
export const TARGET_PATTERN = new RegExp(`^arn:aws(-[a-z]+)*:(${FORMS.join('|')})$`);
