import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { type Deployment, newcomer } from '../stories/tell-all.js';

/** URLs of two queues: of the dead letters' copies, and of what is to be replayed. */
type Move = (sqs: SQSClient, from: string, to: string) => Promise<void>;

/** What the runbook tells operators to do with SQS, and its outcome. @throws Error when the run stays dead */
export async function redriveStory(deployment: Deployment, move: () => Promise<void>): Promise<void> {
  const { teller, receiver } = await newcomer(deployment);
  const { good, bad } = receiver;
  const endpoint = await teller.endpointAt(bad);
  const id = await teller.task(endpoint.id);
  await teller.reached(id, 'dead_letter');
  await teller.deadLetter(id);
  await teller.move(endpoint.id, good);
  await move();
  await teller.revived(id);
}

/** "Start DLQ redrive", to a custom destination. */
export const startMoveTask: Move = async (sqs, from, to) => {
  const [SourceArn, DestinationArn] = await Promise.all([arnOf(sqs, from), arnOf(sqs, to)]);
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
};

/** What such a task does, message by message. */
export const moveByHand: Move = async (sqs, from, to) => {
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return;
    for (const { Body, ReceiptHandle } of Messages) {
      await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body! }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: ReceiptHandle! }));
    }
  }
};

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(asked)).Attributes!['QueueArn']!;
}
