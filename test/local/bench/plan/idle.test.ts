import { settingsFor } from '../../../../lib/config.js';
import { units } from '../../../../local/bench/costs/units.js';
import { idleParts, totalOf } from '../../../../local/bench/plan/idle.js';
import { monthOfASchedule } from '../../../../local/bench/plan/load.js';
import { templateOf } from '../../../lib/synthesized.js';

const alarm = (...metrics: object[]) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: metrics.length > 0 ? { Metrics: metrics } : {},
});
const dollars = (resources: object, what: string) =>
  idleParts({ Resources: resources as never }).find((part) => part.what.startsWith(what))!.dollars;

test('an alarm costs what the metrics cost that it reads, an expression nothing of its own', () => {
  const resources = {
    one: alarm(),
    three: alarm({ MetricStat: {} }, { MetricStat: {} }, { MetricStat: {} }, { Expression: 'SUM' }),
    query: alarm({ Expression: 'SELECT' }),
  };
  expect(dollars(resources, 'alarms')).toBeCloseTo(0.5);
});

test('each queue with a consumer is polled without end, and a kept poller costs by itself', () => {
  const consumer = (Properties: object) => ({ Type: 'AWS::Lambda::EventSourceMapping', Properties });
  expect(dollars({ a: consumer({}), b: consumer({}) }, 'empty receives')).toBeCloseTo(2 * 0.2592);
  const pollers = { ProvisionedPollerConfig: { MinimumPollers: 10 } };
  expect(dollars({ a: consumer(pollers) }, 'provisioned pollers')).toBeCloseTo(66.6);
});

test('pollers of a stage make it dearer by their price alone', () => {
  const month = (settings: object) =>
    totalOf(idleParts({ Resources: templateOf(settingsFor('prod', settings)).resources }));
  expect(month({ fastLanePollers: { minimum: 2, maximum: 4 } }) - month({})).toBeCloseTo(2 * 6.66);
});

test('a schedule of an hour or longer pays the Scheduler and the start of its functions', () => {
  const load = {
    scenario: 'hourly',
    atTen: units(),
    atOne: units({ schedulerInvocations: 1, functionRequests: 3 }),
    delivererSeconds: 0,
    apiSeconds: 0,
  };
  const [hourly, nightly] = monthOfASchedule(load);
  expect([hourly, nightly]).toMatchObject([
    { runs: 720, schedulerInvocations: 720, coldStarts: 2_160 },
    { runs: 30, schedulerInvocations: 30, coldStarts: 90 },
  ]);
  // $1.00 and three requests of $0.20 for a million, and three starts of half a second with 256 MB.
  expect(hourly!.dollars).toBeCloseTo((720 * 1.6) / 1_000_000 + 2_160 * 0.125 * 0.0000133334, 6);
});
