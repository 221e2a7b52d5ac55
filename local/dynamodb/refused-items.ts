import db, { type Item, type Table } from 'dynalite/db/index.js';
import { isTooDeep } from './refused-requests.js';

const MAX_BYTES = { HASH: 2048, RANGE: 1024 };

const { validateItem, validateKey } = db;

db.validateItem = (item, table) =>
  validateItem(item, table) ?? sizeFault(item, table.KeySchema) ?? putFault(item, table);

/** With a schema: the key of an index. */
db.validateKey = (key, table, schema) => validateKey(key, table, schema) ?? sizeFault(key, schema ?? table.KeySchema);

/**
 * Why AWS refuses what an update has made of an item. dynalite looks at the expression alone, and so lets pass what
 * is copied or computed.
 */
export function updateFault(item: Item, table: Table): Error | undefined {
  const keys = indexKeysOf(table);
  for (const { name, type, index } of keys) {
    const [actual] = Object.keys(item[name] ?? { [type]: '' });
    if (actual !== type)
      return invalid(`Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index}`);
  }
  if (keys.some(({ name }) => isEmpty(item[name])))
    return db.validationError(
      'One or more parameter values are not valid. The update expression attempted to update a secondary index key ' +
        'to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    );
  if (isTooDeep(item)) return db.validationError('Nesting Levels have exceeded supported limits');
  return indexSizeFault(item, table);
}

function putFault(item: Item, table: Table): Error | undefined {
  const empty = indexKeysOf(table).find(({ name }) => isEmpty(item[name]));
  if (empty)
    return db.validationError(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        'The AttributeValue for a key attribute cannot contain an empty string value. ' +
        `IndexName: ${empty.index}, IndexKey: ${empty.name}`,
    );
  return indexSizeFault(item, table);
}

/** Of an attribute that is the key of two indexes, AWS names the last. */
function indexKeysOf({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [], AttributeDefinitions }: Table) {
  const typeOf = (name: string) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)!.AttributeType;
  return [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].flatMap(({ IndexName, KeySchema }) =>
    KeySchema.map(({ AttributeName: name }) => ({ name, type: typeOf(name), index: IndexName })),
  );
}

function indexSizeFault(item: Item, { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: Table) {
  for (const { KeySchema } of [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes]) {
    const fault = sizeFault(item, KeySchema);
    if (fault) return fault;
  }
  return undefined;
}

/** dynalite counts letters, AWS bytes of UTF-8. */
export function sizeFault(item: Item, schema: Table['KeySchema']): Error | undefined {
  const tooLong = schema.find(({ AttributeName, KeyType }) => bytesOf(item[AttributeName]) > MAX_BYTES[KeyType]);
  if (!tooLong) return undefined;
  return invalid(
    tooLong.KeyType === 'HASH'
      ? 'Size of hashkey has exceeded the maximum size limit of2048 bytes'
      : 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
  );
}

function bytesOf(value: Item[string] | undefined): number {
  if (typeof value?.['S'] === 'string') return Buffer.byteLength(value['S']);
  return typeof value?.['B'] === 'string' ? Buffer.byteLength(value['B'], 'base64') : 0;
}

function isEmpty(value: Item[string] | undefined): boolean {
  return value?.['S'] === '' || value?.['B'] === '';
}

export function invalid(why: string): Error {
  return db.validationError(`One or more parameter values were invalid: ${why}`);
}
