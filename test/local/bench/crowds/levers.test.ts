import { settingsFor } from '../../../../lib/config.js';
import { units } from '../../../../local/bench/costs/units.js';
import { shortTime } from '../../../../local/bench/crowds/crowds-table.js';
import {
  dollarsOfLists,
  dollarsOfPollers,
  dollarsOfReturns,
  dollarsOnce,
  SCHEDULES,
  TASKS,
} from '../../../../local/bench/crowds/levers.js';

test('a poller costs $6.66 for 30 days, for each that is kept', () => {
  expect(dollarsOfPollers({})).toBe(0);
  expect(dollarsOfPollers({ fastLanePollers: { minimum: 10, maximum: 50 } })).toBeCloseTo(66.6);
  const pollers = { minimum: 2, maximum: 2 };
  expect(dollarsOfPollers({ fastLanePollers: pollers, wakeUpPollers: pollers })).toBeCloseTo(26.64);
});

test('warm throughput costs once what it is above a new table’s', () => {
  expect(dollarsOnce({})).toBe(0);
  expect(dollarsOnce({ warmWrites: 40_000 })).toBeCloseTo(36_000 * 0.00065);
});

test('a shard costs half a read of each list', () => {
  expect(dollarsOfLists({})).toBe(0);
  expect(dollarsOfLists({ shards: 3 })).toBeCloseTo(0.125);
});

test('a return costs its requests, its reads and its part of an invocation', () => {
  const load = { scenario: 'single', atTen: units(), atOne: units(), delivererSeconds: 0.4, apiSeconds: 0 };
  expect(dollarsOfReturns(load)).toBeCloseTo(1.2 * 0.5 + 0.02 + 0.01 * 13.3334 + 0.25);
});

test('the first of the treatments are what ships, and pollers are within the bounds of AWS', () => {
  expect([TASKS[0], SCHEDULES[0]].map((shipped) => Object.keys(shipped!))).toEqual([
    ['name', 'of'],
    ['name', 'of'],
  ]);
  expect(settingsFor('prod')).not.toHaveProperty('fastLanePollers');
  for (const { fastLanePollers, wakeUpPollers } of [...TASKS, ...SCHEDULES])
    for (const pollers of [fastLanePollers, wakeUpPollers])
      if (pollers) expect(pollers.minimum).toBeLessThanOrEqual(Math.min(200, pollers.maximum));
});

test('times have two digits', () => {
  expect([0, 0.99, 1, 9.96, 59.6, 119, 119.6, 383, 3_147].map(shortTime)).toEqual([
    '< 1 s',
    '< 1 s',
    '1 s',
    '10 s',
    '60 s',
    '2 min',
    '2 min',
    '6.4 min',
    '52 min',
  ]);
});
