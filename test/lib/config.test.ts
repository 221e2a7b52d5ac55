import { RemovalPolicy } from 'aws-cdk-lib';
import { deployedStage, givenSettings, settingsFor } from '../../lib/config.js';
import { ofType, templateOf } from './synthesized.js';

test('a stage is what it says, and overrides win', () => {
  expect(settingsFor('prod')).toMatchObject({ stage: 'prod', removal: RemovalPolicy.RETAIN, allowHttp: false });
  expect(settingsFor('local', { holdSeconds: 0 })).toEqual({ ...settingsFor('local'), holdSeconds: 0 });
});

test('only the local stage lets loopback addresses be called', () => {
  expect(
    [settingsFor('local'), settingsFor('dev'), settingsFor('prod')].map((settings) => settings.allowLoopback),
  ).toEqual([true, false, false]);
});

test('cdk deploys dev unless told otherwise, and never the local stage', () => {
  expect([deployedStage(undefined), deployedStage('dev'), deployedStage('prod')]).toEqual(['dev', 'dev', 'prod']);
  for (const refused of ['local', 'staging', '', 7])
    expect(() => deployedStage(refused)).toThrow('must be dev or prod');
});

test('what -c says changes the settings', () => {
  const given = (context: Record<string, unknown>) => givenSettings((name) => context[name]);
  expect(given({})).toEqual({});
  expect(given({ alarmEmail: 'me@example.com', auditDeliveries: 'true', console: 'false' })).toEqual({
    alarmEmail: 'me@example.com',
    auditDeliveries: true,
    console: false,
  });
  expect(given({ auditDeliveries: false, console: true })).toEqual({ auditDeliveries: false, console: true });
  for (const name of ['auditDeliveries', 'console'])
    for (const refused of ['yes', '', '0']) expect(() => given({ [name]: refused })).toThrow('must be true or false');
});

test('-c gives pollers as two numbers, within the bounds of AWS', () => {
  const given = (value: unknown) => givenSettings((name) => (name === 'fastLanePollers' ? value : undefined));
  expect(given('10-50')).toEqual({ fastLanePollers: { minimum: 10, maximum: 50 } });
  expect(given('2-2')).toEqual({ fastLanePollers: { minimum: 2, maximum: 2 } });
  expect(given('200-2000')).toEqual({ fastLanePollers: { minimum: 200, maximum: 2_000 } });
  for (const refused of ['', '10', '10,50', '1-50', '50-10', '201-300', '10-2001', '10-50-60', 'true'])
    expect(() => given(refused)).toThrow('must be two numbers such as 10-50');
});

test('the audit tells how deliveries went where a deployment asks for that', () => {
  const settings = settingsFor(
    'prod',
    givenSettings((name) => (name === 'auditDeliveries' ? 'true' : undefined)),
  );
  const functions = Object.values(ofType(templateOf(settings), 'AWS::Lambda::Function'));
  const told = functions.flatMap(({ Properties }) => Properties.Environment?.Variables?.AUDIT_DELIVERIES ?? []);
  expect(told).toEqual(Array.from({ length: 6 }, () => 'true'));
});

test.each(['local', 'dev', 'prod'] as const)('%s keeps to the limits of Lambda, SQS and HTTP APIs', (stage) => {
  const settings = settingsFor(stage);
  const { fastLaneBatchSize, crowdedLaneBatchSize, wakeUpBatchSize, replayBatchSize } = settings;
  for (const batchSize of [fastLaneBatchSize, crowdedLaneBatchSize, wakeUpBatchSize, replayBatchSize]) {
    expect(batchSize).toBeLessThanOrEqual(10); // more needs a batching window
  }
  const concurrencies = Object.entries(settings).filter(([name]) => name.endsWith('Concurrency'));
  expect(concurrencies).toHaveLength(5);
  for (const [, concurrency] of concurrencies) {
    expect(concurrency).toBeGreaterThanOrEqual(2);
    expect(concurrency).toBeLessThanOrEqual(1_000);
  }
  expect(settings.apiRequestsPerSecond).toBeLessThanOrEqual(10_000);
  expect(settings.apiBurst).toBeLessThanOrEqual(5_000);
});
