import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Long enough that one look through the queue meets each message once; then people see them again. */
const HIDDEN_SECONDS = 60;
const BATCH_SIZE = 10;

/** Looks at the bodies of up to `most` messages without taking any out of the queue. */
export async function* peekQueue(sqs: SQSClient, queueUrl: string, most: number): AsyncGenerator<string> {
  for (let seen = 0; seen < most; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: BATCH_SIZE,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: 1, // a short poll asks only some of SQS's servers, and may miss what is there
      }),
    );
    if (Messages.length === 0) return;
    seen += Messages.length;
    for (const { Body } of Messages) if (Body !== undefined) yield Body;
  }
}
