import { MAX_LENGTH, parseCron, words } from './expression.js';
import { DAY_OF_WEEK, InvalidCronError } from './field.js';

/**
 * Refuses expressions for other programs that would mean something else here: the years of AWS and Quartz, their
 * numbers for the days of the week, `?` outside of a day field, wrappers and prefixes.
 * @throws InvalidCronError that says what to write instead
 */
export function refuseOtherForms(expression: string): void {
  if (expression.length > MAX_LENGTH) return;
  const text = expression.trim();
  const [, wrapped] = /^cron\s*\((.*)\)$/is.exec(text) ?? [];
  if (wrapped !== undefined) throw refusal(`stands in the "cron()" of AWS: ${insteadOf(words(wrapped), 5)}`);
  if (/^rate\s*\(|^@every\b/i.test(text))
    throw refusal('is an interval, which cron has none of: write a step such as "*/5 * * * *", every five minutes');
  if (/^(?:CRON_)?TZ=/i.test(text)) throw refusal('begins with a time zone: give it as timezone');
  const fields = words(text);
  const [, , third, fourth, fifth, sixth] = fields;
  if (fields.length === 7) throw refusal(`ends with a year: ${insteadOf(fields, 6)}`);
  if (fields.length === 6 && (third === '?' || fifth === '?'))
    throw refusal(`ends with a year, as AWS has it: ${insteadOf(fields, 5)}`);
  if (fields.length === 6 && YEAR.test(sixth!))
    throw new InvalidCronError('day of week', `has "${sixth!.slice(0, 40)}", a year: leave it out; ${BOUNDS}`);
  if (fields.length === 6 && fourth === '?' && /(?<![#/\d])\d/.test(sixth!))
    throw new InvalidCronError(
      'day of week',
      `has numbers beside "?", and in Quartz 1 is Sunday, here 0 or 7: write names ("${withNames(sixth!).slice(0, 40)}")`,
    );
  if (fields.length === 5 || fields.length === 6) refuseMarks(fields);
}

const YEAR = /^(?:19|20)\d\d\b/;
const BOUNDS = 'start_at and end_at say between which dates';

const NAMES = ['second', 'minute', 'hour', 'day of month', 'month', 'day of week'];

/** `?` may only be a whole day field. */
function refuseMarks(fields: readonly string[]): void {
  fields.forEach((field, index) => {
    const name = NAMES[index + NAMES.length - fields.length]!;
    if (!field.includes('?') || (field === '?' && name.startsWith('day'))) return;
    throw new InvalidCronError(name, 'has a "?", which only the day fields take, and alone: write "*"');
  });
}

/** AWS and Quartz number the days of the week from 1, Sunday. */
function withNames(dayOfWeek: string): string {
  const name = (number: string) => DAY_OF_WEEK.names![Number(number) - 1]?.toUpperCase() ?? number;
  return dayOfWeek.replace(/^L$/i, '7').replace(/(?<![#/\d])\d+/g, name);
}

/** What to write here instead of these fields of AWS (5 of them count) or Quartz (6), without the year. */
function insteadOf(fields: readonly string[], count: 5 | 6): string {
  const years = (fields[count] ?? '*') === '*' ? '' : `; ${BOUNDS}`;
  const other = [...fields.slice(0, count - 1), withNames(fields[count - 1] ?? '')].join(' ');
  try {
    refuseOtherForms(other);
    parseCron(other);
    return `write "${other.slice(0, 80)}"${years}`;
  } catch (error) {
    if (!(error instanceof InvalidCronError)) throw error;
    return `leave that out${years}`;
  }
}

function refusal(reason: string): InvalidCronError {
  return new InvalidCronError('expression', reason);
}
