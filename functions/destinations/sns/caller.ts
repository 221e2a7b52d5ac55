import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { messageAttributes, orderOf } from '../aws/attributes.js';
import { createAwsCaller } from '../aws/aws-caller.js';
import type { Caller, CallerSettings } from '../kind.js';
import { type SnsDestination, sns } from './sns.js';

/** Publishes to a topic. */
export function createSnsCaller(settings: CallerSettings): Caller<SnsDestination> {
  return createAwsCaller(settings, {
    kind: sns,
    clientIn: (config) => new SNSClient(config),
    async call(client, { arn }, { headers, body, delivery }, options) {
      const message = new PublishCommand({
        TopicArn: arn,
        Message: body.toString(),
        MessageAttributes: messageAttributes(headers),
        ...orderOf(arn, headers, delivery!.group),
      });
      const { MessageId, SequenceNumber } = await client.send(message, options);
      return { body: JSON.stringify({ MessageId, SequenceNumber }) };
    },
  });
}
