import { settingsFor } from '../../../../lib/config.js';
import { units } from '../../../../local/bench/costs/units.js';
import type { Load } from '../../../../local/bench/plan/load.js';
import { planFor } from '../../../../local/bench/plan/plan.js';

const load: Load = {
  scenario: 'single',
  atTen: units({ apiRequests: 1, writeUnits: 4 }),
  atOne: units({ apiRequests: 1, writeUnits: 4, sqsRequests: 2 }),
  delivererSeconds: 0.5,
  apiSeconds: 0.05,
};
const FIXED = 11;
const plan = planFor(load, settingsFor('prod'), FIXED);
const limit = (part: string) => plan.limits.find(({ name }) => name.includes(part))!;

test('a limit binds where deliveries take all of it', () => {
  expect(limit('throttle').bindsAt).toBe(2_000);
  expect(limit('new table').bindsAt).toBe(1_000);
  expect(limit('one project').bindsAt).toBeCloseTo(333, 0);
  expect(limit('fast lane').bindsAt).toBeCloseTo(10_000); // 500 at a time, ten in half a second
  expect(limit('account').bindsAt).toBe(10_000);
  expect(limit('Lambda concurrency').bindsAt).toBeCloseTo(1_000 / (0.05 + 0.05));
});

test('limits are told in the order in which they bind', () => {
  const rates = plan.limits.map(({ bindsAt }) => bindsAt);
  expect(rates).toEqual([...rates].sort((a, b) => a - b));
  const names = (rate: number) =>
    plan.rates.find((one) => one.deliveriesPerSecond === rate)!.binding.map(({ name }) => name);
  expect(names(100)).toEqual([]);
  expect(names(1_000)[0]).toContain('one project');
  expect(names(100_000)).toContain('writes of a table');
});

test('a month is its deliveries and what is paid in any case', () => {
  const [one, hundred] = plan.rates;
  expect(one!.monthAtTen).toBeCloseTo(2.592 * 3.5 + FIXED);
  expect(hundred!.monthAtOne).toBeCloseTo(259.2 * 4.3 + FIXED);
});

test('another stage binds earlier', () => {
  const dev = planFor(load, settingsFor('dev'), FIXED);
  expect(dev.limits[0]).toMatchObject({ bindsAt: 100 });
});
