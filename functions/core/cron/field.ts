import { InvalidCronError } from './invalid-cron-error.js';

/** One field of an expression: what it may hold. */
export interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** The first stands for `min`. */
  readonly names?: readonly string[];
}

export const SECOND: Field = { name: 'second', min: 0, max: 59 };
export const MINUTE: Field = { name: 'minute', min: 0, max: 59 };
export const HOUR: Field = { name: 'hour', min: 0, max: 23 };
export const DAY_OF_MONTH: Field = { name: 'day of month', min: 1, max: 31 };
export const MONTH: Field = {
  name: 'month',
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
/** 0 and 7 are Sunday. */
export const DAY_OF_WEEK: Field = {
  name: 'day of week',
  min: 0,
  max: 7,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

/** `*`, a value or a range, each with or without a step. */
const ITEM = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

/** The values a comma-separated list stands for, ascending, each once. @throws InvalidCronError */
export function valuesOf(field: Field, text: string): number[] {
  return ascending(itemsOf(field, text).flatMap((item) => valuesOfItem(field, item)));
}

export function ascending(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** @throws InvalidCronError for an item that is empty */
export function itemsOf(field: Field, text: string): string[] {
  const items = text.split(',');
  if (items.includes('')) throw new InvalidCronError(field.name, 'has a comma with nothing before or after it');
  return items;
}

/** A value without an end but with a step (`5/15`) goes on to the field's last value. @throws InvalidCronError */
export function valuesOfItem(field: Field, item: string): number[] {
  const match = ITEM.exec(item);
  if (match === null) throw wrong(field, item, 'which is no value, range (1-5), * or step (*/5)');
  const [, first, last, step] = match;
  const from = first === undefined ? field.min : numberOf(field, first);
  const isOpen = first === undefined || step !== undefined;
  const to = last === undefined ? (isOpen ? field.max : from) : numberOf(field, last);
  if (to < from) throw wrong(field, item, 'a range that ends before it begins');
  const by = Number(step ?? 1);
  if (by < 1 || by > field.max) throw wrong(field, item, `whose step is not between 1 and ${field.max}`);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

/** The number that a number or name stands for. @throws InvalidCronError */
export function numberOf(field: Field, text: string): number {
  const { min, max, names = [] } = field;
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return min + index;
  if (!/^\d+$/.test(text))
    throw wrong(
      field,
      text,
      names.length > 0 ? `which is neither a number nor one of ${names.join(', ')}` : 'which is no number',
    );
  const value = Number(text);
  if (value < min || value > max) throw wrong(field, text, `which is not between ${min} and ${max}`);
  return value;
}

/** Longer ones are cut where they are quoted. */
const MAX_QUOTED = 40;

export function wrong(field: Field, text: string, why: string): InvalidCronError {
  return new InvalidCronError(field.name, `has "${text.slice(0, MAX_QUOTED)}", ${why}`);
}
