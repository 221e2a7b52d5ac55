import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DeadLetter } from '../../core/dead-letter/dead-letter.js';
import { shardOf, siblingId } from '../../core/ids.js';
import type { DeadLetterStore } from '../../core/ports.js';
import { held } from './conditional-write.js';
import { deadLetterKey, endpointIndex, openIndex } from './keys.js';
import { pack, unpack } from './packed.js';

/** The part that never changes while the epoch lasts; the rest stands beside it, for filters and for people. */
type Packed = Pick<DeadLetter, 'run' | 'last_attempt'>;

export function deadLetterItem(letter: DeadLetter): Record<string, unknown> {
  const { run, last_attempt, ...plain } = letter;
  const n = shardOf(letter.id);
  return {
    ...plain,
    ...deadLetterKey(letter.project_id, letter.id),
    ...(run.endpoint_id && { endpoint_id: run.endpoint_id, g1: endpointIndex(run.endpoint_id, n) }),
    ...(letter.status === 'open' && { g2: openIndex(letter.project_id, n) }),
    data: pack({ run, ...(last_attempt && { last_attempt }) } satisfies Packed),
  };
}

export function deadLetterOf(item: Record<string, unknown>): DeadLetter {
  const { pk: _pk, sk: _sk, g1: _g1, g2: _g2, endpoint_id: _endpoint, data, ...plain } = item;
  return { ...(plain as Omit<DeadLetter, keyof Packed>), ...unpack<Packed>(data as Uint8Array) };
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
    const changes = Object.entries({ status, updated_at: at, ...extra });
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
