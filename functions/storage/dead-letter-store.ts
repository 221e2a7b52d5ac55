import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { shardOf, siblingId } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';
import type { DeadLetterStore } from '../protocol/rules/ports.js';
import type { DeadLetter } from '../subjects/dead-letters/dead-letter.js';
import { held } from './conditional-write.js';
import { deadLetterKey, endpointIndex, openIndex } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';

/** Large values that may be compressed. The last attempt's status and error stay readable in the DynamoDB console. */
const BULKY = ['run.payload.body', 'run.target.headers'].concat(
  ['request_headers', 'response_headers', 'response_body'].map((field) => `last_attempt.${field}`),
);

export function deadLetterItem(letter: DeadLetter): Record<string, unknown> {
  const { endpoint_id } = letter.run;
  const n = shardOf(letter.id);
  const row = {
    ...letter,
    ...deadLetterKey(letter.project_id, letter.id),
    ...(endpoint_id && { endpoint_id, g1: endpointIndex(endpoint_id, n) }),
    ...(letter.status === 'open' && { g2: openIndex(letter.project_id, n) }),
  };
  return rowOf(row, BULKY);
}

export function deadLetterOf(item: Record<string, unknown>): DeadLetter {
  const { endpoint_id: _endpoint, ...letter } = fieldsOf<DeadLetter & { endpoint_id?: string }>(item);
  return letter;
}

export function createDeadLetterStore(client: DynamoDBDocumentClient, table: string): DeadLetterStore {
  return {
    async find({ project, run }) {
      const Key = deadLetterKey(project, siblingId('dl', run));
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && deadLetterOf(Item);
    },

    async bury(letter) {
      await held(
        client.send(
          new PutCommand({
            TableName: table,
            Item: deadLetterItem(letter),
            ConditionExpression: 'attribute_not_exists(pk) OR epoch < :epoch',
            ExpressionAttributeValues: { ':epoch': letter.epoch },
          }),
        ),
      );
    },

    async redact(letter) {
      await held(
        client.send(
          new PutCommand({
            TableName: table,
            Item: deadLetterItem(letter),
            ConditionExpression: 'epoch = :epoch AND #status <> :open',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':epoch': letter.epoch, ':open': 'open' },
          }),
        ),
      );
    },

    markReplayed: (letter, at, bulkId) =>
      close(letter, 'replayed', at, bulkId === undefined ? {} : { bulk_id: bulkId }),
    markResolved: (letter, at, note) => close(letter, 'resolved', at, { note }),
  };

  function close(
    letter: DeadLetter,
    status: 'replayed' | 'resolved',
    at: number,
    extra: Partial<Pick<DeadLetter, 'note' | 'bulk_id'>>,
  ): Promise<boolean> {
    const changes = Object.entries({ status, updated_at: isoTime(at), ...extra });
    return held(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: deadLetterKey(letter.project_id, letter.id),
          UpdateExpression: `SET ${changes.map(([name]) => `#${name} = :${name}`).join(', ')} REMOVE g2`,
          ConditionExpression: '#status = :open AND epoch = :epoch',
          ExpressionAttributeNames: Object.fromEntries(changes.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(changes.map(([name, value]) => [`:${name}`, value])),
            ':open': 'open',
            ':epoch': letter.epoch,
          },
        }),
      ),
    );
  }
}
