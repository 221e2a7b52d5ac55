import db, { type Index, type Item, type Table } from 'dynalite/db/index.js';
import { isTooDeep, membersOf } from './refused-requests.js';

const MAX_BYTES = { HASH: 2048, RANGE: 1024 };
const MAX_DIGITS = 38;
const MAX_WHOLE_DIGITS = 126;

const { validateItem, validateKey } = db;

db.validateItem = (item, table) =>
  validateItem(item, table) ?? sizeFault(item, table.KeySchema) ?? putFault(item, table);

/** With `schema`, `key` is the key of an index. */
db.validateKey = (key, table, schema) => validateKey(key, table, schema) ?? sizeFault(key, schema ?? table.KeySchema);

/**
 * Why AWS refuses an updated item. dynalite checks the expression alone, so dynalite accepts bad values that the update
 * copied or computed.
 */
export function updateFault(item: Item, table: Table): Error | undefined {
  if (emptyIndexKey(item, table))
    return db.validationError(
      'One or more parameter values are not valid. The update expression attempted to update a secondary index key ' +
        'to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    );
  if (isTooDeep(item)) return db.validationError('Nesting Levels have exceeded supported limits');
  const number = numberFault({ M: item });
  return number === undefined ? indexSizeFault(item, table) : db.validationError(number);
}

/** The fault of a sum or difference, whose size dynalite does not check. */
function numberFault({ N, ...others }: Item[string]): string | undefined {
  if (typeof N !== 'string') return (membersOf(others) ?? []).map(numberFault).find((fault) => fault !== undefined);
  if (N.length <= MAX_DIGITS) return undefined;
  const [whole = '', fraction = ''] = N.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '');
  if (digits.length > MAX_DIGITS) return 'Attempting to store more than 38 significant digits in a Number';
  if (whole.length <= MAX_WHOLE_DIGITS) return undefined;
  return 'Number overflow. Attempting to store a number with magnitude larger than supported range';
}

function putFault(item: Item, table: Table): Error | undefined {
  const empty = emptyIndexKey(item, table);
  if (!empty) return indexSizeFault(item, table);
  return db.validationError(
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
      'The AttributeValue for a key attribute cannot contain an empty string value. ' +
      `IndexName: ${empty.index}, IndexKey: ${empty.key}`,
  );
}

function emptyIndexKey(item: Item, table: Table): { index: string; key: string } | undefined {
  for (const { IndexName: index, KeySchema } of indexesOf(table))
    for (const { AttributeName: key } of KeySchema) if (isEmpty(item[key])) return { index, key };
  return undefined;
}

function indexSizeFault(item: Item, table: Table): Error | undefined {
  for (const { KeySchema } of indexesOf(table)) {
    const fault = sizeFault(item, KeySchema);
    if (fault) return fault;
  }
  return undefined;
}

function indexesOf({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: Table): Index[] {
  return [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
}

/** AWS counts bytes of UTF-8, dynalite characters. */
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
