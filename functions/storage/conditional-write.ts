import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.js';

/** Whether a conditional write took effect. @throws every error but a failed condition */
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
 * Puts the item if its key is free, and answers whether it did. An expired item that DynamoDB has not deleted yet
 * counts as absent. `now` is in Unix milliseconds.
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

/** Whether the item was put: version 1 only where the key is free, a later version only over the version before it. */
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
