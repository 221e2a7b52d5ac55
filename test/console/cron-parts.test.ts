import { type CronParts, cronOf, FIRST_PARTS, partsOf } from '../../console/pages/schedules/cron-parts.js';

test.each<[Partial<CronParts>, string]>([
  [{ repeat: 'minutes', every: 5 }, '*/5 * * * *'],
  [{ repeat: 'hourly', time: '00:07' }, '7 * * * *'],
  [{ repeat: 'daily', time: '02:30' }, '30 2 * * *'],
  [{ repeat: 'weekdays', time: '17:00' }, '0 17 * * 1-5'],
  [{ repeat: 'weekly', time: '00:00', weekday: 0 }, '0 0 * * 0'],
  [{ repeat: 'monthly', time: '09:00', day: 'L' }, '0 9 L * *'],
  [{ repeat: 'monthly', time: '23:59', day: '31' }, '59 23 31 * *'],
])('%j is %s, and is read back from it', (parts, cron) => {
  expect(cronOf({ ...FIRST_PARTS, ...parts })).toBe(cron);
  expect(partsOf(cron)).toEqual({ ...FIRST_PARTS, ...parts });
});

test.each(['', '30 2 * 3 0', '0 0 1 1 *', '*/15 9-17 * * 1-5', '0 30 2 * * *', '@daily', '5,10 * * * *'])(
  '%j is none of its expressions',
  (cron) => {
    expect(partsOf(cron)).toBeUndefined();
  },
);

test('the spaces of an expression do not matter', () => {
  expect(partsOf('  30   2 * * * ')).toMatchObject({ repeat: 'daily', time: '02:30' });
});
