import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counted, Measured } from '../../../functions/primitives/metrics.js';
import { settingsFor } from '../../../lib/config.js';
import { deployed, local, ofType, pointsAt, type StageTemplate, templateOf } from '../synthesized.js';

/** All that functions print; tsc sees that none is missing. */
const PRINTED: Record<Counted | Measured, true> = {
  accepted: true,
  delivered: true,
  failed_attempts: true,
  retried: true,
  dead_lettered: true,
  deferred: true,
  held: true,
  crowded: true,
  skipped: true,
  failed_messages: true,
  stuck_messages: true,
  unknown_messages: true,
  rearmed: true,
  swept: true,
  sweep_failures: true,
  redriven: true,
  hop_cap_reached: true,
  poison_buried: true,
  sign_ins_failed: true,
  refused_messages: true,
  latency_ms: true,
  lateness_ms: true,
};

const [runbook = ''] = readFileSync(join(__dirname, '../../../docs/runbook.md'), 'utf8').split(
  '\n# When no alarm rings',
);
const sections = runbook.split(/^## /m).slice(1);

const alarmsOf = (template: StageTemplate) => ofType(template, 'AWS::CloudWatch::Alarm');

function dashboardOf(template: StageTemplate): string {
  const [dashboard] = Object.values(ofType(template, 'AWS::CloudWatch::Dashboard'));
  return JSON.stringify(dashboard!.Properties.DashboardBody);
}

describe.each([...deployed, local])('monitoring in $stage', (template) => {
  const alarms = Object.values(alarmsOf(template)).map(({ Properties }) => Properties);

  test('every alarm names a section of the runbook, and every section is named by an alarm', () => {
    const named = new Set<string>(alarms.map(({ AlarmDescription }) => AlarmDescription.split(':')[0]));
    const titles = sections.map((section) => section.split('\n')[0]);
    expect([...named].sort()).toEqual([...titles].sort());
  });

  test('the section lists the alarm, and says what to look at and what to do', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const section = sections.find((one) => one.startsWith(`${AlarmDescription.split(':')[0]}\n`))!;
      const alarm = AlarmName.slice(`Punctual-${template.stage}-`.length);
      expect(section.match(/^\*\*Alarms?\*\*[^*]*/m)![0]).toContain(`\`${alarm}\``);
      for (const part of ['**Means**', '**Look**', '**Do**']) expect(section).toContain(part);
    }
  });

  test('the names that the commands of the runbook are given find one resource each', () => {
    const found = (type: string, name: string) =>
      Object.keys(ofType(template, type)).filter((id) => id.startsWith(name));
    const queues = [...runbook.matchAll(/(?:\$\((?:queue|arn)|`peek) (\w+)/g)].filter(([, name]) => name !== '1');
    const logs = [...runbook.matchAll(/`logs (\w+)/g)];
    expect([queues.length > 5, logs.length > 3]).toEqual([true, true]);
    for (const [, name] of queues) expect([name, found('AWS::SQS::Queue', name!).length]).toEqual([name, 1]);
    for (const [, name] of logs) expect([name, found('AWS::Logs::LogGroup', name!).length]).toEqual([name, 1]);
  });

  const NOTICES = [
    ...['ApiLatency', 'DeadLetters', 'FailureRatio', 'HopCap', 'Rearmed', 'SchedulerThrottles', 'Schedules'],
  ];

  test('an urgent alarm says when it rings and when it is over, a notice when it rings; one alone rings without data', () => {
    expect(alarms.length).toBeGreaterThan(15);
    const notices = alarms.filter(({ OKActions }) => OKActions === undefined).map(({ AlarmName }) => AlarmName);
    expect(notices.map((name) => name.split('-').at(-1)).sort()).toEqual(NOTICES);
    for (const { AlarmName, AlarmActions, OKActions, TreatMissingData, ComparisonOperator } of alarms) {
      const topic = notices.includes(AlarmName) ? 'MonitoringNotices' : 'MonitoringUrgent';
      expect(AlarmActions.map(pointsAt)).toEqual([topic]);
      expect((OKActions ?? AlarmActions).map(pointsAt)).toEqual([topic]);
      const isMissed = AlarmName.endsWith('-NotSwept');
      expect(TreatMissingData).toBe(isMissed ? 'breaching' : 'notBreaching');
      expect(ComparisonOperator).toBe(isMissed ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold');
    }
  });

  const alarmOf = (id: string) => alarms.find(({ AlarmName }) => AlarmName === `Punctual-${template.stage}-${id}`);

  test('an alarm that has rung is over after half an hour without its cause: what comes and goes rings once', () => {
    for (const { AlarmName, DatapointsToAlarm, EvaluationPeriods, Period = 300 } of alarms) {
      const isMissed = AlarmName.endsWith('-NotSwept');
      expect([AlarmName, EvaluationPeriods]).toEqual([AlarmName, isMissed ? 12 : 6]);
      expect(DatapointsToAlarm).toBeLessThanOrEqual(isMissed ? 12 : 3);
      // CloudWatch: a message that keeps failing comes back after up to 15 minutes.
      expect(Period * (EvaluationPeriods - DatapointsToAlarm + 1)).toBeGreaterThanOrEqual(isMissed ? 300 : 1_200);
    }
  });

  test('seconds late are an alarm, if they stay', () => {
    const measured = { Metric: { MetricName: 'lateness_ms' }, Stat: 'p99', Period: 300 };
    const expected = { Threshold: 2_000, DatapointsToAlarm: 3, Metrics: [{ MetricStat: measured }] };
    expect(alarmOf('Lateness')).toMatchObject(expected);
  });

  test('dead letters of one endpoint are a notice, at most every six hours', () => {
    expect(alarmOf('DeadLetters')).toMatchObject({ Threshold: 20, Period: 3_600, DatapointsToAlarm: 1 });
  });

  test('an hour without a round of the reconciler rings', () => {
    const alarm = alarms.find(({ AlarmName }) => AlarmName.endsWith('-NotSwept'));
    expect(alarm).toMatchObject({ Namespace: 'Punctual', MetricName: 'swept', Statistic: 'Sum', Threshold: 1 });
    expect(alarm.Period * alarm.EvaluationPeriods).toBe(3_600);
  });

  test('a deployment is rolled back on alarms that only the service itself can cause', () => {
    const { Value: arns } = template.outputs['RollbackAlarmArns'] as { Value: { 'Fn::Join': [string, unknown[]] } };
    const [, parts] = arns['Fn::Join'];
    const ids = parts.filter((part) => part !== ' ').map((part) => String(pointsAt(part)));
    const names = ids.map((id) => alarmsOf(template)[id]!.Properties.AlarmName.split('-').at(-1));
    expect(names.sort()).toEqual(['Api5xx', 'FailedMessages', 'FunctionErrors', 'StuckMessages']);
  });

  test('every table is watched for throttled reads and writes', () => {
    const { Metrics } = alarms.find(({ AlarmName }) => AlarmName.endsWith('-TableThrottles'))!;
    const watched = Metrics.flatMap(
      ({ MetricStat }: { MetricStat?: { Metric: { MetricName: string; Dimensions: { Value: unknown }[] } } }) =>
        MetricStat ? [`${pointsAt(MetricStat.Metric.Dimensions[0]!.Value)} ${MetricStat.Metric.MetricName}`] : [],
    );
    const tables = Object.keys(ofType(template, 'AWS::DynamoDB::GlobalTable'));
    expect(watched.sort()).toEqual(
      tables.flatMap((table) => [`${table} ReadThrottleEvents`, `${table} WriteThrottleEvents`]).sort(),
    );
  });

  test('alarms can publish to both topics', () => {
    const policies = Object.values(ofType(template, 'AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(2);
    for (const policy of policies)
      expect(policy.Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        }),
      );
  });

  test('every queue is watched: work queues by age, DLQs by depth, dead letters by what is sent', () => {
    const watched = alarms.flatMap((alarm) =>
      [alarm, ...(alarm.Metrics ?? []).map((one: { MetricStat?: { Metric: object } }) => one.MetricStat?.Metric)]
        .filter((metric) => metric?.Namespace === 'AWS/SQS')
        .map(({ MetricName, Dimensions }) => `${pointsAt(Dimensions[0].Value)} ${MetricName}`),
    );
    const queues = Object.entries(ofType(template, 'AWS::SQS::Queue')).map(([name, { Properties }]) => {
      if (Properties.RedrivePolicy) return `${name} ApproximateAgeOfOldestMessage`;
      return `${name} ${name === 'DeadLetters' ? 'NumberOfMessagesSent' : 'ApproximateNumberOfMessagesVisible'}`;
    });
    expect(watched.sort()).toEqual(queues.sort());
  });

  test('alarms and dashboard look at metrics that the functions print, and the dashboard shows all of them', () => {
    const dashboard = dashboardOf(template);
    const shown = [...dashboard.matchAll(/Punctual\\",\\"(\w+)\\",\\"stage\\",\\"(\w+)/g)];
    expect(new Set(shown.map(([, metric]) => metric))).toEqual(new Set(Object.keys(PRINTED)));
    expect(new Set(shown.map(([, , stage]) => stage))).toEqual(new Set([template.stage]));
    const alarmed = [...JSON.stringify(alarms).matchAll(/"MetricName":"(\w+)","Namespace":"Punctual"/g)];
    expect(alarmed.length).toBeGreaterThan(4);
    for (const [, metric] of alarmed) expect(Object.keys(PRINTED)).toContain(metric);
  });

  test('the dashboard asks the four questions, under all alarms', () => {
    const dashboard = dashboardOf(template);
    const questions = [...dashboard.matchAll(/## ([^?]+\?)/g)].map(([, question]) => question);
    expect(questions).toEqual(['Is it delivering?', 'How late?', 'What is failing?', 'What is stuck?']);
    for (const id of Object.keys(alarmsOf(template))) expect(dashboard).toContain(id);
  });
});

test('alarms go to the mail address of the settings, and nowhere without one', () => {
  const mailed = templateOf(settingsFor('dev', { alarmEmail: 'ops@example.com' }));
  const subscription = { Properties: { Protocol: 'email', Endpoint: 'ops@example.com' } };
  expect(Object.values(ofType(mailed, 'AWS::SNS::Subscription'))).toMatchObject([subscription, subscription]);
  for (const template of deployed) expect(ofType(template, 'AWS::SNS::Subscription')).toEqual({});
});

test.each(deployed)('all that can cost money is tagged in $stage', (template) => {
  const tags = [
    { Key: 'application', Value: 'punctual' },
    { Key: 'stage', Value: template.stage },
  ];
  const billed = ['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret'];
  for (const type of [...billed, 'AWS::CloudWatch::Alarm', 'AWS::SNS::Topic', 'AWS::Scheduler::ScheduleGroup'])
    for (const { Properties } of Object.values(ofType(template, type)))
      expect(Properties.Tags).toEqual(expect.arrayContaining(tags));
  for (const { Properties } of Object.values(ofType(template, 'AWS::DynamoDB::GlobalTable')))
    expect(Properties.Replicas[0].Tags).toEqual(tags);
  for (const type of ['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage'])
    for (const { Properties } of Object.values(ofType(template, type)))
      expect(Properties.Tags).toEqual({ application: 'punctual', stage: template.stage });
});
