import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { parseCron } from '../../../functions/cron/expression.js';
import { nextOccurrences } from '../../../functions/cron/occurrences.js';
import { anyCron } from './arbitrary-cron.js';

const COUNT = 8;
const anyMoment = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2100, 0) });

function byCronParser(expression: string, from: number): number[] {
  const cron = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(from) });
  return Array.from({ length: COUNT }, () => cron.next().getTime());
}

function byUs(expression: string, from: number): number[] {
  return nextOccurrences(parseCron(expression), 'UTC', from, COUNT).map(({ at }) => at);
}

/** cron-parser, sound in UTC, takes `*\/2` in a day field for a restriction: with another one, either is enough for it. */
const isReadAlike = (dayOfMonth: string, dayOfWeek: string) => !dayOfMonth.startsWith('*/') || dayOfWeek === '*';

test('in UTC we agree with cron-parser', () => {
  fc.assert(
    fc.property(anyCron, fc.constantFrom('', '* ', '*/20 ', '7,8 '), anyMoment, (cron, seconds, from) => {
      fc.pre(isReadAlike(cron.dayOfMonth.text, cron.dayOfWeek.text));
      const expression = seconds + cron.text;
      expect(byUs(expression, from)).toEqual(byCronParser(expression, from));
    }),
    { numRuns: 200 },
  );
});

test.each([
  '0 0 L * *',
  '0 0 15,L 2,4 *',
  '0 0 L * FRI',
  '0 0 * * 5L',
  '0 0 * * SUNL',
  '0 0 * * 7L',
  '0 0 * * 1L,3L',
  '0 0 * * 2,5L',
  '0 0 * * MON#1',
  '0 0 * * 7#5',
  '0 0 13 * 5#2',
  '0 0 * * 5-7',
  '0 0 * * 0-7/3',
  '0 0 * * */2',
  '0 0 * * 1/3',
  '0 0 3/9 2/5 *',
  '0 0 ? * 3',
  '7/13 5/6 * * *',
  '0 0 31 * *',
  '30 59 23 28-31 2 *',
])('"%s" means what cron-parser says', (expression) => {
  fc.assert(
    fc.property(anyMoment, (from) => {
      expect(byUs(expression, from)).toEqual(byCronParser(expression, from));
    }),
    { numRuns: 10 },
  );
});
