import { parseCron } from '../../../functions/cron/expression.js';
import { InvalidCronError } from '../../../functions/cron/field.js';
import invalid from './invalid.json';

const UNTIL_FIELD = /^The (second|minute|hour|day of month|month|day of week|expression)( field)? [^.]*.*\.$/;

test.each(invalid)('"$expr" is refused for its $field', ({ expr, field }) => {
  const attempt = () => parseCron(expr);
  expect(attempt).toThrow(InvalidCronError);
  expect(attempt).toThrow(expect.objectContaining({ field, message: expect.stringMatching(UNTIL_FIELD) }));
});

test('the reason is a sentence, and quotes no more than a little', () => {
  expect(() => parseCron('75 * * * *')).toThrow('The minute field has "75", which is not between 0 and 59.');
  expect(() => parseCron('0 0 30 2 *')).toThrow(
    'The day of month field names a date that never comes in these months and weekdays.',
  );
  expect(() => parseCron(`${'x'.repeat(900)} * * * *`)).toThrow(/^.{1,100}$/);
  expect(() => parseCron('* '.repeat(1_000_000))).toThrow('The expression is longer than 1000 characters.');
});

test.each([
  ['@midnight', '0 0 * * *'],
  [' @yearly\n', '@annually'],
  ['\t0  0 1\t1 * ', '0 0 1 1 *'],
  ['? ? ? ? ?', '* * * * *'],
  ['0 0 * jAn-MAR SuN', '0 0 * 1-3 7'],
  ['05 00 * * 0,7,sun', '5 0 * * 0'],
  ['5/20 * * * *', '5,25,45 * * * *'],
  ['0 * * * * *', '* * * * *'],
  ['0 0 * * 5/2', '0 0 * * 5,7'],
  ['0 0 * * FRIL', '0 0 * * 5L'],
  ['0 0 L * fril', '0 0 L * 5L'],
  ['@Daily', '@daily'],
  ['@MIDNIGHT', '@daily'],
  ['1-5,3,3-7 * * * *', '1-7 * * * *'],
  // Over the end of the day, week and year.
  ['0 22-2 * * *', '0 22,23,0,1,2 * * *'],
  ['0 22-5/2 * * *', '0 22,0,2,4 * * *'],
  ['0 23-3/3 * * *', '0 23,2 * * *'],
  ['0 0 * * SAT-SUN', '0 0 * * 6,0'],
  ['0 0 * * FRI-MON', '0 0 * * 5,6,0,1'],
  ['0 0 * * fri-mon/2', '0 0 * * 5,0'],
  ['0 0 * * 5-7/2', '0 0 * * 5,0'],
  ['0 0 * * 7-2', '0 0 * * 0-2'],
  ['0 0 * * 7-0', '0 0 * * 0'],
  ['0 0 * * 0-7', '0 0 * * 0-6'],
  ['0 0 * NOV-FEB *', '0 0 * 11,12,1,2 *'],
  ['0 0 * dec-3/2 *', '0 0 * 12,2 *'],
  // Days that depend on the month.
  ['0 0 l-3,lw * *', '0 0 L-3,LW * *'],
  ['0 0 L-0 * *', '0 0 L * *'],
  ['0 0 015w * *', '0 0 15W * *'],
])('"%s" means "%s"', (one, other) => {
  expect(parseCron(one)).toEqual({
    ...parseCron(other),
    days: { ...parseCron(other).days, both: expect.any(Boolean) },
  });
});

test.each([
  ['* 5 * * *', true],
  ['5 */1 * * *', true],
  ['? 5 * * *', true],
  ['5,* 5 * * *', false],
  ['0-59 0-23 * * *', false],
  ['* 0 5 * * *', false],
])('"%s" wildcard: %s', (expression, isWildcard) => {
  expect(parseCron(expression).isWildcard).toBe(isWildcard);
});

test('a message says what is taken, or what to write', () => {
  expect(() => parseCron('30-10 * * * *')).toThrow(
    'The minute field has "30-10", a range that ends before it begins: write "30-59,0-10".',
  );
  expect(() => parseCron('0 0 * * 1#2,3')).toThrow('write each with its own (1#2,3#2)');
  expect(() => parseCron('0 0 * * L')).toThrow('last one (5L), nth one (5#2) or *.');
});

test('an expression is read once, and remembered within bounds', () => {
  const cron = parseCron('1 2 3 4 *');
  expect(parseCron('1 2 3 4 *')).toBe(cron);
  for (let minute = 0; minute < 600; minute += 1) parseCron(`${minute % 60} ${minute % 24} ${1 + (minute % 28)} * *`);
  expect(parseCron('1 2 3 4 *')).toEqual(cron);
});
