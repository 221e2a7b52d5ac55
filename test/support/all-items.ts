import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

// biome-ignore lint/suspicious/noExplicitAny: an item of any kind.
type Item = Record<string, any>;

/** Every item of a table: what no function may do, a test may. */
export async function allItems(client: DynamoDBDocumentClient, table: string): Promise<Item[]> {
  const found: Item[] = [];
  let start: Item | undefined;
  do {
    const input = { TableName: table, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand(input));
    found.push(...Items);
    start = LastEvaluatedKey;
  } while (start);
  return found;
}
