import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../primitives/moments.js';
import type { Place, PlaceStore } from '../protocol/limits/project-shares.js';
import { type Key, overSharePartition, placePartition, seconds } from './keys.js';
import { queryPages } from './newest-items.js';

/** Sorts behind all entries of a moment. */
const LAST = '~';

/** The places that projects take in the delivery lanes, in the table of task runs. */
export function createPlaceStore(client: DynamoDBDocumentClient, table: string): PlaceStore {
  const put = (Item: Key & Readonly<Record<string, unknown>>) =>
    client.send(new PutCommand({ TableName: table, Item }));

  return {
    async take({ project, lane, holder, weight, until }) {
      await put({ pk: placePartition(project, lane), sk: holder, weight, until, ttl: seconds(until) });
    },

    async leave({ project, lane, holder }) {
      const Key = { pk: placePartition(project, lane), sk: holder };
      await client.send(new DeleteCommand({ TableName: table, Key }));
    },

    async taken({ project, lane }, now) {
      let sum = 0;
      const pages = queryPages<Pick<Place, 'weight' | 'until'>>(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': placePartition(project, lane) },
      });
      for await (const items of pages) for (const { weight, until } of items) if (until > now) sum += weight;
      return sum;
    },

    async markOver({ project, lane }, until) {
      await put({
        pk: overSharePartition(lane),
        sk: `${isoTime(until)}#${project}`,
        project,
        until,
        ttl: seconds(until),
      });
    },

    async over(lane, now) {
      const over = new Map<string, number>();
      const pages = queryPages<{ readonly project: string; readonly until: number }>(client, {
        TableName: table,
        // Sorted by the end, so an entry that is over is not read.
        KeyConditionExpression: 'pk = :pk AND sk > :now',
        ExpressionAttributeValues: { ':pk': overSharePartition(lane), ':now': isoTime(now) + LAST },
      });
      for await (const items of pages) for (const { project, until } of items) over.set(project, until);
      return over;
    },
  };
}
