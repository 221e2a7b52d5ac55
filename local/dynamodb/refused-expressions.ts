import { isDeepStrictEqual } from 'node:util';
import type { Path } from 'dynalite/db/index.js';
import type { Value } from 'dynalite/db/parser.js';

const MAX_BYTES = 4096;
const MAX_OPERATORS = 300;
const MAX_IN_OPERANDS = 100;
const MAX_PATH_LEVELS = 32;

const UNORDERED: ReadonlySet<string> = new Set(['SS', 'NS', 'BS', 'L', 'M', 'BOOL', 'NULL']);
const TYPES: ReadonlySet<string> = new Set(['S', 'N', 'B', ...UNORDERED]);

/** Why AWS refuses an expression that dynalite has parsed; the reason follows from the types of its values alone. */
export function faultOfExpression(expression: string, parsed: object): string | undefined {
  const bytes = Buffer.byteLength(expression);
  if (bytes > MAX_BYTES) return `Expression size has exceeded the maximum allowed size; expression size: ${bytes}`;
  const parts = [...partsOf(parsed)];
  const operators = parts.filter((part): part is Operator => !isPath(part));
  if (operators.length > MAX_OPERATORS)
    return `The expression contains too many operators; operator count: ${MAX_OPERATORS + 1}`;
  const levels = Math.max(0, ...parts.map((part) => (isPath(part) ? part.length : 0)));
  if (levels > MAX_PATH_LEVELS) return `The document path has too many nesting levels; nesting levels: ${levels}`;
  return operators.map(operandFault).find((fault) => fault !== undefined);
}

interface Operator {
  readonly type: string;
  readonly args: readonly unknown[];
}

/** The paths (arrays of names and positions) and the operators and functions of an expression that dynalite parsed. */
function* partsOf(parsed: unknown): Generator<Path | Operator> {
  if (typeof parsed !== 'object' || parsed === null || isValue(parsed)) return;
  if (isPath(parsed)) return yield parsed;
  if ('args' in parsed) yield parsed as Operator;
  for (const inner of Object.values(parsed)) yield* partsOf(inner);
}

function isPath(operand: unknown): operand is Path {
  return Array.isArray(operand) && operand.every((part) => typeof part !== 'object');
}

function isValue(operand: object): operand is Value {
  const [type, ...more] = Object.keys(operand);
  return more.length === 0 && TYPES.has(type!);
}

function operandFault({ type, args }: Operator): string | undefined {
  const [first, ...others] = args;
  const name = type.toUpperCase();
  if (type === 'in' && others.length > MAX_IN_OPERANDS)
    return `The IN operator is provided with too many operands; number of operands: ${others.length}`;
  if (/^(in|between)$/.test(type) && isPath(first) && others.some((other) => isDeepStrictEqual(first, other)))
    return `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${nameOf(first)}`;
  const types = args.filter((operand) => !isPath(operand)).map((value) => Object.keys(value as Value)[0]!);
  const unordered = /^([<>]=?|between)$/.test(type) && types.find((valueType) => UNORDERED.has(valueType));
  if (!unordered) return undefined;
  return `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${unordered}`;
}

function nameOf(path: Path): string {
  return `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}
