import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import type {
  CreateTableCommandInput,
  DescribeTableOutput,
  GlobalSecondaryIndex,
  ListTablesOutput,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Index, Item, Store, Table } from 'dynalite/db/index.js';
import { operationsOf } from './atomic-indexes.js';
import { callDynalite, isDynaliteError } from './dynalite-calls.js';

/**
 * Creates the table if it is absent and returns when it can be used. A kept table gets the indexes that it lacks, and
 * keeps those that only another release has. Throws for an existing table with other keys.
 */
export async function createTableIfAbsent(store: Store, input: CreateTableCommandInput): Promise<void> {
  const existing = await describe(store, input.TableName!);
  if (existing) {
    assertSameKeys(existing, input);
    return addIndexes(store, input);
  }
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

/** The table has an index when all entries are there: a start that is killed in between does it again. */
async function addIndexes(store: Store, wanted: CreateTableCommandInput): Promise<void> {
  const table = (await promisify(store.tableDb.get)(wanted.TableName!))!;
  const known = table.GlobalSecondaryIndexes ?? [];
  const isKnown = ({ IndexName }: GlobalSecondaryIndex) => known.some((it) => it.IndexName === IndexName);
  const lacking = (wanted.GlobalSecondaryIndexes ?? []).filter((index) => !isKnown(index)) as Index[];
  if (lacking.length === 0) return;
  const added = lacking.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  const attributes = [...table.AttributeDefinitions, ...(wanted.AttributeDefinitions as Table['AttributeDefinitions'])];
  const grown = {
    ...table,
    AttributeDefinitions: [...new Map(attributes.map((it) => [it.AttributeName, it])).values()],
    GlobalSecondaryIndexes: [...known, ...added],
  };
  const items = `item-${table.TableName}~`;
  for (const { value } of store.db.entries({ gt: items, lt: `${items}\uffff` }))
    await promisify(store.db.batch)(operationsOf('global', added, grown, undefined, value as Item));
  await promisify(store.tableDb.put)(table.TableName, grown);
}

function assertSameKeys(existing: TableDescription, wanted: CreateTableCommandInput): void {
  const [kept, asked] = [keysOf(existing), keysOf(wanted)];
  const isSame = ([name, ...keys]: readonly [string, ...unknown[]]) =>
    isDeepStrictEqual(keys, kept.indexes.find(([it]) => it === name)?.slice(1) ?? keys);
  if (isDeepStrictEqual(kept.table, asked.table) && asked.indexes.every(isSame)) return;
  throw new Error(
    `table ${wanted.TableName} is kept from an earlier start with other keys or indexes; remove the local state to start afresh`,
  );
}

function keysOf(table: TableDescription | CreateTableCommandInput) {
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const byName = indexes.map((index) => [index.IndexName!, plain(index.KeySchema), plain(index.Projection)] as const);
  return { table: plain(table.KeySchema), indexes: byName };
}

/** A copy with prototypes: dynalite's objects have none, which deep equality would notice. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
