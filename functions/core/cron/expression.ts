import { type DayRule, everComes, parseDays } from './days.js';
import { HOUR, MINUTE, SECOND, valuesOf } from './field.js';
import { InvalidCronError } from './invalid-cron-error.js';

/** A cron expression, read. The lists are ascending and never empty. */
export interface CronExpression {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  /**
   * Minute or hour begins with `*`: it runs on every real minute that matches, in a repeated hour twice, in a skipped
   * one not at all. Otherwise it names fixed times, each of which runs once on its day.
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

/** Every value of every field, written out, is shorter. */
const MAX_LENGTH = 1000;

export type FieldTexts = readonly [
  second: string,
  minute: string,
  hour: string,
  dayOfMonth: string,
  month: string,
  dayOfWeek: string,
];

/**
 * Reads 5 fields, 6 with seconds first, or a macro such as `@daily`. The day fields take `L` (`L`, `5L`) and `#` (`5#2`)
 * too, and `?` is another `*`.
 * @throws InvalidCronError naming the field and what is wrong with it, also for dates that never come
 */
export function parseCron(expression: string): CronExpression {
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

/** The expression's six fields, a macro written out, without seconds at second 0. @throws InvalidCronError */
export function fieldTexts(expression: string): FieldTexts {
  if (expression.length > MAX_LENGTH)
    throw new InvalidCronError('expression', `is longer than ${MAX_LENGTH} characters`);
  const text = expression.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const macro = Object.hasOwn(MACROS, text) ? MACROS[text] : undefined;
  if (macro === undefined && text.startsWith('@'))
    throw new InvalidCronError('expression', `begins with @ but is none of ${Object.keys(MACROS).join(' ')}`);
  const fields = (macro ?? text).replaceAll('?', '*').split(/[ \t\r\n]+/);
  if (text === '') throw new InvalidCronError('expression', 'is empty');
  if (fields.length !== 5 && fields.length !== 6)
    throw new InvalidCronError('expression', `must have 5 fields, or 6 with seconds first, but has ${fields.length}`);
  return (fields.length === 5 ? ['0', ...fields] : fields) as unknown as FieldTexts;
}
