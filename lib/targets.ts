interface Service {
  /** What sends there. */
  readonly action: string;
  /** Form of the resource in an ARN, as a part of a regular expression. */
  readonly resource: string;
}

/** The services whose resources may be targets. */
export const TARGET_SERVICES: Readonly<Record<string, Service>> = {
  events: { action: 'events:PutEvents', resource: 'event-bus/[\\w./*-]+' },
  lambda: { action: 'lambda:InvokeFunction', resource: 'function:[\\w*-]+(:[\\w$*-]+)?' },
  sns: { action: 'sns:Publish', resource: '[\\w*-]+(\\.fifo)?' },
  states: { action: 'states:StartExecution', resource: 'stateMachine:[\\w*-]+(:[\\w*-]+)?' },
  sqs: { action: 'sqs:SendMessage', resource: '[\\w*-]+(\\.fifo)?' },
};

const FORMS = Object.entries(TARGET_SERVICES).map(
  ([service, { resource }]) => `${service}:[a-z0-9*-]+:[0-9*]+:${resource}`,
);
/** An ARN, in which `*` stands for any text. IAM's other wildcards and its variables are not taken. */
export const TARGET_PATTERN = new RegExp(`^arn:aws(-[a-z]+)*:(${FORMS.join('|')})$`);
