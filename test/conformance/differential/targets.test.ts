import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateFunctionCommand, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OutboundRequest } from '../../../functions/destinations/kind.js';
import type { Destination } from '../../../functions/destinations/registry.js';
import { DEFAULT_RETRY_POLICY, isRetryable } from '../../../functions/subjects/retry-policies/retry-policy.js';
import type { LoopbackServer } from '../../../local/loopback-server.js';
import { startReceiver } from '../../../local/receiver.js';
import { type SqsServer, startSqs } from '../../../local/sqs/server.js';
import { callAws, IN_TEST, pointSdkAt } from '../../functions/destinations/aws/aws-under-test.js';
import { MINISTACK } from '../../rehearse/emulator.js';
import { eventually } from '../../support/eventually.js';
import { expectAlike } from './answers.js';

/** Where MiniStack is. */
const THEIRS = process.env['CONFORMANCE_TARGETS']!;

const timeout_ms = 10_000;
const queue = (name: string) => ({ type: 'sqs', arn: `arn:aws:sqs:${IN_TEST}:${name}`, timeout_ms }) as const;
const topic = (name: string) => ({ type: 'sns', arn: `arn:aws:sns:${IN_TEST}:${name}`, timeout_ms }) as const;
const bus = (name: string) =>
  ({ type: 'eventbridge', arn: `arn:aws:events:${IN_TEST}:event-bus/${name}`, source: 'shop', timeout_ms }) as const;
const fn = (name: string, invocation: 'RequestResponse' | 'Event' = 'RequestResponse') =>
  ({ type: 'lambda', arn: `arn:aws:lambda:${IN_TEST}:function:${name}`, invocation, timeout_ms }) as const;
const machine = (name: string) =>
  ({ type: 'stepfunctions', arn: `arn:aws:states:${IN_TEST}:stateMachine:${name}`, timeout_ms }) as const;

const body = (text: string) => ({ body: Buffer.from(text) });
const KB = 1024;
const MB = 1024 * KB;
const letters = (count: number) => body(`{"a":"${'x'.repeat(count)}"}`);

/** What is called, one call after the other. MiniStack does not throttle, and denies nothing without its IAM. */
const CASES: readonly [title: string, destination: Destination, ...requests: Partial<OutboundRequest>[]][] = [
  ['a queue', queue('orders'), {}],
  ['a queue that is missing', queue('missing'), {}],
  ['a queue: more than 1 MiB', queue('orders'), letters(MB)],
  ['a queue: a control character', queue('orders'), body('\u0001')],
  ['a FIFO queue, twice', queue('orders.fifo'), {}, {}],
  ['a FIFO queue that is missing', queue('missing.fifo'), {}],
  ['a topic', topic('orders'), {}],
  ['a topic that is missing', topic('missing'), {}],
  ['a topic: more than 256 KiB', topic('orders'), letters(256 * KB)],
  ['a FIFO topic, twice', topic('orders.fifo'), {}, {}],
  ['a bus', bus('orders'), {}],
  ['a bus that is missing', bus('missing'), {}],
  ['a bus: no JSON', bus('orders'), body('no JSON')],
  ['a bus: more than 1 MiB', bus('orders'), letters(MB)],
  ['a function', fn('orders'), {}],
  ['a function that is missing', fn('missing'), {}],
  ['a function that fails', fn('fail'), {}],
  ['a function that is not waited for', fn('orders', 'Event'), {}],
  ['a function that is missing, not waited for', fn('missing', 'Event'), {}],
  ['a function: more than 1 MiB, not waited for', fn('orders', 'Event'), letters(MB)],
  ['a state machine, twice', machine('orders'), {}, {}],
  ['a state machine, twice with another input', machine('orders'), {}, body('{"a":2}')],
  ['a state machine that is missing', machine('missing'), {}],
  ['a state machine: no JSON', machine('orders'), body('no JSON')],
  ['a state machine: more than 256 KiB', machine('orders'), letters(256 * KB)],
];

/** By case: why ours answers otherwise. */
const KNOWN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'a bus: no JSON',
      'a bus: more than 1 MiB',
      'a function: more than 1 MiB, not waited for',
      'a state machine: no JSON',
      'a state machine: more than 256 KiB',
    ].map((title) => [title, 'AWS refuses it, by its API reference; theirs does not look']),
  ),
  'a state machine, twice':
    'on AWS a repeat with the same input gets the ARN while the execution runs, by its API reference; theirs says that it exists',
};

const SERVICES = ['SQS', 'SNS', 'EVENTBRIDGE', 'LAMBDA', 'SFN'] as const;
type Urls = Readonly<Record<(typeof SERVICES)[number], string>>;

/** What our sender makes of each call, and whether a repeat got the id of the first. */
async function called(
  urls: Urls,
  key: string,
  destination: Destination,
  requests: readonly Partial<OutboundRequest>[],
) {
  for (const service of SERVICES) pointSdkAt(service, urls[service]);
  const outcomes = [];
  const ids = new Set<string>();
  for (const request of requests) {
    const outcome = await callAws(destination, {
      timeoutMs: timeout_ms,
      headers: { 'idempotency-key': key },
      ...request,
    });
    const again = isRetryable(DEFAULT_RETRY_POLICY, { ...outcome, type: destination.type! });
    outcomes.push(outcome.status === 'success' ? 'success' : `${again ? 'retryable' : 'final'} ${outcome.error!.code}`);
    ids.add(idIn(outcome.response_body));
  }
  return { outcomes, ...(requests.length > 1 && { ids: ids.size }) };
}

function idIn(answer: string): string {
  return /"(?:MessageId|executionArn)":"([^"]+)"/.exec(answer)?.[1] ?? answer;
}

function zipOf(code: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(folder, 'index.js'), code);
  spawnSync(join(MINISTACK.folder, 'bin', 'python'), ['-m', 'zipfile', '-c', 'code.zip', 'index.js'], { cwd: folder });
  const zip = readFileSync(join(folder, 'code.zip'));
  rmSync(folder, { recursive: true });
  return zip;
}

/** What the tests call, by other means than ours. */
async function prepare(): Promise<void> {
  const options = {
    endpoint: THEIRS,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const FifoQueue = { FifoQueue: 'true' };
  const sqs = new SQSClient(options);
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders.fifo', Attributes: FifoQueue }));
  const sns = new SNSClient(options);
  await sns.send(new CreateTopicCommand({ Name: 'orders' }));
  await sns.send(new CreateTopicCommand({ Name: 'orders.fifo', Attributes: { FifoTopic: 'true' } }));
  await new EventBridgeClient(options).send(new CreateEventBusCommand({ Name: 'orders' }));
  const lambda = new LambdaClient(options);
  for (const [FunctionName, code] of [
    ['orders', 'exports.handler = async () => ({ statusCode: 200 });'],
    ['fail', "exports.handler = async () => { throw new Error('as asked'); };"],
  ] as const) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/any',
        Code: { ZipFile: zipOf(code) },
      }),
    );
    await eventually(`${FunctionName} is there`, async () => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      return Configuration?.State !== 'Pending';
    });
  }
  await new SFNClient(options).send(
    new CreateStateMachineCommand({
      name: 'orders',
      roleArn: 'arn:aws:iam::000000000000:role/any',
      definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } }),
    }),
  );
}

describe('our services and those of MiniStack, called by our senders', () => {
  let sqs: SqsServer;
  let receiver: LoopbackServer;
  let ours: Urls;
  const theirs = Object.fromEntries(SERVICES.map((service) => [service, THEIRS])) as Urls;

  beforeAll(async () => {
    [sqs, receiver] = await Promise.all([startSqs(), startReceiver(), prepare()]);
    for (const name of ['orders', 'orders.fifo']) sqs.defineQueue({ name, visibilityTimeoutSeconds: 30 });
    ours = { SQS: sqs.url, SNS: receiver.url, EVENTBRIDGE: receiver.url, LAMBDA: receiver.url, SFN: receiver.url };
  }, 60_000);

  afterAll(() => Promise.all([sqs.close(), receiver.close()]));

  test.each(CASES)('%s', async (title, destination, ...requests) => {
    const key = title.replace(/\W/g, '_');
    const mine = await called(ours, key, destination, requests);
    expectAlike(mine, await called(theirs, key, destination, requests), KNOWN[title]);
  });

  test('each difference that is known belongs to a case', () => {
    expect(CASES.map(([title]) => title)).toEqual(expect.arrayContaining(Object.keys(KNOWN)));
  });
});
