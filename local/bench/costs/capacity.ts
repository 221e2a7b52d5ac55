import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { Item } from 'dynalite/db/index.js';
import { itemBytes } from '../../dynamodb/item-size.js';
import { STORED_ITEM_BYTES } from './prices.js';

/** A table or an index, by the attributes that it stores; undefined `attributes` means all. */
interface Copy {
  readonly key: readonly string[];
  readonly attributes?: readonly string[];
}

/** A table and its global secondary indexes. */
export interface TableShape {
  readonly table: Copy;
  readonly indexes: readonly Copy[];
}

type MaybeItem = Item | undefined;

const WRITE_UNIT_BYTES = 1024;

/** The shape in an answer of DescribeTable. */
export function shapeOf({ KeySchema = [], GlobalSecondaryIndexes = [] }: TableDescription): TableShape {
  const names = (schema: typeof KeySchema) => schema.map(({ AttributeName }) => AttributeName!);
  const table = { key: names(KeySchema) };
  const indexes = GlobalSecondaryIndexes.map(({ KeySchema: schema = [], Projection }) => {
    const key = names(schema);
    if (Projection?.ProjectionType === 'ALL') return { key };
    return { key, attributes: [...new Set([...table.key, ...key, ...(Projection?.NonKeyAttributes ?? [])])] };
  });
  return { table, indexes };
}

/**
 * Write units of a successful write, in the table and in every index that it changed: each started KB of the larger
 * item, before or after ("Read and write request units", "Global secondary indexes: write capacity" of the Developer
 * Guide). A sparse index is charged only for its entries, and only if an entry changed.
 */
export function writeUnits({ table, indexes }: TableShape, before: MaybeItem, after: MaybeItem): number {
  const inTable = Math.max(1, writeUnitsOf(part(table, before)), writeUnitsOf(part(table, after)));
  return indexes.reduce((total, index) => total + indexUnits(part(index, before), part(index, after), index), inTable);
}

/** A write whose condition failed costs as much as a write of the stored item. */
export function refusedWriteUnits(item: MaybeItem): number {
  return Math.max(1, writeUnitsOf(item));
}

/** Billed bytes of the item in the table and its indexes. */
export function storedBytes({ table, indexes }: TableShape, item: MaybeItem): number {
  const entries = [table, ...indexes].map((copy) => part(copy, item)).filter((entry) => entry !== undefined);
  return entries.reduce((total, entry) => total + itemBytes(entry) + STORED_ITEM_BYTES, 0);
}

function indexUnits(before: MaybeItem, after: MaybeItem, { key }: Copy): number {
  if (before && after && sameIn(key, before, after))
    return sameIn(Object.keys({ ...before, ...after }), before, after)
      ? 0
      : Math.max(writeUnitsOf(before), writeUnitsOf(after));
  // A changed key means one deleted entry and one new entry.
  return writeUnitsOf(before) + writeUnitsOf(after);
}

/** The part of the item in this copy; undefined if the item lacks the key. */
function part({ key, attributes }: Copy, item: MaybeItem): MaybeItem {
  if (item === undefined || !key.every((name) => item[name] !== undefined)) return undefined;
  if (attributes === undefined) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => attributes.includes(name))) as Item;
}

function sameIn(names: readonly string[], one: Item, other: Item): boolean {
  return names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}

function writeUnitsOf(item: MaybeItem): number {
  return item === undefined ? 0 : Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES);
}
