import db, { type Condition, type Conditional, type Item, type Path } from 'dynalite/db/index.js';

type Value = Item[string];

const { checkConditional, queryTable } = db;

/**
 * Conditions and filters in place of dynalite's own, which never finds two lists or two maps equal, has no size of an
 * empty string, and ends the process on an IN or BETWEEN with a missing operand. A caller that asks for
 * `ReturnValuesOnConditionCheckFailure` gets the item that failed the condition.
 */
db.checkConditional = (request, existing) => {
  const failure = request._condition ? failureOf(request._condition, existing) : checkConditional(request, existing);
  if (failure && existing && request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD') failure.body.Item = existing;
  return failure;
};

function failureOf({ expression }: NonNullable<Conditional['_condition']>, existing: Item | undefined) {
  if (holds(expression, existing ?? {})) return null;
  const failure = db.validationError('The conditional request failed');
  failure.body.__type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  return failure;
}

/** dynalite reads and counts; filter and projection are applied afterwards. */
db.queryTable = (store, table, read, range, isLocal, fetches, startKeyNames, done) => {
  const { _filter: filter, _projection: projection, Select, ...all } = read;
  if (!filter) return queryTable(store, table, read, range, isLocal, fetches, startKeyNames, done);
  return queryTable(store, table, all, range, isLocal, fetches, startKeyNames, (error, output) => {
    if (error) return done(error);
    const { Items, ...rest } = output as { Items: Item[] };
    const found = Items.filter((item) => holds(filter.expression, item));
    const shown = projection ? found.map((item) => db.mapPaths(projection.paths, item)) : found;
    done(null, { ...rest, Count: found.length, ...(Select !== 'COUNT' && { Items: shown }) });
  });
};

/** A parameter of operations that write one item, which dynalite does not know. */
export const RETURN_VALUES_ON_FAILURE = {
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
};

function holds({ type, name, args }: Condition, item: Item): boolean {
  const inner = args as Condition[];
  if (type === 'and') return inner.every((condition) => holds(condition, item));
  if (type === 'or') return inner.some((condition) => holds(condition, item));
  if (type === 'not') return !holds(inner[0]!, item);
  const [first, ...others] = args.map((operand) => operandOf(operand, item));
  if (type === '=') return isEqual(first, others[0]);
  if (type === '<>') return !isEqual(first, others[0]);
  if (type === 'in') return others.some((other) => isEqual(first, other));
  if (type === 'between') return compares('>=', first, others[0]) && compares('<=', first, others[1]);
  if (type !== 'function') return compares(type, first, others[0]);
  if (name === 'contains' && first?.['L']) return (first['L'] as Value[]).some((member) => isEqual(member, others[0]));
  return Boolean(db.compare(name!, first, others));
}

/** The value of a path, of `size(path)`, or of a given value. */
function operandOf(operand: unknown, item: Item): Value | undefined {
  if (Array.isArray(operand)) return db.mapPath(operand as Path, item) as Value | undefined;
  const { type, name, args } = operand as Condition;
  if (type !== 'function' || name !== 'size') return operand as Value;
  const size = sizeOf(operandOf(args[0], item));
  return size === undefined ? undefined : { N: String(size) };
}

function sizeOf(value: Value | undefined): number | undefined {
  const [type, content] = Object.entries(value ?? {})[0] ?? [];
  if (type === 'S') return (content as string).length;
  if (type === 'B') return Buffer.byteLength(content as string, 'base64');
  if (type === 'M') return Object.keys(content as Item).length;
  return Array.isArray(content) ? content.length : undefined;
}

/** A comparison with a missing operand is false. */
function compares(how: string, a: Value | undefined, b: Value | undefined): boolean {
  return Boolean(a && b && db.compare(how, a, [b]));
}

function isEqual(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && isSame(a, b);
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((member, i) => isSame(member, b[i]));
  const names = Object.keys(a);
  const [left, right] = [a as Item, b as Item];
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => isSame(inOrder(name, left[name]), inOrder(name, right[name])));
}

/** Sorts the members of a set, which have no order. */
function inOrder(type: string, content: unknown): unknown {
  return /^[SNB]S$/.test(type) && Array.isArray(content) ? [...content].sort() : content;
}
