import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { messageAttributes, orderOf } from '../aws/attributes.js';
import { createAwsCaller } from '../aws/aws-caller.js';
import type { Caller, CallerSettings } from '../kind.js';
import { type SqsDestination, sqs } from './sqs.js';

/** Puts a message into a queue. */
export function createSqsCaller(settings: CallerSettings): Caller<SqsDestination> {
  return createAwsCaller(settings, {
    kind: sqs,
    // The ARN's Region decides where a call goes, and not the host of the queue's URL.
    clientIn: (config) => new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    async call(client, { arn }, { headers, body, delivery }, options) {
      const message = new SendMessageCommand({
        QueueUrl: urlOf(arn),
        MessageBody: body.toString(),
        MessageAttributes: messageAttributes(headers),
        ...orderOf(arn, headers, delivery!.group),
      });
      const { MessageId, SequenceNumber } = await client.send(message, options);
      return { body: JSON.stringify({ MessageId, SequenceNumber }) };
    },
  });
}

function urlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/${name}`;
}
