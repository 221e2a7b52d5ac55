import { onFirstUse } from '../primitives/once.js';
import { fieldTexts } from './expression.js';
import { DAY_OF_MONTH, DAY_OF_WEEK, type Field, HOUR, itemsOf, MINUTE, MONTH, SECOND, valuesOfItem } from './field.js';

/** Loaded only when an expression is described. */
const cronstrue = onFirstUse(() => (require('cronstrue') as typeof import('cronstrue')).default);

/**
 * The expression in English words, on a 24-hour clock. Each day field is described by itself: described together, the
 * words do not show whether both have to match or one is enough.
 * @throws InvalidCronError if it does not have five or six fields; `parseCron` reports all other faults
 */
export function describeCron(expression: string): string {
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fieldTexts(expression);
  const time = [...(second === '0' ? [] : [listed(SECOND, second)]), listed(MINUTE, minute), listed(HOUR, hour)];
  const say = (...days: [dayOfMonth: string, month: string, dayOfWeek: string]) =>
    cronstrue().toString([...time, ...days].join(' '), { use24HourTimeFormat: true });
  const start = say('*', '*', '*');
  const more = (...days: Parameters<typeof say>) => say(...days).slice(start.length);

  const both = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
  // One matching field is enough, and one field names every day (`0,*`).
  const isAnyDay = !both && (isEvery(dayOfMonth) || isEvery(dayOfWeek));

  const inMonth = daysOfMonth(isAnyDay ? '*' : dayOfMonth).map((day) => {
    const workday = /^(L-\d+)W$/.exec(day)?.[1]; // cronstrue does not know it
    return workday ? more(workday, '*', '*').replace(/^, /, ', on the weekday nearest ') : more(day, '*', '*');
  });
  const inWeek = more('*', '*', isAnyDay ? '*' : weekdays(dayOfWeek));
  return start + joined(inMonth) + together(inMonth, inWeek, both) + more('*', listed(MONTH, month), '*');
}

/** Each phrase begins with a comma, and a phrase for days of the week often with "only". */
function together(inMonth: readonly string[], inWeek: string, both: boolean): string {
  if (inMonth.join('') === '' || inWeek === '') return inWeek;
  return inWeek.replace(/^, (?:only )?/, both ? ', only ' : ', and ');
}

function joined([first = '', ...others]: readonly string[]): string {
  return first + others.map((phrase) => phrase.replace(/^,/, ' and')).join('');
}

/** Days that depend on the month are described one by one: cronstrue has no words for them in a list. */
function daysOfMonth(text: string): string[] {
  if (isEvery(text)) return ['*'];
  const items = itemsOf(DAY_OF_MONTH, text).map((item) => withoutZeros(item).toUpperCase().replace('L-0', 'L'));
  const plain = new Set(items.filter((item) => !/[LW]/.test(item)));
  const moving = new Set(items.filter((item) => /[LW]/.test(item)));
  return [...(plain.size > 0 ? [[...plain].join()] : []), ...moving];
}

/** For cronstrue Sunday is 0, no range wraps over Sunday, and a step from `*` or from one day is a list. */
function weekdays(text: string): string {
  if (isEvery(text)) return '*';
  return [...new Set(itemsOf(DAY_OF_WEEK, text).map(weekday))].join();
}

function weekday(item: string): string {
  if (/[#L]/i.test(item)) return withoutZeros(item).toUpperCase().replace(/^7/, '0');
  const days = new Set(valuesOfItem(DAY_OF_WEEK, item).map((day) => day % 7));
  if (days.size === 7) return '0-6';
  return days.size === 1 || /^(?:\*|\w+)\//.test(item) ? [...days].join() : withoutZeros(item);
}

/** "Every 7 minutes" is false where an hour begins: a step that does not divide the hour becomes a list. */
function listed(field: Field, text: string): string {
  if (isEvery(text)) return '*';
  const { min, max } = field;
  const isUneven = (item: string) => {
    const [, step] = /^(?:\*|\w+)\/(\d+)$/.exec(item) ?? [];
    return step !== undefined && (max - min + 1) % Number(step) !== 0;
  };
  const items = itemsOf(field, text).flatMap((item) =>
    isUneven(item) ? valuesOfItem(field, item).map(String) : withoutZeros(item),
  );
  return [...new Set(items)].join();
}

/** A list that contains `*` is `*`; cronstrue does not know that. */
function isEvery(text: string): boolean {
  return text.split(',').some((item) => item === '*' || /^\*\/0*1$/.test(item));
}

function withoutZeros(item: string): string {
  return item.replace(/\d+/g, (digits) => String(Number(digits)));
}
