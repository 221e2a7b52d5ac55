import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { PlatformError } from '../primitives/failed-message.js';
import type { Key } from './keys.js';

/** BatchGetItem takes at most 100 keys, and no key twice. */
const MAX_KEYS = 100;
const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 25;

interface Source {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * The items that exist among `keys`, in no particular order. Give no key twice. Without `consistent` the read is
 * eventually consistent, at half the price.
 */
export async function batchGet<Item>(
  source: Source,
  keys: readonly Key[],
  { consistent = true } = {},
): Promise<Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / MAX_KEYS) }, (_, index) =>
    keys.slice(index * MAX_KEYS, (index + 1) * MAX_KEYS),
  );
  const found = await Promise.all(batches.map((batch) => getAll<Item>(source, batch, consistent)));
  return found.flat();
}

/** Asks again for keys that DynamoDB left out: an answer holds 16 MB at most, and less while the table throttles. */
async function getAll<Item>(
  { client, table, clock }: Source,
  keys: readonly Key[],
  consistent: boolean,
): Promise<Item[]> {
  const items: Item[] = [];
  let open = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let tries = 1; ; tries += 1) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: open, ConsistentRead: consistent } } }),
    );
    items.push(...((Responses?.[table] ?? []) as Item[]));
    open = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof open;
    if (open.length === 0) return items;
    if (tries === MAX_TRIES)
      throw new PlatformError(`DynamoDB left ${open.length} of ${keys.length} keys of ${table} unread`);
    await clock.sleep(FIRST_PAUSE_MS * 2 ** tries);
  }
}
