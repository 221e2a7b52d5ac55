import { nextOccurrence, parseExpression } from '../../../local/scheduler/expression.js';

/** The occurrences after `from`, as ISO strings without milliseconds. */
function occurrences(text: string, zone: string, from: string, count: number): string[] {
  const expression = parseExpression(text, zone);
  const found: string[] = [];
  let after: number | undefined = Date.parse(from);
  while (found.length < count) {
    after = nextOccurrence(expression, Date.parse(from), after);
    if (after === undefined) break;
    found.push(new Date(after).toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('at()', () => {
  test.each([
    ['UTC', '2030-06-01T09:30:15', '2030-06-01T09:30:15Z'],
    ['Europe/Berlin', '2030-06-01T09:30:15', '2030-06-01T07:30:15Z'],
    ['America/New_York', '2030-12-31T23:59:59', '2031-01-01T04:59:59Z'],
    ['Asia/Kolkata', '2030-01-01T00:00:00', '2029-12-31T18:30:00Z'],
    ['Europe/Berlin', '2030-03-31T02:30:00', '2030-03-31T01:30:00Z'], // skipped: 03:30 summer time
    ['Europe/Berlin', '2030-10-27T02:30:00', '2030-10-27T00:30:00Z'], // comes twice: the first
  ])('%s %s', (zone, wall, expected) => {
    expect(occurrences(`at(${wall})`, zone, '2020-01-01T00:00:00Z', 2)).toEqual([expected]);
  });
});

test('rate() counts from its origin', () => {
  const from = '2030-01-01T00:00:07Z';
  expect(occurrences('rate(5 minutes)', 'UTC', from, 2)).toEqual(['2030-01-01T00:05:07Z', '2030-01-01T00:10:07Z']);
  expect(occurrences('rate(1 hour)', 'UTC', from, 1)).toEqual(['2030-01-01T01:00:07Z']);
  expect(occurrences('rate(2 days)', 'UTC', from, 1)).toEqual(['2030-01-03T00:00:07Z']);
  const origin = Date.parse(from);
  expect(nextOccurrence(parseExpression('rate(1 day)', 'UTC'), origin, origin - 1)).toBe(origin);
});

describe('cron()', () => {
  test.each([
    ['0/15 * * * ? *', 'UTC', '2030-01-01T00:50:00Z', ['2030-01-01T01:00:00Z', '2030-01-01T01:15:00Z']],
    ['15 10 ? * MON-FRI *', 'UTC', '2030-01-04T11:00:00Z', ['2030-01-07T10:15:00Z', '2030-01-08T10:15:00Z']],
    ['0 8 1,15 JAN,jul ? *', 'UTC', '2030-01-02T00:00:00Z', ['2030-01-15T08:00:00Z', '2030-07-01T08:00:00Z']],
    ['0 0 L * ? *', 'UTC', '2031-02-01T00:00:00Z', ['2031-02-28T00:00:00Z', '2031-03-31T00:00:00Z']],
    ['0 0 15W * ? *', 'UTC', '2030-06-01T00:00:00Z', ['2030-06-14T00:00:00Z', '2030-07-15T00:00:00Z']],
    ['0 0 1W * ? *', 'UTC', '2030-05-30T00:00:00Z', ['2030-06-03T00:00:00Z']],
    ['0 9 ? * 6#3 *', 'UTC', '2030-01-01T00:00:00Z', ['2030-01-18T09:00:00Z', '2030-02-15T09:00:00Z']],
    ['0 9 ? * 6L *', 'UTC', '2030-01-01T00:00:00Z', ['2030-01-25T09:00:00Z', '2030-02-22T09:00:00Z']],
    ['0 9 ? * FRI-SUN *', 'UTC', '2030-01-01T00:00:00Z', ['2030-01-04T09:00:00Z', '2030-01-05T09:00:00Z']],
    ['0 0 29 2 ? *', 'UTC', '2030-01-01T00:00:00Z', ['2032-02-29T00:00:00Z']],
    ['0 9 * * ? *', 'Europe/Berlin', '2030-03-30T09:00:00Z', ['2030-03-31T07:00:00Z', '2030-04-01T07:00:00Z']],
    ['30 2 * * ? *', 'Europe/Berlin', '2030-03-30T12:00:00Z', ['2030-04-01T00:30:00Z']], // skipped on 31 March
    ['30 2 * * ? *', 'Europe/Berlin', '2030-10-26T12:00:00Z', ['2030-10-27T00:30:00Z', '2030-10-28T01:30:00Z']], // once
  ])('%s in %s', (fields, zone, from, expected) => {
    expect(occurrences(`cron(${fields})`, zone, from, expected.length)).toEqual(expected);
  });

  test('a year that is over has no occurrence', () => {
    expect(occurrences('cron(0 0 1 1 ? 2029)', 'UTC', '2030-01-01T00:00:00Z', 1)).toEqual([]);
  });
});

test.each([
  'at(2030-01-01)',
  'at(2030-02-30T00:00:00)',
  'at(2030-01-01T00:00:00Z)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'rate(5minutes)',
  'cron(* * * * *)',
  'cron(0 0 * * * *)',
  'cron(0 0 ? * ? *)',
  'cron(60 0 * * ? *)',
  'cron(0 0 ? * 8 *)',
  'cron(0 0 32W * ? *)',
  'cron(0/0 0 * * ? *)',
  'cron(a 0 * * ? *)',
  'every day',
])('refuses %s', (text) => {
  expect(() => parseExpression(text, 'UTC')).toThrow(SyntaxError);
});
