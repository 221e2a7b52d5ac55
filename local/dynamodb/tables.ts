import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import type {
  CreateTableCommandInput,
  DescribeTableOutput,
  ListTablesOutput,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Store } from 'dynalite/db/index.js';
import { callDynalite, isDynaliteError } from './dynalite-calls.js';

/** Creates the table if it is absent and returns when it can be used. Throws for an existing table with other keys. */
export async function createTableIfAbsent(store: Store, input: CreateTableCommandInput): Promise<void> {
  const existing = await describe(store, input.TableName!);
  if (existing) return assertSameKeys(existing, input);
  await callDynalite(store, 'CreateTable', input);
  while ((await describe(store, input.TableName!))?.TableStatus !== 'ACTIVE') await sleep(1);
}

/** Activates tables that a kill left CREATING: dynalite activates a table in a second write after CreateTable's. */
export async function activateTables(store: Store): Promise<void> {
  const { TableNames } = await callDynalite<ListTablesOutput>(store, 'ListTables', {});
  for (const name of TableNames ?? []) {
    const table = (await promisify(store.tableDb.get)(name))!;
    if (table.TableStatus !== 'CREATING') continue;
    for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
    await promisify(store.tableDb.put)(name, { ...table, TableStatus: 'ACTIVE' });
  }
}

async function describe(store: Store, name: string): Promise<TableDescription | undefined> {
  try {
    return (await callDynalite<DescribeTableOutput>(store, 'DescribeTable', { TableName: name })).Table;
  } catch (error) {
    if (isDynaliteError(error) && error.body.__type.endsWith('ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function assertSameKeys(existing: TableDescription, wanted: CreateTableCommandInput): void {
  if (isDeepStrictEqual(keysOf(existing), keysOf(wanted))) return;
  throw new Error(
    `table ${wanted.TableName} is kept from an earlier start with other keys or indexes; remove the local state to start afresh`,
  );
}

function keysOf(table: TableDescription | CreateTableCommandInput): object {
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const byName = indexes.map((index) => [index.IndexName, plain(index.KeySchema), plain(index.Projection)] as const);
  return { table: plain(table.KeySchema), indexes: byName.sort(([a], [b]) => (a! < b! ? -1 : 1)) };
}

/** A copy with prototypes: dynalite's objects have none, which deep equality would notice. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
