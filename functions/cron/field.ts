import { onFirstUse } from '../primitives/once.js';

/** One field of an expression, and its possible values. */
export interface Field {
  readonly name: string;
  /** Its name in cron-parser. */
  readonly key: 'second' | 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Other forms than values, ranges, steps and `*`, in words. */
  readonly more?: string;
  /** The last value before the values begin again, if a range may wrap over it (`22-2`); day 7 is Sunday again. */
  readonly wrapsAfter?: number;
}

export const SECOND: Field = { name: 'second', key: 'second', min: 0, max: 59 };
export const MINUTE: Field = { name: 'minute', key: 'minute', min: 0, max: 59 };
export const HOUR: Field = { name: 'hour', key: 'hour', min: 0, max: 23, wrapsAfter: 23 };
export const DAY_OF_MONTH: Field = {
  name: 'day of month',
  key: 'dayOfMonth',
  min: 1,
  max: 31,
  more: 'L, L-3, 15W, LW',
};
export const MONTH: Field = {
  name: 'month',
  key: 'month',
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  wrapsAfter: 12,
};
/** 0 and 7 are Sunday. */
export const DAY_OF_WEEK: Field = {
  name: 'day of week',
  key: 'dayOfWeek',
  min: 0,
  max: 7,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  more: 'last one (5L), nth one (5#2)',
  wrapsAfter: 6,
};
const FIELDS = [SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK] as const;

/** Marked pure, so that a bundle without cron expressions contains neither this nor the package. */
const cronParser = /* @__PURE__ */ onFirstUse(
  () => (require('cron-parser') as typeof import('cron-parser')).CronExpressionParser,
);

interface ReadField {
  readonly values: readonly (number | string)[];
  /** For the day of week only: the number after `#`, or 0. */
  readonly nthDay?: number;
}

/**
 * How cron-parser reads a field, with all other fields at their first value; undefined if it refuses the field. It gets
 * only single items, since it refuses lists with repeated values (`1-5,3`). It gets only forms that our own rules
 * allow, since it would read `janfeb` as December, and `H` as a random value.
 */
export function readByCronParser({ key }: Field, item: string): ReadField | undefined {
  const parser = cronParser();
  try {
    return parser.parse(FIELDS.map((field) => (field.key === key ? item : field.min)).join(' ')).fields[key];
  } catch {
    return undefined;
  }
}

/** The values of a comma-separated list, ascending, each once. @throws InvalidCronError */
export function valuesOf(field: Field, text: string): number[] {
  return ascending(itemsOf(field, text).flatMap((item) => valuesOfItem(field, item)));
}

export function ascending(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The items of a list, each once. @throws InvalidCronError for an empty item */
export function itemsOf(field: Field, text: string): string[] {
  const items = text.split(',');
  if (items.includes('')) throw new InvalidCronError(field.name, 'has a comma with nothing before or after it');
  return [...new Set(items)];
}

/** The pattern of a single value of the field. */
export function valuePattern({ names = [] }: Field): string {
  return `(?:${[/\d+/.source, ...names].join('|')})`;
}

/** `*`, a value or a range, each with or without a step; a value with a step (`5/15`) continues to the last value. */
const forms = /* @__PURE__ */ onFirstUse(
  () =>
    new Map(
      FIELDS.map((field) => {
        const value = valuePattern(field);
        return [field, new RegExp(`^(?:\\*|(${value})(?:-(${value}))?)(?:/(\\d+))?$`, 'i')];
      }),
    ),
);

/** @throws InvalidCronError */
export function valuesOfItem(field: Field, item: string): readonly number[] {
  const [all, from, to, step] = forms().get(field)!.exec(item) ?? [];
  if (all === undefined) throw wrong(field, item, `which is no ${takes(field)}`);
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.max))
    throw wrong(field, item, `whose step is not between 1 and ${field.max}`);
  const values =
    to !== undefined && numberOf(field, from!) > numberOf(field, to)
      ? wrapped(field, item, [numberOf(field, from!), numberOf(field, to)]).filter(
          (_, at) => at % Number(step ?? 1) === 0,
        )
      : readByCronParser(field, item)?.values;
  if (values === undefined) throw outside(field, item);
  return values as readonly number[];
}

function numberOf(field: Field, value: string): number {
  return /^\d/.test(value) ? Number(value) : (readByCronParser(field, value)!.values[0] as number);
}

/**
 * A range that wraps over the end of its day, week or year, which cron-parser refuses: `22-2` is `22-23,0-2`.
 * @throws InvalidCronError if the field has no such ranges
 */
function wrapped(field: Field, item: string, [first, last]: readonly [number, number]): number[] {
  const { min, max, wrapsAfter } = field;
  if (first > max || last < min) throw outside(field, item);
  if (wrapsAfter === undefined)
    throw wrong(field, item, `a range that ends before it begins: write "${first}-${max},${min}-${last}"`);
  return [...span(first, wrapsAfter), ...span(min, last)];
}

function outside(field: Field, item: string): InvalidCronError {
  return wrong(field, item, `which is not between ${field.min} and ${field.max}`);
}

/** Empty if it would end before it begins: from Sunday as day 7. */
function span(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_value, index) => from + index);
}

function takes({ names, more }: Field): string {
  const value = names ? `value (a number or one of ${names.join(', ')})` : 'value';
  return `${value}, range (1-5), step (*/5)${more ? `, ${more}` : ''} or *`;
}

/** Longer texts are cut in messages. */
const MAX_QUOTED = 25;

export function wrong(field: Field, text: string, why: string): InvalidCronError {
  return new InvalidCronError(field.name, `has "${text.slice(0, MAX_QUOTED)}", ${why}`);
}

/** The expression is refused; the message is one sentence for its author. */
export class InvalidCronError extends Error {
  override readonly name = 'InvalidCronError';
  constructor(
    /** `second`, `minute`, `hour`, `day of month`, `month`, `day of week`, or `expression` for the whole. */
    readonly field: string,
    /** Continues a sentence that begins with "The minute field". */
    reason: string,
  ) {
    super(`The ${field}${field === 'expression' ? '' : ' field'} ${reason}.`);
  }
}
