import type { BatchGetItemInput } from '@aws-sdk/client-dynamodb';
import type { Item, Store } from 'dynalite/db/index.js';
import { callDynalite } from './dynalite-calls.js';
import { itemBytes } from './item-size.js';

const ROUND_BYTES = 1.5 * 1024 * 1024;
/** AWS answers up to 16 MB and returns the rest as UnprocessedKeys: one more round must fit. */
const FULL_BYTES = 16 * 1024 * 1024 - ROUND_BYTES;

type Requests = NonNullable<BatchGetItemInput['RequestItems']>;

interface BatchGetOutput {
  Responses: Record<string, Item[]>;
  UnprocessedKeys: Requests;
}

/**
 * BatchGetItem. dynalite stops after 1.4 MB and drops the projection of the unprocessed keys. So this function asks
 * dynalite again until no key is left or the answer is as large as AWS makes it.
 */
export async function batchGet(store: Store, input: BatchGetItemInput): Promise<BatchGetOutput> {
  const output = await callDynalite<BatchGetOutput>(store, 'BatchGetItem', input);
  let bytes = responseBytes(output);
  while (Object.keys(output.UnprocessedKeys).length > 0 && bytes < FULL_BYTES) {
    const rest = leftOver(input, output);
    const more = await callDynalite<BatchGetOutput>(store, 'BatchGetItem', { ...input, RequestItems: rest });
    for (const [table, items] of Object.entries(more.Responses)) output.Responses[table]!.push(...items);
    output.UnprocessedKeys = more.UnprocessedKeys;
    bytes += responseBytes(more);
  }
  return { ...output, UnprocessedKeys: leftOver(input, output) };
}

/** The unprocessed keys as a request, with the projection and consistency of the original request. */
function leftOver(input: BatchGetItemInput, output: BatchGetOutput): Requests {
  const tables = Object.entries(output.UnprocessedKeys);
  return Object.fromEntries(tables.map(([table, { Keys }]) => [table, { ...input.RequestItems![table]!, Keys }]));
}

function responseBytes(output: BatchGetOutput): number {
  return Object.values(output.Responses)
    .flat()
    .reduce((sum, item) => sum + itemBytes(item), 0);
}
