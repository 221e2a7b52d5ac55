import { settingsFor } from '../../../../lib/config.js';
import { units } from '../../../../local/bench/costs/units.js';
import { idleParts, totalOf } from '../../../../local/bench/plan/idle.js';
import { monthsOfSchedules } from '../../../../local/bench/plan/load.js';
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

test('a schedule of an hour or longer pays the Scheduler, a message more, and the start of its functions', () => {
  const atOne = units({ functionRequests: 2 });
  const load = { scenario: 'cron', atTen: units(), atOne, delivererSeconds: 0, apiSeconds: 0 };
  const [minute, hourly, nightly] = monthsOfSchedules(load);
  expect([minute, hourly, nightly]).toMatchObject([
    { runs: 43_200, schedulerInvocations: 0, coldStarts: 0 },
    { runs: 720, schedulerInvocations: 720, coldStarts: 2_160 },
    { runs: 30, schedulerInvocations: 30, coldStarts: 90 },
  ]);
  // $1.00, three requests of $0.20, three of SQS, two reads and 0.01 GB-seconds for a million; starts of half a second.
  const million = 1 + 0.6 + 1.2 + 0.25 + 0.133334;
  expect(hourly!.dollars).toBeCloseTo((720 * million) / 1_000_000 + 2_160 * 0.125 * 0.0000133334, 6);
});
