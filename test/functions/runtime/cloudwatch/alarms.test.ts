import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { createAlarmReader } from '../../../../functions/runtime/cloudwatch/alarms.js';
import { deployed, ofType } from '../../../lib/synthesized.js';

const PREFIX = 'Punctual-dev-';
const SINCE = new Date('2026-03-01T21:00:00Z');
const cloudwatch = mockClient(CloudWatchClient);
let now = 0;
const reader = () => createAlarmReader(PREFIX, new CloudWatchClient({ region: 'us-east-1' }), () => now);
beforeEach(() => cloudwatch.reset());

const alarm = (AlarmName: string, more: MetricAlarm = {}): MetricAlarm => ({
  AlarmName,
  AlarmDescription: 'The API fails: see docs/runbook.md#the-api-fails',
  OKActions: [],
  StateValue: 'OK',
  StateReason: 'no datapoints',
  StateTransitionedTimestamp: SINCE,
  ...more,
});

test("a stage's own alarms are read, page by page, and none of a stage whose name begins alike", async () => {
  cloudwatch
    .on(DescribeAlarmsCommand)
    .resolvesOnce({
      MetricAlarms: [
        alarm(`${PREFIX}Api5xx`, { StateValue: 'ALARM', OKActions: ['arn:aws:sns:us-east-1:1:urgent'] }),
        alarm(`${PREFIX}2-Api5xx`),
        alarm(`${PREFIX}Other`, { AlarmDescription: 'an alarm of the user' }),
      ],
      NextToken: 'more',
    })
    .resolves({ MetricAlarms: [alarm(`${PREFIX}DeadLetters`, { StateValue: 'INSUFFICIENT_DATA' })] });
  const of = { since: SINCE.getTime(), reason: 'no datapoints', meaning: 'The API fails', section: 'the-api-fails' };
  expect(await reader()()).toEqual([
    { name: 'Api5xx', severity: 'urgent', state: 'alarm', ...of },
    { name: 'DeadLetters', severity: 'notice', state: 'insufficient_data', ...of },
  ]);
  const asked = cloudwatch.commandCalls(DescribeAlarmsCommand).map(({ args: [{ input }] }) => input);
  expect(asked).toEqual([
    { AlarmNamePrefix: PREFIX, AlarmTypes: ['MetricAlarm'], NextToken: undefined },
    { AlarmNamePrefix: PREFIX, AlarmTypes: ['MetricAlarm'], NextToken: 'more' },
  ]);
});

test('an endless list is read for five pages', async () => {
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [], NextToken: 'more' });
  expect(await reader()()).toEqual([]);
  expect(cloudwatch.commandCalls(DescribeAlarmsCommand)).toHaveLength(5);
});

test('an answer is kept for half a minute, and an error for no moment', async () => {
  cloudwatch.on(DescribeAlarmsCommand).rejectsOnce(new Error('Throttling')).resolves({ MetricAlarms: [] });
  const read = reader();
  await expect(read()).rejects.toThrow('Throttling');
  await Promise.all([read(), read()]);
  now += 29_999;
  await read();
  expect(cloudwatch.commandCalls(DescribeAlarmsCommand)).toHaveLength(2);
  now += 1;
  await read();
  expect(cloudwatch.commandCalls(DescribeAlarmsCommand)).toHaveLength(3);
});

test.each(deployed)('each alarm of the template in $stage is one that the reader knows', async (template) => {
  const made = Object.values(ofType(template, 'AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as MetricAlarm,
  );
  expect(made.length).toBeGreaterThan(10);
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: made });
  const found = await createAlarmReader(`Punctual-${template.stage}-`, new CloudWatchClient({ region: 'us-east-1' }))();
  expect(found.map(({ name }) => `Punctual-${template.stage}-${name}`)).toEqual(made.map(({ AlarmName }) => AlarmName));
  expect(new Set(found.map(({ severity }) => severity))).toEqual(new Set(['urgent', 'notice']));
});
