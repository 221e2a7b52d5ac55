import { cronSchema } from '../../../functions/cron/cron-schema.js';
import { parseCron } from '../../../functions/cron/expression.js';

const told = (expression: string) =>
  cronSchema
    .safeParse(expression)
    .error?.issues.map(({ message }) => message)
    .join();

test.each([
  // AWS: minutes to years.
  ['0/15 * * * ? *', 'The expression ends with a year, as AWS has it: write "0/15 * * * ?".'],
  ['0 12 * * ? *', 'The expression ends with a year, as AWS has it: write "0 12 * * ?".'],
  ['0 9 ? * 2-6 *', 'The expression ends with a year, as AWS has it: write "0 9 ? * MON-FRI".'],
  ['0 9 ? * 6#3 *', 'The expression ends with a year, as AWS has it: write "0 9 ? * FRI#3".'],
  ['0 18 ? * L *', 'The expression ends with a year, as AWS has it: write "0 18 ? * SAT".'],
  ['0 18 ? * 6L *', 'The expression ends with a year, as AWS has it: write "0 18 ? * FRIL".'],
  ['0 8 1 * ? 2026-2030', /write "0 8 1 \* \?"; start_at and end_at say between which dates\.$/],
  ['61 8 1 * ? *', 'The expression ends with a year, as AWS has it: leave that out.'],
  ['cron(0 12 * * ? *)', 'The expression stands in the "cron()" of AWS: write "0 12 * * ?".'],
  ['rate(5 minutes)', /^The expression is an interval, .*write a step such as "\*\/5 \* \* \* \*"/],
  ['@every 5m', /^The expression is an interval/],
  // Quartz: seconds to years.
  ['0 0 12 * * ? 2027', /ends with a year: write "0 0 12 \* \* \?"; start_at and end_at/],
  ['0 0 12 ? * 2-6 *', 'The expression ends with a year: write "0 0 12 ? * MON-FRI".'],
  ['0 0 12 ? * 2-6', /in Quartz 1 is Sunday, here 0 or 7: write names \("MON-FRI"\)/],
  ['0 0 1 1 * 2027', /^The day of week field has "2027", a year: leave it out;/],
  ['CRON_TZ=Asia/Tokyo 0 9 * * *', 'The expression begins with a time zone: give it as timezone.'],
  // A question mark is for a day field as a whole.
  ['? * * * *', 'The minute field has a "?", which only the day fields take, and alone: write "*".'],
  ['0 ? * * *', /^The hour field has a "\?"/],
  ['? 0 0 * * *', /^The second field has a "\?"/],
  ['0 0 * ? *', /^The month field has a "\?"/],
  ['0 0 ?/2 * *', /^The day of month field has a "\?"/],
  ['0 0 * * 1,?', /^The day of week field has a "\?"/],
  [`${'? '.repeat(600)}`, 'The expression is longer than 1000 characters.'],
])('"%s" is refused, with what to write', (expression, message) => {
  expect(told(expression)).toMatch(message instanceof RegExp ? message : new RegExp(`^${escaped(message)}$`));
});

test.each([
  '0 12 * * ?',
  '0 12 ? * MON',
  '0 0 12 ? * MON-FRI',
  '0 0 12 1 * ?',
  '0 0 12 ? * *',
  '0 0 ? * ?',
  '0 0 0 ? * FRI#2',
])('"%s" is taken', (expression) => {
  expect(told(expression)).toBeUndefined();
});

test('what is written instead is taken', () => {
  for (const expression of [
    '0/15 * * * ? *',
    '0 9 ? * 2-6 *',
    '0 18 ? * 6L *',
    'cron(0 10 ? * 6#3 2026)',
    '0 0 12 ? * 2-6 *',
  ]) {
    const [, other] = /write "(.*?)"/.exec(told(expression)!)!;
    expect(told(other!)).toBeUndefined();
  }
});

test('what an earlier release stored goes on as it was', () => {
  expect(parseCron('0 12 * * ? *')).toEqual(parseCron('0 12 * * * *'));
  expect(parseCron('? ?/2 * * *').minutes).toEqual(parseCron('* */2 * * *').minutes);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
