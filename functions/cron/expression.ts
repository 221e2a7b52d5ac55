import { BoundedCache } from '../primitives/bounded-cache.js';
import { type DayRule, everComes, parseDays } from './days.js';
import { HOUR, InvalidCronError, MINUTE, SECOND, valuesOf } from './field.js';

/** A parsed cron expression. The lists are ascending and never empty. */
export interface CronExpression {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  /**
   * Minute or hour begins with `*`: it runs on every real minute that matches, so twice in a repeated hour, and not at
   * all in a skipped hour. Otherwise it names fixed times, each of which runs once on its day.
   */
  readonly isWildcard: boolean;
}

const MACROS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** An expression that names every value of every field is shorter. */
export const MAX_LENGTH = 1000;

export type FieldTexts = readonly [
  second: string,
  minute: string,
  hour: string,
  dayOfMonth: string,
  month: string,
  dayOfWeek: string,
];

/** Parsed expressions: a schedule asks for the same expression with every fire. */
const known = new BoundedCache<CronExpression>(500);

/**
 * Reads 5 fields, 6 with seconds first, or a macro such as `@daily`. The day fields also take `L`, `L-3`, `15W`, `5L`
 * and `5#2`. `?` means `*` in every field, since earlier releases accepted and stored it.
 * @throws InvalidCronError naming the field and its fault, also for dates that never come
 */
export function parseCron(expression: string): CronExpression {
  const found = known.get(expression);
  if (found !== undefined) return found;
  const cron = read(expression);
  known.set(expression, cron);
  return cron;
}

function read(expression: string): CronExpression {
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fieldTexts(expression);
  const cron = {
    seconds: valuesOf(SECOND, second),
    minutes: valuesOf(MINUTE, minute),
    hours: valuesOf(HOUR, hour),
    days: parseDays(dayOfMonth, month, dayOfWeek),
    isWildcard: minute.startsWith('*') || hour.startsWith('*'),
  };
  if (!everComes(cron.days))
    throw new InvalidCronError('day of month', 'names a date that never comes in these months and weekdays');
  return cron;
}

/** The six fields of the expression, a macro replaced; second 0 if it has no seconds. @throws InvalidCronError */
export function fieldTexts(expression: string): FieldTexts {
  if (expression.length > MAX_LENGTH)
    throw new InvalidCronError('expression', `is longer than ${MAX_LENGTH} characters`);
  const fields = words(expression);
  const macro = fields.length === 1 ? fields[0]!.toLowerCase() : '';
  if (Object.hasOwn(MACROS, macro)) return fieldTexts(MACROS[macro]!);
  if (fields[0]?.startsWith('@'))
    throw new InvalidCronError('expression', `begins with @ but is none of ${Object.keys(MACROS).join(' ')}`);
  if (fields.length === 0) throw new InvalidCronError('expression', 'is empty');
  if (fields.length !== 5 && fields.length !== 6)
    throw new InvalidCronError('expression', `must have 5 fields, or 6 with seconds first, but has ${fields.length}`);
  const texts = fields.map((field) => field.replaceAll('?', '*'));
  return (texts.length === 5 ? ['0', ...texts] : texts) as unknown as FieldTexts;
}

export function words(expression: string): string[] {
  return expression.split(/[ \t\r\n]+/).filter((word) => word !== '');
}
