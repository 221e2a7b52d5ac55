import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFor } from '../../lib/config.js';
import { CHECKS } from '../../local/preflight/checks.js';
import { concurrencyFinding, concurrencyOfQueues, expiryFinding, findingText } from '../../local/preflight/findings.js';

const dev = settingsFor('dev');

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
  expect(concurrencyFinding(dev, 2 * queues)).toMatchObject({ verdict: 'ready' });
  const { verdict, todo } = concurrencyFinding(dev, 10);
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

test('the check asks about the tables of runs and of the audit, and says what it may not read', async () => {
  const bin = mkdtempSync(join(tmpdir(), 'punctual-aws-'));
  const path = process.env['PATH'];
  const answer = '{"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}';
  const refusal = 'An error occurred (AccessDeniedException) when calling the DescribeTimeToLive operation: no';
  const script = `#!/bin/sh
case "$*" in
  "dynamodb describe-time-to-live --table-name Punctual-audit "*) echo '${answer}' ;;
  "dynamodb describe-table --table-name Punctual-config "*) echo '{"Table": {"GlobalSecondaryIndexes": []}}' ;;
  "dynamodb describe-table --table-name Punctual-new "*) echo '{"Table": {"GlobalSecondaryIndexes": [{"IndexName": "name-index"}]}}' ;;
  "dynamodb describe-time-to-live --table-name Punctual-runs "*) echo '${refusal}' >&2; exit 254 ;;
  *) exit 1 ;;
esac
`;
  writeFileSync(join(bin, 'aws'), script, { mode: 0o755 });
  process.env['PATH'] = `${bin}:${path}`;
  const taking = (tables: object) => settingsFor('dev', { existing: { tables } });
  try {
    const place = { account: '111111111111', region: 'us-east-1' };
    const check = CHECKS.find(({ name }) => name === 'expiry')!;
    expect(await check(dev, place)).toMatchObject({ verdict: 'ready' });
    expect(await check(taking({ audit: 'Punctual-audit', config: 'Punctual-config' }), place)).toMatchObject({
      verdict: 'look',
      todo: expect.stringContaining('--table-name Punctual-audit'),
    });
    expect(await check(taking({ runs: 'Punctual-runs' }), place)).toMatchObject({
      verdict: 'look',
      found: expect.stringContaining('it cannot be read: An error occurred (AccessDeniedException)'),
    });
    const index = CHECKS.find(({ name }) => name === 'nameIndex')!;
    expect(await index(dev, place)).toMatchObject({ verdict: 'ready' });
    expect(await index(taking({ config: 'Punctual-new' }), place)).toMatchObject({ verdict: 'ready' });
    expect(await index(taking({ config: 'Punctual-config' }), place)).toMatchObject({
      verdict: 'look',
      found: 'Punctual-config does not have it: GET /v1/search answers 500',
    });
  } finally {
    process.env['PATH'] = path;
    rmSync(bin, { recursive: true });
  }
});

test('a finding is a line, and what to do is the line below', () => {
  const finding = { what: 'alarms', verdict: 'look', found: 'no address gets them' } as const;
  expect(findingText(finding)).toBe('look     alarms: no address gets them');
  expect(findingText({ ...finding, todo: 'Set alarmEmail.' }).split('\n')).toEqual([
    'look     alarms: no address gets them',
    '         Set alarmEmail.',
  ]);
});
