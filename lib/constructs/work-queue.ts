import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Pollers } from '../config.js';
import { DurableQueue, type DurableQueueProps } from './durable-queue.js';
import type { PunctualFunction } from './punctual-function.js';

export interface WorkQueueProps extends Pick<DurableQueueProps, 'settings' | 'urlName' | 'existing'> {
  readonly consumer: PunctualFunction;
  readonly deadLetters: DurableQueue;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  /** Provisioned pollers, which then replace `maxConcurrency`. */
  readonly pollers?: Pollers | undefined;
}

/** A queue with a consumer that reports failures by message: a failed message does not bring back its batch. */
export class WorkQueue extends DurableQueue {
  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    const { settings, urlName, existing, consumer } = props;
    super(scope, id, {
      settings,
      urlName,
      existing,
      visibilityTimeout: Duration.seconds(Math.ceil(settings.visibilityTimeouts * consumer.timeout!.toSeconds())),
      deadLetters: { dlq: props.deadLetters, maxReceiveCount: settings.maxReceives },
    });
    // No batching window: with a window, a quiet queue waits up to 20 s for its first batch.
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize,
        reportBatchItemFailures: true,
        ...scaling(props),
      }),
    );
  }
}

/** AWS takes a maximum concurrency or provisioned pollers (ProvisionedPollerConfig), never both. */
function scaling({ maxConcurrency, pollers }: Pick<WorkQueueProps, 'maxConcurrency' | 'pollers'>) {
  if (!pollers) return { maxConcurrency };
  return { provisionedPollerConfig: { minimumPollers: pollers.minimum, maximumPollers: pollers.maximum } };
}
