import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { LimitStore, Slot } from '../../core/endpoint/limit-store.js';
import { held } from './conditional-write.js';
import { limitPartition, SLOT_PREFIX, slotKey, turnsKey } from './keys.js';
import { seconds } from './time-to-live.js';

/** What nobody has used for a month is forgotten: longer than any clock of turns runs ahead. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** Limits of endpoints, beside the task runs that they hold up. */
export function createLimitStore(client: DynamoDBDocumentClient, table: string): LimitStore {
  return {
    async bookTurn({ project, endpoint }, intervalMs, now) {
      const Key = turnsKey(project, endpoint);
      // Adding needs no read, so a crowd books without ever having to try again; only a clock that stood still is set.
      const whileAhead = { set: 'next_at = next_at + :interval', when: 'next_at > :now' };
      const afterRest = { set: 'next_at = :now + :interval', when: 'attribute_not_exists(next_at) OR next_at <= :now' };
      for (;;) {
        for (const { set, when } of [whileAhead, afterRest]) {
          let next: number | undefined;
          const update = client
            .send(
              new UpdateCommand({
                TableName: table,
                Key,
                UpdateExpression: `SET ${set}, #ttl = :ttl`,
                ConditionExpression: when,
                ExpressionAttributeNames: { '#ttl': 'ttl' },
                ExpressionAttributeValues: { ':interval': intervalMs, ':now': now, ':ttl': ttlAt(now) },
                ReturnValues: 'ALL_NEW',
              }),
            )
            .then(({ Attributes }) => {
              next = Attributes!['next_at'] as number;
            });
          if (await held(update)) return next! - intervalMs;
        }
      }
    },

    async slots({ project, endpoint }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :slot)',
          ExpressionAttributeValues: { ':pk': limitPartition(project, endpoint), ':slot': SLOT_PREFIX },
          ConsistentRead: true,
        }),
      );
      return Items.map(({ sk, run, holder, lease }) => ({
        index: Number(sk.slice(SLOT_PREFIX.length)),
        run,
        holder,
        lease,
      }));
    },

    takeSlot: ({ project, endpoint }, { index, run, holder, lease }: Slot, holders, now) =>
      held(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: slotKey(project, endpoint, index),
            UpdateExpression: 'SET run = :run, holder = :holder, lease = :lease, #ttl = :ttl',
            ConditionExpression: `attribute_not_exists(pk) OR lease <= :now OR holder IN (${holders.map((_, n) => `:of${n}`)})`,
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: {
              ':run': run,
              ':holder': holder,
              ':lease': lease,
              ':now': now,
              ':ttl': ttlAt(lease),
              ...Object.fromEntries(holders.map((one, n) => [`:of${n}`, one])),
            },
          }),
        ),
      ),

    async freeSlot({ project, endpoint }, index, holder) {
      await held(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: slotKey(project, endpoint, index),
            ConditionExpression: 'holder = :holder',
            ExpressionAttributeValues: { ':holder': holder },
          }),
        ),
      );
    },
  };
}

function ttlAt(at: number): number {
  return seconds(at) + KEPT_SECONDS;
}
