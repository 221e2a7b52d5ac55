import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.js';
import type { Item } from './run-items.js';
import { isLive } from './time-to-live.js';

/**
 * The item of that key and those whose keys begin with it, by one Query; each by its sort key. Not `consistent` they are
 * perhaps as they were a moment ago, at half the price.
 */
export async function readTogether(
  client: DynamoDBDocumentClient,
  table: string,
  { pk, sk }: Key,
  now: number,
  { consistent = true } = {},
): Promise<Map<string, Item>> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
      ConsistentRead: consistent,
    }),
  );
  return new Map((Items as Item[]).filter((item) => isLive(item, now)).map((item) => [item.sk, item]));
}
