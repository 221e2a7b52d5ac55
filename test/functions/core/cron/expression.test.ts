import { parseCron } from '../../../../functions/core/cron/expression.js';
import { InvalidCronError } from '../../../../functions/core/cron/invalid-cron-error.js';
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
