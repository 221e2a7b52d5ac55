import type { FunctionPool } from '../../local/function-pool.js';
import { rateMs, startRateTimer } from '../../local/rate-timer.js';

test.each([
  ['rate(1 minute)', 60_000],
  ['rate(15 minutes)', 900_000],
  ['rate(2 hours)', 7_200_000],
  ['rate(1 day)', 86_400_000],
])('%s', (expression, ms) => expect(rateMs(expression)).toBe(ms));

test.each(['cron(0 12 * * ? *)', 'rate(0 minutes)', 'rate(5 seconds)', 'at(2030-01-01T00:00:00)'])(
  'refuses %s',
  (expression) => expect(() => rateMs(expression)).toThrow(`not ${expression}`),
);

test('the function is invoked once per period, first after one, until stopped', () => {
  jest.useFakeTimers({ now: Date.parse('2026-03-01T00:00:00.400Z') });
  const events: unknown[] = [];
  const pool = { invoke: async (event: unknown) => void events.push(event), definition: { name: 'fn' } };
  const rule = { arn: 'arn:rule', periodMs: 60_000, source: 'aws.events' as const };
  const stops = [
    startRateTimer(rule, pool as unknown as FunctionPool, () => {}),
    startRateTimer({ ...rule, input: '{"own":1}' }, pool as unknown as FunctionPool, () => {}),
  ];
  jest.advanceTimersByTime(59_999);
  expect(events).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(events).toEqual([
    expect.objectContaining({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: ['arn:rule'],
      time: '2026-03-01T00:01:00Z',
    }),
    { own: 1 },
  ]);
  jest.advanceTimersByTime(60_000);
  for (const stop of stops) stop();
  jest.advanceTimersByTime(600_000);
  expect(events).toHaveLength(4);
  jest.useRealTimers();
});
