import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { held } from './conditional-write.js';
import type { Key } from './keys.js';

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
