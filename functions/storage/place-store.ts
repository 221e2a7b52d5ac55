import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../primitives/moments.js';
import type { Place, PlaceStore } from '../protocol/limits/project-shares.js';
import { LAST, overSharePartition, placePartition, seconds } from './keys.js';
import { Table } from './table.js';

/** The places that projects take in the delivery lanes, in the table of task runs. */
export function createPlaceStore(client: DynamoDBDocumentClient, name: string): PlaceStore {
  const table = new Table(client, name);
  return {
    take: ({ project, lane, holder, weight, until }) =>
      table.put({ pk: placePartition(project, lane), sk: holder, weight, until, ttl: seconds(until) }),

    leave: ({ project, lane, holder }) => table.remove({ pk: placePartition(project, lane), sk: holder }),

    async taken({ project, lane }, now) {
      let sum = 0;
      const pages = table.pages<Pick<Place, 'weight' | 'until'>>('pk = :pk', { pk: placePartition(project, lane) });
      for await (const items of pages) for (const { weight, until } of items) if (until > now) sum += weight;
      return sum;
    },

    async markOver({ project, lane }, until) {
      const key = { pk: overSharePartition(lane), sk: `${isoTime(until)}#${project}` };
      await table.put({ ...key, project, until, ttl: seconds(until) });
    },

    async over(lane, now) {
      const over = new Map<string, number>();
      // Sorted by the end, so an entry that is over is not read.
      const values = { pk: overSharePartition(lane), now: isoTime(now) + LAST };
      const pages = table.pages<{ readonly project: string; readonly until: number }>('pk = :pk AND sk > :now', values);
      for await (const items of pages) for (const { project, until } of items) over.set(project, until);
      return over;
    },
  };
}
