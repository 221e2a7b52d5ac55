import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import { labelOf } from './metrics.js';
import type { PunctualFunction } from './punctual-function.js';

export interface DurableQueueProps {
  readonly settings: StageSettings;
  /** The environment variable that tells a function the queue's URL. */
  readonly urlName: string;
  readonly visibilityTimeout?: Duration;
  readonly deadLetterQueue?: DeadLetterQueue;
}

/** A standard queue with SQS's longest retention: acknowledged work survives an outage of 14 days. */
export class DurableQueue extends Queue {
  private readonly urlName: string;

  constructor(scope: Construct, id: string, { settings, urlName, ...props }: DurableQueueProps) {
    super(scope, id, {
      ...props,
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: settings.removal,
    });
    this.urlName = urlName;
  }

  /** Number of visible messages. */
  depth(): Metric {
    return this.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: labelOf(this) });
  }

  grantSend(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      this.grantSendMessages(fn);
      fn.addEnvironment(this.urlName, this.queueUrl);
    }
  }

  /** Permission to receive and delete messages, in order to send them back to their queue. */
  grantEmpty(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      this.grant(
        fn,
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      );
      fn.addEnvironment(this.urlName, this.queueUrl);
    }
  }
}
