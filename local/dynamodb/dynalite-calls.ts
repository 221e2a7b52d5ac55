import db, { type Callback, type Refusal, type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { writeIndexesAtomically } from './atomic-indexes.js';
import { RETURN_VALUES_ON_FAILURE } from './conditions.js';
import { copyOperands } from './copied-operands.js';
import './item-size.js';
import { type IndexLag, LaggingIndexes, releaseHeldBack } from './lagging-indexes.js';
import { keepInLmdb } from './lmdb-level.js';
import './refused-items.js';
import './refused-queries.js';
import { refuseRequest } from './refused-requests.js';
import './remembered-expressions.js';
import { removeLast } from './removals-last.js';

/** dynalite's operations on items, and the operations on tables that the local stack needs. */
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
] as const;

export type DynaliteOperation = (typeof OPERATIONS)[number];

export function isDynaliteError(error: unknown): error is Refusal {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

export function isDynaliteOperation(name: string): name is DynaliteOperation {
  return implementations.has(name);
}

/** Parameters that dynalite drops. */
const MORE_TYPES: Readonly<Record<string, object>> = {
  DeleteItem: RETURN_VALUES_ON_FAILURE,
  PutItem: RETURN_VALUES_ON_FAILURE,
  UpdateItem: RETURN_VALUES_ON_FAILURE,
  Scan: { ConsistentRead: 'Boolean' },
};

interface Implementation {
  action: (store: Store, input: object, done: Callback<object>) => void;
  types: object;
  custom: unknown;
}

const implementations = new Map<string, Implementation>(OPERATIONS.map((name) => [name, load(name)]));

function load(name: DynaliteOperation): Implementation {
  const file = validations.toLowerFirst(name);
  const { types, custom } = require(`dynalite/validations/${file}`);
  return { types: { ...types, ...MORE_TYPES[name] }, custom, action: require(`dynalite/actions/${file}`) };
}

/** Opens dynalite's store in the folder `path`; without `path` the store ends when it is closed. */
export async function openStore(path?: string, indexLag?: IndexLag): Promise<{ store: Store; close(): Promise<void> }> {
  const store = db.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const { close } = keepInLmdb(store, path);
  await releaseHeldBack(store);
  writeIndexesAtomically(store, indexLag && new LaggingIndexes(store, indexLag));
  return { store, close };
}

/** Performs one operation on a request of the SDK. Rejects with a DynaliteError what AWS would refuse. */
export function callDynalite<Output>(store: Store, name: DynaliteOperation, input: object): Promise<Output> {
  const { action, types, custom } = implementations.get(name)!;
  return new Promise((resolve, reject) => {
    // A copy, because dynalite deletes parameters that it does not know.
    const checked = validations.checkTypes({ ...input }, types);
    validations.checkValidations(checked, types, custom, store);
    refuseRequest(name, checked);
    if (checked._updates) removeLast(checked._updates);
    copyOperands(checked._updates);
    action(store, checked, (error, output) =>
      error ? reject(error) : resolve(withoutEmptyAttributes(output!) as Output),
    );
  });
}

/** AWS leaves out empty `Attributes`. */
function withoutEmptyAttributes(output: { Attributes?: object }): object {
  const { Attributes, ...others } = output;
  return Attributes && Object.keys(Attributes).length === 0 ? others : output;
}
