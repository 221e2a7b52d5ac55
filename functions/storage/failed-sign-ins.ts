import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { FAILURES_MS, type FailedSignInStore, windowOf } from '../subjects/sessions/failed-sign-ins.js';
import { failedSignInsKey, seconds } from './keys.js';

/** The place of all together. */
const ALL = '';

/** One item for each place and window; an item is kept for one window longer than it counts. */
export function createFailedSignIns(
  client: DynamoDBDocumentClient,
  table: string,
  clock: { now(): number },
): FailedSignInStore {
  const keyOf = (place: string) => failedSignInsKey(windowOf(clock.now()).from, place);

  async function counted(place: string): Promise<number> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(place), ConsistentRead: true }));
    return Item?.['failures'] ?? 0;
  }

  async function added(place: string): Promise<number> {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: keyOf(place),
        UpdateExpression: 'ADD failures :one SET #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':one': 1, ':ttl': seconds(clock.now() + 2 * FAILURES_MS) },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Attributes!['failures'];
  }

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
