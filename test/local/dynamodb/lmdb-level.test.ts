import { promisify } from 'node:util';
import type { ListTablesOutput } from '@aws-sdk/client-dynamodb';
import type { Operation } from 'dynalite/db/index.js';
import { callDynalite, openStore } from '../../../local/dynamodb/dynalite-calls.js';
import { createTableIfAbsent } from '../../../local/dynamodb/tables.js';
import { TABLE } from './table.js';

const ITEMS = 100_000;

it('names the tables without a look at what is in them', async () => {
  const { store, close } = await openStore();
  for (const TableName of ['runs', 'endpoints']) await createTableIfAbsent(store, { ...TABLE, TableName });
  /** Milliseconds that it took. */
  const list = async () => {
    const begun = performance.now();
    const { TableNames } = await callDynalite<ListTablesOutput>(store, 'ListTables', {});
    expect(TableNames).toEqual(['endpoints', 'runs']);
    return performance.now() - begun;
  };
  await list();
  const atFirst = await list();
  const items = Array.from({ length: ITEMS }, (_, n): Operation => ({ type: 'put', key: `item-runs~${n}`, value: n }));
  await promisify(store.db.batch)(items);
  // A look at all of them takes hundreds of times as long.
  expect(await list()).toBeLessThan(20 * atFirst + 20);
  await close();
});
