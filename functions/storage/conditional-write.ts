import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.js';

/** Whether a conditional write took effect; anything but a failed condition is thrown on. */
export async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Whether the item was put: there was none of its key. One whose time is up counts as absent, although DynamoDB has not
 * deleted it yet; `now` in Unix milliseconds.
 */
export function putIfAbsent(
  client: DynamoDBDocumentClient,
  table: string,
  item: { readonly ttl: number },
  now: number,
): Promise<boolean> {
  return held(
    client.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':now': Math.floor(now / 1000) },
      }),
    ),
  );
}

/** Whether the item was put: its version 1 if there is none of its key, a later one in place of the version before. */
export function putVersion<Item extends Key & { readonly version: number }>(
  client: DynamoDBDocumentClient,
  table: string,
  item: Item,
): Promise<boolean> {
  const isFirst = item.version === 1;
  return held(
    client.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'version = :seen',
        ...(!isFirst && { ExpressionAttributeValues: { ':seen': item.version - 1 } }),
      }),
    ),
  );
}
