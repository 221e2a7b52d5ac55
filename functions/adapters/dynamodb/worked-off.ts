import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ProbeToken } from '../../core/run/token.js';
import type { QueueClocks } from '../../core/sweep/sweep-ports.js';
import { held } from './conditional-write.js';
import { workedOffKey } from './keys.js';
import { seconds } from './time-to-live.js';

const KEPT_MS = 31 * 24 * 3_600_000;

/** Until when queues, and groups in them, are worked off. */
export interface WorkedOff extends Pick<QueueClocks, 'workedOff'> {
  /** A probe has come through. A later one may have been faster. */
  note(probe: ProbeToken): Promise<void>;
}

export function createWorkedOff(client: DynamoDBDocumentClient, table: string): WorkedOff {
  return {
    async note({ queue, group, sent_at }) {
      await held(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: workedOffKey(queue, group),
            UpdateExpression: 'SET worked_off = :sent, #ttl = :ttl',
            ConditionExpression: 'attribute_not_exists(pk) OR worked_off < :sent',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: { ':sent': sent_at, ':ttl': seconds(sent_at + KEPT_MS) },
          }),
        ),
      );
    },

    async workedOff({ queue, group }) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: workedOffKey(queue, group), ConsistentRead: true }),
      );
      return Item?.['worked_off'] ?? 0;
    },
  };
}
