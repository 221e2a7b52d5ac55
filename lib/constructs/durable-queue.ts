import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption, QueuePolicy, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import { labelOf } from './metrics.js';
import type { PunctualFunction } from './punctual-function.js';

export interface DurableQueueProps {
  readonly settings: StageSettings;
  /** The environment variable that tells a function the queue's URL. */
  readonly urlName: string;
  /** Name of a queue that is there already, and is taken as it is. */
  readonly existing?: string | undefined;
  readonly visibilityTimeout?: Duration;
  readonly deadLetters?: { readonly dlq: DurableQueue; readonly maxReceiveCount: number };
}

/** A standard queue with SQS's longest retention: acknowledged work survives an outage of 14 days. */
export class DurableQueue extends Construct {
  readonly queue: IQueue;
  private readonly urlName: string;

  constructor(scope: Construct, id: string, props: DurableQueueProps) {
    super(scope, id);
    // CDK leaves the id `Default` out of logical ids: a queue with another would replace each that is there.
    this.queue = props.existing ? taken(this, props.existing) : new Queue(this, 'Default', definition(props));
    this.urlName = props.urlName;
  }

  /** Number of visible messages. */
  depth(): Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: labelOf(this) });
  }

  /** Seconds since the oldest message was sent. */
  age(): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' });
  }

  grantSend(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      this.queue.grantSendMessages(fn);
      fn.addEnvironment(this.urlName, this.queue.queueUrl);
    }
  }

  /** Permission to receive and delete messages, in order to send them back to their queue. */
  grantEmpty(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      this.queue.grant(
        fn,
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      );
      fn.addEnvironment(this.urlName, this.queue.queueUrl);
    }
  }
}

function definition({ settings, visibilityTimeout, deadLetters }: DurableQueueProps): QueueProps {
  return {
    ...(visibilityTimeout && { visibilityTimeout }),
    ...(deadLetters && {
      deadLetterQueue: { queue: deadLetters.dlq.queue, maxReceiveCount: deadLetters.maxReceiveCount },
    }),
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    removalPolicy: settings.removal,
  };
}

/** A queue that a removed stack has kept. It has lost its policy, which was a resource of that stack. */
function taken(scope: Construct, name: string): IQueue {
  const queue = Queue.fromQueueArn(scope, 'Default', Stack.of(scope).formatArn({ service: 'sqs', resource: name }));
  const { document } = new QueuePolicy(scope, 'Policy', { queues: [queue] });
  document.addStatements(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['sqs:*'],
      resources: [queue.queueArn],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
  return queue;
}
