import { type AwsSchedule, readAwsSchedules } from '../../cli/eventbridge.js';
import { cronSchema } from '../../functions/cron/cron-schema.js';

const named = (ScheduleExpression: string, more: Partial<AwsSchedule> = {}): AwsSchedule => ({
  Name: 'job',
  ScheduleExpression,
  Target: { Arn: 'arn:aws:lambda:x' },
  ...more,
});

test.each([
  ['cron(0 3 * * ? *)', '0 3 * * ?'],
  ['cron(15 10 ? * 2-6 *)', '15 10 ? * MON-FRI'],
  ['cron(0 8 ? * 6L *)', '0 8 ? * FRIL'],
  ['cron(0 8 ? * 3#2 *)', '0 8 ? * TUE#2'],
  ['cron(0/10 * ? * MON-FRI *)', '0/10 * ? * MON-FRI'],
  ['rate(5 minutes)', '*/5 * * * *'],
  ['rate(1 minute)', '*/1 * * * *'],
  ['rate(1 hour)', '0 */1 * * *'],
  ['rate(1 day)', '0 0 * * *'],
])('%s is %s, which the API takes', (expression, cron) => {
  expect(readAwsSchedules([named(expression)]).schedules).toEqual([
    { name: 'job', fields: { cron }, target: 'arn:aws:lambda:x' },
  ]);
  expect(cronSchema.safeParse(cron)).toMatchObject({ success: true });
});

test.each([
  ['rate(7 minutes)', 'UTC', /no cron expression/],
  ['rate(2 days)', 'UTC', /no cron expression/],
  ['cron(0 3 * * ? 2030)', 'UTC', /names years/],
  ['cron(0 3 * * *)', 'UTC', /not six fields/],
  ['at(2030-01-01T09:00:00)', 'Europe/Berlin', /local time of Europe\/Berlin/],
  ['every day', 'UTC', /no known form/],
])('%s in %s is left to the user', (expression, ScheduleExpressionTimezone, reason) => {
  expect(readAwsSchedules([named(expression, { ScheduleExpressionTimezone })])).toEqual({
    schedules: [],
    left: [expect.stringMatching(reason)],
  });
});

test('zone, bounds, state and input are kept', () => {
  const given = named('cron(0 3 * * ? *)', {
    ScheduleExpressionTimezone: 'Europe/Berlin',
    State: 'DISABLED',
    StartDate: '2030-01-01T00:00:00+01:00',
    Target: { Arn: 'arn', Input: '{"a":1}' },
  });
  const at = named('at(2030-01-01T09:00:00)', { Target: { Arn: 'arn', Input: 'text' } });
  expect(readAwsSchedules([given, at]).schedules.map(({ fields }) => fields)).toEqual([
    {
      cron: '0 3 * * ?',
      timezone: 'Europe/Berlin',
      status: 'paused',
      start_at: '2029-12-31T23:00:00.000Z',
      payload: { a: 1 },
    },
    { run_at: '2030-01-01T09:00:00Z', payload: 'text' },
  ]);
});
