import db, { type Index, type Item, type Path, type Read, type Table } from 'dynalite/db/index.js';
import './conditions.js'; // loaded first: the check below wraps its `queryTable`, which removes the filter
import { invalid, sizeFault } from './refused-items.js';

const { queryTable } = db;

db.queryTable = (store, table, read, range, isLocal, fetches, startKeyNames, done) => {
  const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === read.IndexName);
  const keySchema = (index ?? table).KeySchema;
  const fault = keysOf(read)
    .map((key) => emptyKeyFault(key) ?? sizeFault(key, keySchema))
    .find(Boolean);
  const refused = fault ?? (index && indexFault(index, read, table));
  if (refused) return done(refused);
  return queryTable(store, table, read, range, isLocal, fetches, startKeyNames, done);
};

/** Each value of the key condition, under its key's name. */
function keysOf({ KeyConditions = {} }: Read): Item[] {
  return Object.entries(KeyConditions).flatMap(([name, { AttributeValueList }]) =>
    AttributeValueList.map((value) => ({ [name]: value })),
  );
}

/** AWS refuses an empty key; dynalite would search for it. */
function emptyKeyFault(key: Item): Error | undefined {
  const [name, { S, B }] = Object.entries(key)[0]!;
  const type = S === '' ? 'string' : B === '' ? 'binary' : undefined;
  if (type === undefined) return undefined;
  return db.validationError(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type} value. Key: ${name}`,
  );
}

/** AWS refuses a read of attributes that are not projected to the index, and a consistent read of an index. */
function indexFault(index: Index, read: Read, table: Table): Error | undefined {
  if (read.ConsistentRead) return db.validationError('Consistent reads are not supported on global secondary indexes');
  const known = projectedTo(index, table);
  const lacking = (names: readonly string[]) => names.filter((name) => known && !known.has(name)).join(', ');
  const unknown = lacking((read._projection?.paths ?? read.AttributesToGet ?? []).map(headOf));
  if (unknown) return invalid(`Global secondary index ${index.IndexName} does not project [${unknown}]`);
  const filtered = lacking(Object.keys(read._filter?.pathHeads ?? read.QueryFilter ?? read.ScanFilter ?? {}));
  if (!filtered) return undefined;
  return invalid(`Secondary index ${index.IndexName} does not project one or more filter attributes: [${filtered}]`);
}

function headOf(path: Path | string): string {
  return String(Array.isArray(path) ? path[0] : path);
}

/** Attributes projected to the index; undefined means all attributes. */
function projectedTo({ KeySchema, Projection }: Index, table: Table): ReadonlySet<string> | undefined {
  if (Projection.ProjectionType === 'ALL') return undefined;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  return new Set([...keys, ...(Projection.NonKeyAttributes ?? [])]);
}
