import conditionParser from 'dynalite/db/conditionParser.js';
import type { ExpressionContext, Parser, Value } from 'dynalite/db/parser.js';
import projectionParser from 'dynalite/db/projectionParser.js';
import updateParser from 'dynalite/db/updateParser.js';
import { faultOfExpression } from './refused-expressions.js';

/** The result of parsing an expression, and the request's names and values that the expression uses. */
interface Remembered {
  /** The expression as dynalite parsed it, or its fault in words. */
  readonly parsed: object | string;
  readonly names: readonly string[];
  /** Names of values, by their placeholders in `parsed`. */
  readonly values: ReadonlyMap<unknown, string>;
}

/** A function has few expressions, except for expressions that contain the names of changed attributes. */
const MOST_REMEMBERED = 1_000;
/** Expressions whose faults depend on values; faults of all others depend on types alone. */
const LOOKS_AT_VALUES = /between|attribute_type/i;

/**
 * Parses and checks each expression once. dynalite parses with every request, which was a tenth of the local servers'
 * work. The result follows from the expression, its names and the types of its values.
 */
function remember(parser: Parser): void {
  const { parse: parseUnchecked } = parser;
  const parse: Parser['parse'] = (expression, options) => {
    const parsed = parseUnchecked(expression, options);
    return typeof parsed === 'string' ? parsed : (faultOfExpression(expression, parsed) ?? parsed);
  };
  const known = new Map<string, Remembered>();
  parser.parse = (expression, { context }) => {
    if (LOOKS_AT_VALUES.test(expression)) return parse(expression, { context });
    const key = keyOf(expression, context);
    const remembered = known.get(key) ?? parseForAll(parse, expression, context);
    if (known.size === MOST_REMEMBERED && !known.has(key)) known.clear();
    known.set(key, remembered);
    const { parsed, names, values } = remembered;
    for (const name of names) delete context.unusedAttrNames[name];
    for (const name of values.values()) delete context.unusedAttrVals[name];
    return filledIn(parsed, (part) => context.attrVals?.[values.get(part) ?? '']);
  };
}

for (const parser of [conditionParser, projectionParser, updateParser]) remember(parser);

function keyOf(expression: string, { attrNames, attrVals = {} }: ExpressionContext): string {
  return JSON.stringify([
    expression,
    attrNames,
    Object.entries(attrVals).map(([name, value]) => [name, typeOf(value)]),
  ]);
}

/** Parses with a placeholder for each value, so that no value is cached. */
function parseForAll(parse: Parser['parse'], expression: string, context: ExpressionContext): Remembered {
  const { attrNames = {}, attrVals = {} } = context;
  const standIns = Object.entries(attrVals).map(([name, value]) => [name, { [typeOf(value)]: true }] as const);
  const [unusedAttrNames, unusedAttrVals] = [{ ...attrNames }, { ...attrVals }];
  const parsed = parse(expression, {
    context: { ...context, attrVals: Object.fromEntries(standIns), unusedAttrNames, unusedAttrVals },
  });
  return {
    parsed,
    names: Object.keys(attrNames).filter((name) => !(name in unusedAttrNames)),
    values: new Map(standIns.filter(([name]) => !(name in unusedAttrVals)).map(([name, standIn]) => [standIn, name])),
  };
}

function typeOf(value: Value): string {
  return Object.keys(value)[0]!;
}

/** A copy of the parsed expression with values for placeholders; a copy because dynalite changes parsed expressions. */
function filledIn<Part>(part: Part, valueFor: (part: unknown) => unknown): Part {
  if (typeof part !== 'object' || part === null) return part;
  const value = valueFor(part);
  if (value !== undefined) return value as Part;
  if (Array.isArray(part)) return part.map((inner) => filledIn(inner, valueFor)) as Part;
  const copy = Object.create(Object.getPrototypeOf(part));
  for (const [name, inner] of Object.entries(part)) copy[name] = filledIn(inner, valueFor);
  return copy;
}
