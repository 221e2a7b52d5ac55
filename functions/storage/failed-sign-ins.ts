import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { FAILURES_MS, type FailedSignInStore, windowOf } from '../subjects/sessions/failed-sign-ins.js';
import { failedSignInsKey, seconds } from './keys.js';
import { Table } from './table.js';

/** The place of all together. */
const ALL = '';

/** One item for each place and window; an item is kept for one window longer than it counts. */
export function createFailedSignIns(
  client: DynamoDBDocumentClient,
  name: string,
  clock: { now(): number },
): FailedSignInStore {
  const table = new Table(client, name);
  const keyOf = (place: string) => failedSignInsKey(windowOf(clock.now()).from, place);
  const counted = async (place: string): Promise<number> => (await table.get(keyOf(place)))?.['failures'] ?? 0;
  const added = async (place: string): Promise<number> => {
    const ttl = seconds(clock.now() + 2 * FAILURES_MS);
    return (await table.update(keyOf(place), 'ADD failures :one SET #ttl = :ttl', { one: 1, ttl }))!['failures'];
  };

  return {
    async count(place) {
      const [here, all] = await Promise.all([counted(place), counted(ALL)]);
      return { here, all };
    },
    async add(place) {
      const [here, all] = await Promise.all([added(place), added(ALL)]);
      return { here, all };
    },
  };
}
