import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../../core/moments.js';
import type { Round, SweepStore } from '../../core/sweep/sweep-ports.js';
import { type Key, laterPartition, roundKey } from './keys.js';
import { pack, unpack } from './packed.js';
import { putVersion } from './put-version.js';
import { queryPages } from './query-pages.js';
import { seconds } from './time-to-live.js';

type List = Key & { readonly at: number; readonly data: Uint8Array };

/** So long a list waits for its queue to get to its moment: longer than any outage that messages outlive. */
const KEPT_MS = 31 * 24 * 3_600_000;
/** Right behind all lists of a moment. */
const LAST = '~';

/** How far the reconciler has come, and lists of what to look at later, in the table of runs. */
export function createSweepStore(client: DynamoDBDocumentClient, table: string): SweepStore {
  return {
    async round() {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: roundKey, ConsistentRead: true }));
      return Item && { ...unpack<Omit<Round, 'version'>>(Item['data']), version: Item['version'] };
    },

    putRound({ version, ...round }) {
      return putVersion(client, table, { ...roundKey, version, data: pack(round) });
    },

    async putLater(project, { queue, at, name, entries }) {
      const key = { pk: laterPartition(project), sk: `${momentKey(queue, at)}#${name}` };
      const item = { ...key, ttl: seconds(at + KEPT_MS), at, data: pack(entries) };
      await client.send(new PutCommand({ TableName: table, Item: item }));
    },

    async *later(project, queue, { from, until }) {
      const pages = queryPages<List>(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
        ExpressionAttributeValues: {
          ':pk': laterPartition(project),
          ':from': momentKey(queue, from) + LAST,
          ':until': momentKey(queue, until) + LAST,
        },
        ConsistentRead: true,
      });
      for await (const items of pages)
        for (const { sk, at, data } of items) {
          const name = sk.slice(momentKey(queue, at).length + 1);
          yield { queue, at, name, entries: unpack<string[]>(data) };
        }
    },
  };
}

const momentKey = (queue: string, at: number): string => `${queue}#${isoTime(at)}`;
