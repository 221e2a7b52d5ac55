import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFor } from '../../lib/config.js';
import { CHECKS } from '../../local/preflight/checks.js';
import { deployingOf } from '../../local/preflight/deploying.js';
import { concurrencyFinding, concurrencyOfQueues, expiryFinding, findingText } from '../../local/preflight/findings.js';

const dev = settingsFor('dev');
const ofDev = deployingOf(dev);

test('the queues of a stage may start what their mappings allow; a poller has ten invocations', () => {
  const { fastLaneConcurrency: fast, slowLaneConcurrency, wakeUpConcurrency: wakeUp } = dev;
  const others = slowLaneConcurrency + dev.crowdedLaneConcurrency + dev.replayConcurrency;
  expect(concurrencyOfQueues(dev)).toBe(fast + others + wakeUp);
  const pollers = { minimum: 2, maximum: 30 };
  expect(concurrencyOfQueues({ ...dev, fastLanePollers: pollers })).toBe(300 + others + wakeUp);
  expect(concurrencyOfQueues({ ...dev, wakeUpPollers: pollers })).toBe(fast + others + 300);
});

test('half of the account is enough for the queues; with less, the finding says how much to ask for', () => {
  const queues = concurrencyOfQueues(dev);
  expect(concurrencyFinding(ofDev, 2 * queues)).toMatchObject({ verdict: 'ready' });
  const { verdict, todo } = concurrencyFinding(ofDev, 10);
  expect(verdict).toBe('look');
  expect(todo).toContain(`--desired-value ${2 * queues}`);
  expect(todo).toContain('accountConcurrency: 10');
});

test('the TTL of tables that a stage takes is on, by the attribute of their rows; if not, the finding has the command', () => {
  const on = { name: 'Punctual-runs', ttl: 'ENABLED ttl' };
  expect(expiryFinding([])).toMatchObject({ verdict: 'ready' });
  expect(expiryFinding([on, { name: 'Punctual-audit', ttl: 'ENABLING ttl' }])).toMatchObject({ verdict: 'ready' });
  for (const ttl of ['DISABLED', 'DISABLING ttl', 'ENABLED expires_at']) {
    const { verdict, found, todo } = expiryFinding([on, { name: 'Punctual-audit', ttl }]);
    expect([verdict, todo]).toEqual([
      'look',
      'aws dynamodb update-time-to-live --table-name Punctual-audit --time-to-live-specification Enabled=true,AttributeName=ttl',
    ]);
    expect(found).toContain(`Punctual-audit: ${ttl}`);
  }
});

const place = { account: '111111111111', region: 'us-east-1' };
const checkOf = (name: string) => CHECKS.find((check) => check.name === name)!;

/** Runs `look` where `aws` is a script with these cases of its words. */
async function withAws(cases: string, look: () => Promise<void>): Promise<void> {
  const bin = mkdtempSync(join(tmpdir(), 'punctual-aws-'));
  const path = process.env['PATH'];
  writeFileSync(join(bin, 'aws'), `#!/bin/sh\ncase "$*" in\n${cases}\n  *) exit 1 ;;\nesac\n`, { mode: 0o755 });
  process.env['PATH'] = `${bin}:${path}`;
  try {
    await look();
  } finally {
    process.env['PATH'] = path;
    rmSync(bin, { recursive: true });
  }
}

test('the check asks about the tables of runs and of the audit, and says what it may not read', async () => {
  const answer = '{"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}';
  const refusal = 'An error occurred (AccessDeniedException) when calling the DescribeTimeToLive operation: no';
  const cases = `
  "dynamodb describe-time-to-live --table-name Punctual-audit "*) echo '${answer}' ;;
  "dynamodb describe-table --table-name Punctual-config "*) echo '{"Table": {"GlobalSecondaryIndexes": []}}' ;;
  "dynamodb describe-table --table-name Punctual-new "*) echo '{"Table": {"GlobalSecondaryIndexes": [{"IndexName": "name-index"}]}}' ;;
  "dynamodb describe-time-to-live --table-name Punctual-runs "*) echo '${refusal}' >&2; exit 254 ;;`;
  const taking = (tables: object) => deployingOf(settingsFor('dev', { existing: { tables } }));
  await withAws(cases, async () => {
    const check = checkOf('expiry');
    expect(await check(ofDev, place)).toMatchObject({ verdict: 'ready' });
    expect(await check(taking({ audit: 'Punctual-audit', config: 'Punctual-config' }), place)).toMatchObject({
      verdict: 'look',
      todo: expect.stringContaining('--table-name Punctual-audit'),
    });
    expect(await check(taking({ runs: 'Punctual-runs' }), place)).toMatchObject({
      verdict: 'look',
      found: expect.stringContaining('it cannot be read: An error occurred (AccessDeniedException)'),
    });
    const index = checkOf('nameIndex');
    expect(await index(ofDev, place)).toMatchObject({ verdict: 'ready' });
    expect(await index(taking({ config: 'Punctual-new' }), place)).toMatchObject({ verdict: 'ready' });
    expect(await index(taking({ config: 'Punctual-config' }), place)).toMatchObject({
      verdict: 'look',
      found: 'Punctual-config does not have it: GET /v1/search answers 500',
    });
  });
});

test('targets that a stage names are looked up, in their Region; what is missing is named', async () => {
  const arn = (service: string, name: string) => `arn:aws:${service}:eu-central-1:111111111111:${name}`;
  const there = [
    arn('sqs', 'orders.fifo'),
    arn('sns', 'orders'),
    arn('events', 'event-bus/orders'),
    arn('lambda', 'function:orders'),
    arn('states', 'stateMachine:orders'),
  ];
  const missing = there.map((one) => one.replace('orders', 'gone'));
  const refused = (code: string, operation: string) =>
    `echo 'An error occurred (${code}) when calling the ${operation} operation: no' >&2; exit 254 ;;`;
  const cases = `
  "sqs get-queue-url --queue-name orders.fifo --queue-owner-aws-account-id 111111111111 --region eu-central-1 "*) echo '{}' ;;
  "sns get-topic-attributes --topic-arn ${there[1]} --region eu-central-1 "*) echo '{}' ;;
  "events describe-event-bus --name ${there[2]} --region eu-central-1 "*) echo '{}' ;;
  "lambda get-function-configuration --function-name ${there[3]} --region eu-central-1 "*) echo '{}' ;;
  "stepfunctions describe-state-machine --state-machine-arn ${there[4]} --region eu-central-1 "*) echo '{}' ;;
  "sqs get-queue-url --queue-name gone.fifo "*) ${refused('AWS.SimpleQueueService.NonExistentQueue', 'GetQueueUrl')}
  sns*gone*) ${refused('NotFound', 'GetTopicAttributes')}
  events*gone*) ${refused('ResourceNotFoundException', 'DescribeEventBus')}
  lambda*gone*) ${refused('ResourceNotFoundException', 'GetFunctionConfiguration')}
  stepfunctions*gone*) ${refused('StateMachineDoesNotExist', 'DescribeStateMachine')}
  *"--queue-name secret "*) ${refused('AccessDenied', 'GetQueueUrl')}`;
  const naming = (allowedTargets: string[]) => deployingOf(settingsFor('dev', { allowedTargets }));
  await withAws(cases, async () => {
    const check = checkOf('targets');
    expect(await check(ofDev, place)).toMatchObject({ verdict: 'ready', found: 'the stage names none' });
    expect(await check(naming([arn('sqs', 'jobs-*')]), place)).toMatchObject({ verdict: 'ready' });
    expect(await check(naming(there), place)).toMatchObject({ verdict: 'ready', found: 'all 5 are there' });
    expect(await check(naming([...there, ...missing]), place)).toMatchObject({
      verdict: 'look',
      found: `not there: ${missing.join(', ')}`,
    });
    expect(await check(naming([arn('sqs', 'secret')]), place)).toMatchObject({
      verdict: 'look',
      found: expect.stringContaining('it cannot be read: An error occurred (AccessDenied)'),
    });
  });
});

test('a finding is a line, and what to do is the line below', () => {
  const finding = { what: 'alarms', verdict: 'look', found: 'no address gets them' } as const;
  expect(findingText(finding)).toBe('look     alarms: no address gets them');
  expect(findingText({ ...finding, todo: 'Set alarmEmail.' }).split('\n')).toEqual([
    'look     alarms: no address gets them',
    '         Set alarmEmail.',
  ]);
});
