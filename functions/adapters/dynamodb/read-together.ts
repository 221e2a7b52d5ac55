import type { Key } from './keys.js';
import { queryPages } from './query-pages.js';
import type { Item } from './run-items.js';
import type { RunsTable } from './runs-table.js';
import { isLive } from './time-to-live.js';

/**
 * The item of that key and those whose keys begin with it, in their order, by one Query (one for each megabyte of them);
 * each by its sort key. Not `consistent` they are perhaps as they were a moment ago, at half the price.
 */
export async function readTogether(
  { client, table, clock }: RunsTable,
  { pk, sk }: Key,
  { consistent = true } = {},
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const pages = queryPages<Item>(client, {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
    ConsistentRead: consistent,
  });
  for await (const items of pages) for (const item of items) if (isLive(item, clock.now())) found.set(item.sk, item);
  return found;
}
