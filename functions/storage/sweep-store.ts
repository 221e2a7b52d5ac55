import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../primitives/moments.js';
import type { ProbeToken } from '../protocol/rules/token.js';
import type { ContentPosition, ContentStore } from '../protocol/sweep/end-contents.js';
import type { LaterList, ListName, QueueClocks, Round, Span, SweepStore } from '../protocol/sweep/sweep-ports.js';
import { held, putVersion } from './conditional-write.js';
import { contentKey, type Key, laterPartition, roundKey, seconds, workedOffKey } from './keys.js';
import { queryPages } from './newest-items.js';
import { fieldsOf, rowOf } from './rows.js';

/** TTL of a list that waits until its queue is worked off: longer than any outage that messages outlive. */
const KEPT_MS = 31 * 24 * 3_600_000;
/** Sorts behind all lists of a moment. */
const LAST = '~';

/** The reconciler's round, and its lists of things to check later, in the table of runs. */
export function createSweepStore(client: DynamoDBDocumentClient, table: string): SweepStore & ContentStore {
  return {
    async round() {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: roundKey, ConsistentRead: true }));
      return Item && fieldsOf<Round>(Item);
    },

    putRound: (round) => putVersion(client, table, rowOf({ ...roundKey, ...round }, ['behind'])),

    async putLater(project, list) {
      const { queue, at, name } = list;
      const key = { pk: laterPartition(project), sk: `${momentKey(queue, at)}#${name}` };
      const Item = rowOf({ ...key, ttl: seconds(at + KEPT_MS), ...list }, ['entries']);
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async contentPosition(project) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: contentKey(project), ConsistentRead: true }),
      );
      return Item && fieldsOf<ContentPosition>(Item);
    },

    putContentPosition: (project, position) =>
      putVersion(client, table, rowOf({ ...contentKey(project), ...position }, [])),

    async *later<Name extends ListName>(project: string, queue: Name, { from, until }: Span) {
      const pages = queryPages<Key>(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
        ExpressionAttributeValues: {
          ':pk': laterPartition(project),
          ':from': momentKey(queue, from) + LAST,
          ':until': momentKey(queue, until) + LAST,
        },
        ConsistentRead: true,
      });
      for await (const items of pages) for (const item of items) yield fieldsOf<LaterList<Name>>(item);
    },
  };
}

const momentKey = (queue: string, at: number): string => `${queue}#${isoTime(at)}`;

const NOTE_KEPT_MS = 31 * 24 * 3_600_000;

/** The moments up to which queues, and groups in them, are worked off. */
export interface WorkedOff extends Pick<QueueClocks, 'workedOff'> {
  /** Notes a probe's arrival. A later probe may have arrived before. */
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
            ExpressionAttributeValues: { ':sent': sent_at, ':ttl': seconds(sent_at + NOTE_KEPT_MS) },
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
