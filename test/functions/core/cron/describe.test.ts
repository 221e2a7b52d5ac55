import fc from 'fast-check';
import { describeCron } from '../../../../functions/core/cron/describe.js';
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
