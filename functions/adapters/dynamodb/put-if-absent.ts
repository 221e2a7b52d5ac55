import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { held } from './conditional-write.js';

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
