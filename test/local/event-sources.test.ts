import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSEvent } from 'aws-lambda';
import { type EventSources, startEventSources } from '../../local/event-sources.js';
import { FunctionPool } from '../../local/function-pool.js';
import { physicalResources } from '../../local/physical-resources.js';
import { type SqsServer, startSqs } from '../../local/sqs/server.js';
import type { CloudFormationTemplate } from '../../local/template.js';
import { temporaryFolder, writeBundle } from './temporary-folder.js';

const folder = temporaryFolder();
const journal = join(folder, 'invocations');

/** Records each event; fails the records whose body says so. */
const HANDLER = `const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  appendFileSync(process.env.JOURNAL, JSON.stringify(event) + '\\n');
  const failed = event.Records.filter(({ body }) => body.startsWith('fail'));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

function templateWith(mapping: object): CloudFormationTemplate {
  const Properties = {
    FunctionName: { Ref: 'Handler' },
    EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...mapping,
  };
  return {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue' },
      Handler: { Type: 'AWS::Lambda::Function' },
      Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties },
    },
  };
}

let sqs: SqsServer;
let pool: FunctionPool;
let sources: EventSources | undefined;

beforeAll(async () => {
  sqs = await startSqs();
  appendFileSync(journal, '');
  const code = writeBundle(folder, 'handler', HANDLER);
  const definition = { name: 'Handler', code, handler: 'handler.handler', timeoutSeconds: 5, memoryMb: 128 };
  pool = new FunctionPool({ ...definition, environment: { JOURNAL: journal } }, 3, () => {});
});
afterEach(() => sources?.close({ drain: true }));
afterAll(async () => {
  await pool.close();
  await sqs.close();
});

function start(template: CloudFormationTemplate): EventSources {
  const physical = physicalResources(template, { sqs: sqs.url, api: '' });
  const functionFor = (name: string) => (name === 'Handler' ? pool : undefined);
  sources = startEventSources({ template, physical, sqsUrl: sqs.url, functionFor, log: () => {} });
  return sources;
}

const events = (): SQSEvent[] =>
  existsSync(journal)
    ? readFileSync(journal, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

const recordsOf = (body: string) => events().flatMap(({ Records }) => Records.filter((record) => record.body === body));

test('messages of a real queue reach the function, and only those that failed come again', async () => {
  const { arn } = sqs.defineQueue({ name: 'Jobs', visibilityTimeoutSeconds: 1 });
  start(templateWith({ BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } }));
  sqs.send(arn, 'fine 🎈');
  sqs.send(arn, 'fail');
  while (recordsOf('fail').length < 2) await sleep(20);
  expect(recordsOf('fine 🎈')).toHaveLength(1);
  expect(recordsOf('fine 🎈')[0]).toMatchObject({
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Jobs',
    awsRegion: 'us-east-1',
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    messageAttributes: {},
    md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(recordsOf('fail')[1]?.attributes.ApproximateReceiveCount).toBe('2');
});

test('a disabled mapping polls nothing', async () => {
  const { arn } = sqs.defineQueue({ name: 'Jobs', visibilityTimeoutSeconds: 1 });
  start(templateWith({ Enabled: false }));
  sqs.send(arn, 'unwanted');
  await sleep(100);
  expect(recordsOf('unwanted')).toEqual([]);
});

test.each<[object, string]>([
  [{ FilterCriteria: { Filters: [] } }, 'Mapping: FilterCriteria is not supported locally'],
  [{ BatchSize: 100 }, 'Mapping: a batch size over 10 needs a window of 1 s'],
  [{ FunctionName: 'Nobody' }, 'Mapping: needs a queue and a function'],
])('refuses %j', (mapping, message) => {
  expect(() => start(templateWith(mapping))).toThrow(message);
});

test('a rule must have a rate and a function of the template', () => {
  const rule = (properties: object) => ({
    Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'Handler' }], ...properties } } },
  });
  expect(() => start(rule({ ScheduleExpression: 'cron(0 0 * * ? *)' }))).toThrow('only rate(...) schedules');
  expect(() => start(rule({ ScheduleExpression: 'rate(1 day)', Targets: [{ Arn: 'x' }] }))).toThrow('Rule: its target');
  expect(() => start(rule({ ScheduleExpression: 'rate(1 day)' }))).not.toThrow();
});
