import fc from 'fast-check';
import { describeCron } from '../../../functions/cron/describe.js';
import { parseCron } from '../../../functions/cron/expression.js';
import { nextOccurrences } from '../../../functions/cron/occurrences.js';
import { anyCron } from './arbitrary-cron.js';

test.each([
  ['*/15 * * * *', 'Every 15 minutes'],
  ['@daily', 'At 00:00'],
  ['0 9 * * MON-FRI', 'At 09:00, Monday through Friday'],
  ['15 30 2 * * *', 'At 02:30:15'],
  ['30 4 1,15 * 5', 'At 04:30, on day 1 and 15 of the month, and on Friday'],
  ['0 0 */1 * 1', 'At 00:00, only on Monday'],
  ['0 0 */2 * 1', 'At 00:00, every 2 days in a month, only on Monday'],
  ['0 0 ? * 5L', 'At 00:00, on the last Friday of the month'],
  ['0 0 L * ?', 'At 00:00, on the last day of the month'],
  ['0 0 * * TUE#2', 'At 00:00, on the second Tuesday of the month'],
  ['? ? ? ? ?', 'Every minute'],
  ['5,* * * * *', 'Every minute'],
  ['0 0 * * 5/2', 'At 00:00, only on Sunday and Friday'],
  ['0 0 * * 1-5/2', 'At 00:00, every 2 days of the week, Monday through Friday'],
  // Either is enough, or both have to match.
  ['0 0 1 * 1-5', 'At 00:00, on day 1 of the month, and Monday through Friday'],
  ['0 0 */2 * 1-5', 'At 00:00, every 2 days in a month, only Monday through Friday'],
  ['0 0 1 2 5L', 'At 00:00, on day 1 of the month, and on the last Friday of the month, only in February'],
  ['0 0 */2 * 5#1', 'At 00:00, every 2 days in a month, only on the first Friday of the month'],
  ['0 0 L * 0,*', 'At 00:00'],
  ['0 0 1 * 0-7', 'At 00:00, on day 1 of the month, and Sunday through Saturday'],
  ['0 0 * * 7-0', 'At 00:00, only on Sunday'],
  // A step that does not divide the hour, day or year begins anew with it.
  ['*/40 * * * *', 'At 0 and 40 minutes past the hour'],
  ['0 */9 * * *', 'At 00:00, 09:00 and 18:00'],
  ['0 0 1 */5 *', 'At 00:00, on day 1 of the month, only in January, June, and November'],
  ['*/25 * * * * *', 'At 0, 25, and 50 seconds past the minute'],
  ['0 0 * * */3', 'At 00:00, only on Sunday, Wednesday, and Saturday'],
  // Days that depend on the month, and ranges over the end.
  ['0 0 L-3 * *', 'At 00:00, 3 days before the last day of the month'],
  ['0 0 L-3W * *', 'At 00:00, on the weekday nearest 3 days before the last day of the month'],
  [
    '0 0 15W,lw,7 * *',
    'At 00:00, on day 7 of the month and on the weekday nearest day 15 of the month and on the last weekday of the month',
  ],
  ['0 0 * * MON#1,MON#3', 'At 00:00, on the first Monday and third Monday of the month'],
  ['0 0 * * 7L', 'At 00:00, on the last Sunday of the month'],
  ['0 0 * * 07#2', 'At 00:00, on the second Sunday of the month'],
  ['0 22-2 * * *', 'Every hour, between 22:00 and 02:00'],
  ['0 0 * NOV-FEB FRI-MON', 'At 00:00, Friday through Monday, November through February'],
])('"%s" is "%s"', (expression, words) => {
  expect(describeCron(expression)).toBe(words);
});

test('there are words for every expression', () => {
  fc.assert(
    fc.property(anyCron, fc.constantFrom('', '*/7 ', '3-5,9 '), ({ text }, seconds) => {
      expect(describeCron(seconds + text)).toMatch(/^(At|Every|On|Seconds|Minutes) [\w ,:*-]+$/);
    }),
  );
});

test('no two expressions that differ in what they mean have the same words', () => {
  const hours = ['0 0', '0 */5', '0 5/5', '*/15 *', '*/40 1-3', '0 22-2', '0 22-3/2'];
  const daysOfMonth = ['*', '*/2', '1', '1-31', '13,L', 'L', 'L-3', '15W', 'LW', 'L-1W', '2/2', '1-15/2'];
  const daysOfWeek = [
    '*',
    '*/2',
    '1',
    '7',
    '0-7',
    '7-0',
    '0,*',
    '1-5',
    'FRI-MON',
    'FRI-MON/2',
    '2,5L',
    '5L',
    '5#2',
    'MON#1,MON#3',
    '5/2',
  ];
  const meant = new Map<string, string>();
  for (const [index, dayOfMonth] of daysOfMonth.entries())
    for (const dayOfWeek of daysOfWeek) {
      const hour = hours[index % hours.length]!;
      const expression = `${hour} ${dayOfMonth} ${index % 2 ? '*' : 'NOV-FEB'} ${dayOfWeek}`;
      const times = nextOccurrences(parseCron(expression), 'UTC', Date.UTC(2026, 0, 1), 15).map(({ at }) => at);
      const words = describeCron(expression);
      const [before = times.join()] = [meant.get(words)];
      expect([words, expression, times.join()]).toEqual([words, expression, before]);
      meant.set(words, times.join());
    }
  expect(meant.size).toBeGreaterThan(100);
});
