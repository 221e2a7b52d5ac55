import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../../core/moments.js';
import type { LaterList, Round, SweepStore } from '../../core/sweep/sweep-ports.js';
import { type Key, laterPartition, roundKey } from './keys.js';
import { putVersion } from './put-version.js';
import { queryPages } from './query-pages.js';
import { fieldsOf, rowOf } from './rows.js';
import { seconds } from './time-to-live.js';

/** So long a list waits for its queue to get to its moment: longer than any outage that messages outlive. */
const KEPT_MS = 31 * 24 * 3_600_000;
/** Right behind all lists of a moment. */
const LAST = '~';

/** How far the reconciler has come, and lists of what to look at later, in the table of runs. */
export function createSweepStore(client: DynamoDBDocumentClient, table: string): SweepStore {
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

    async *later(project, queue, { from, until }) {
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
      for await (const items of pages) for (const item of items) yield fieldsOf<LaterList>(item);
    },
  };
}

const momentKey = (queue: string, at: number): string => `${queue}#${isoTime(at)}`;
