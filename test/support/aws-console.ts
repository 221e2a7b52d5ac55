import { SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { LocalStack } from '../../local/local-stack.js';
import { eventually } from './eventually.js';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** What a person in the AWS console sees and does. */
export function awsConsole(stack: LocalStack) {
  const sqs = new SQSClient({ ...access, endpoint: stack.sqs });
  const queueArn = (part: string) => `arn:aws:sqs:us-east-1:000000000000:${stack.queueUrl(part).split('/').at(-1)}`;
  return {
    sqs,
    scheduler: new SchedulerClient({ ...access, endpoint: stack.scheduler }),
    queueArn,
    /** "Start DLQ redrive", to the source or to a custom destination; answers how it ended. */
    async redrive(part: string, destination?: string): Promise<ListMessageMoveTasksResultEntry> {
      const SourceArn = queueArn(part);
      await sqs.send(
        new StartMessageMoveTaskCommand({ SourceArn, ...(destination && { DestinationArn: queueArn(destination) }) }),
      );
      return eventually('the move task has ended', async () => {
        const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
        return Results?.[0]?.Status !== 'RUNNING' && Results?.[0];
      });
    },
    async depth(part: string): Promise<QueueDepth> {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: stack.queueUrl(part), AttributeNames: ['All'] }),
      );
      return {
        visible: Number(Attributes['ApproximateNumberOfMessages']),
        inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
        delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed']),
      };
    },
  };
}
