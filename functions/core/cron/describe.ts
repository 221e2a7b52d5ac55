import { onFirstUse } from '../on-first-use.js';
import { fieldTexts } from './expression.js';
import { DAY_OF_WEEK, valuesOfItem } from './field.js';

/** Only schedules that are looked at need words. */
const cronstrue = onFirstUse(() => (require('cronstrue') as typeof import('cronstrue')).default);

/**
 * The expression in English words, on a 24-hour clock.
 * @throws InvalidCronError when it has not five or six fields; anything else wrong with it is for `parseCron` to say
 */
export function describeCron(expression: string): string {
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fieldTexts(expression);
  const texts = [minute, hour, dayOfMonth, month, withoutOpenSteps(dayOfWeek)].map(simplified);
  return cronstrue().toString((second === '0' ? texts : [simplified(second), ...texts]).join(' '), {
    use24HourTimeFormat: true,
    logicalAndDayFields: dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*'),
  });
}

/** A list with `*` in it is `*`, which the words for lists do not know. */
function simplified(text: string): string {
  return text.split(',').includes('*') ? '*' : text;
}

/** `5/2` goes on to Sunday as day 7, which the words do not know either. */
function withoutOpenSteps(dayOfWeek: string): string {
  const isOpen = (item: string) => /^\w+\//.test(item);
  const written = (item: string) => valuesOfItem(DAY_OF_WEEK, item).map((day) => String(day % 7));
  return dayOfWeek
    .split(',')
    .flatMap((item) => (isOpen(item) ? written(item) : item))
    .join();
}
