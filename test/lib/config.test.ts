import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { defineStages, OWN_SETTINGS, refuseFlags, type Stage, settingsFor } from '../../lib/config.js';
import stages from '../../punctual.config.js';
import { EVERY_SETTING, ofType, templateOf } from './synthesized.js';

const CONSOLE_NAME = {
  consoleName: 'console.example.com',
  consoleCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0199c0de',
};
const PROVIDER = { issuer: 'https://example.com', clientId: 'x', roles: { admins: { '*': 'admin' } } } as const;

test('a preset is what it says, and overrides win', () => {
  expect(settingsFor('prod')).toMatchObject({
    stage: 'prod',
    removal: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    allowHttp: false,
  });
  expect(settingsFor('local', { holdSeconds: 0 })).toEqual({ ...settingsFor('local'), holdSeconds: 0 });
});

test('only the local stage lets loopback addresses be called', () => {
  expect(
    [settingsFor('local'), settingsFor('dev'), settingsFor('prod')].map((settings) => settings.allowLoopback),
  ).toEqual([true, false, false]);
});

test('no listener takes the calls of a stage that customers use', () => {
  expect([settingsFor('local'), settingsFor('dev'), settingsFor('prod')].map((settings) => settings.listeners)).toEqual(
    [true, true, false],
  );
});

describe('the file of stages', () => {
  const one = (given: object, name = 'prod') => defineStages({ [name]: given as Stage })[0]!;

  test('ships with dev and prod as the presets are', () => {
    expect(stages).toEqual([settingsFor('dev'), settingsFor('prod')]);
  });

  test('gives a stage its preset, its own settings and its name', () => {
    const alarmEmail = 'ops@example.com';
    expect(one({ preset: 'prod', alarmEmail }, 'eu-orders')).toEqual(
      settingsFor('prod', { alarmEmail, stage: 'eu-orders' }),
    );
  });

  test.each([
    ['an unknown setting', { alarmMail: 'ops@example.com' }, 'alarmMail'],
    ['a part of the protocol', { maxReclaims: 0 }, 'maxReclaims'],
    ['loopback', { allowLoopback: true }, 'allowLoopback'],
    ['a page in place of an origin', { portalOrigins: ['https://app.example.com/portal'] }, 'portalOrigins'],
    ['an origin over plain HTTP', { portalOrigins: ['http://app.example.com'] }, 'portalOrigins'],
    ['any origin', { portalOrigins: ['*'] }, 'portalOrigins'],
    ['sessions of days', { sessionHours: 25 }, 'sessionHours'],
    ['a qualifier that CDK would refuse', { bootstrapQualifier: 'Punctual' }, 'bootstrapQualifier'],
    ['a boundary without a name', { permissionsBoundary: '' }, 'permissionsBoundary'],
    ['no mail address', { alarmEmail: 'ops' }, 'alarmEmail'],
    ['a text as a number', { retentionDays: '30' }, 'retentionDays'],
    ['no retention', { retentionDays: 0 }, 'retentionDays'],
    ['days that CloudWatch does not know', { logRetentionDays: 8 }, 'logRetentionDays'],
    ['too little concurrency', { fastLaneConcurrency: 1 }, 'fastLaneConcurrency'],
    ['too much concurrency', { wakeUpConcurrency: 1_001 }, 'wakeUpConcurrency'],
    ['one poller', { fastLanePollers: { minimum: 1, maximum: 50 } }, 'fastLanePollers'],
    ['too many pollers', { wakeUpPollers: { minimum: 10, maximum: 2_001 } }, 'wakeUpPollers'],
    ['pollers upside down', { wakeUpPollers: { minimum: 50, maximum: 10 } }, 'minimum must not be above maximum'],
    ['a provider over plain HTTP', { identityProvider: { ...PROVIDER, issuer: 'http://example.com' } }, 'https://'],
    ['a provider without roles', { identityProvider: { ...PROVIDER, roles: {} } }, 'must give a group roles'],
    [
      'a role of no project',
      { identityProvider: { ...PROVIDER, roles: { a: { shop: 'admin' } } } },
      'identityProvider',
    ],
    ['a role that is none', { identityProvider: { ...PROVIDER, roles: { a: { '*': 'owner' } } } }, 'identityProvider'],
    [
      'a secret that the boundary does not let be read',
      { identityProvider: { ...PROVIDER, clientSecretArn: 'arn:aws:secretsmanager:eu-central-1:1:secret:Other' } },
      'PunctualClient',
    ],
    ['a part of the quotas', { quotas: { endpoints: 5 } }, 'runs_per_day'],
    ...[
      '127.0.0.0/8',
      '169.254.169.254/32',
      '0.0.0.0/0',
      '8.0.0.0/6',
      '192.168.0.0/15',
      '203.0.113.0/24',
      '::/0',
      '::1/128',
      '::ffff:10.0.0.0/104',
      'fe80::/10',
      'fc00::/7',
      'fd00::/8',
      'fd00:ec2::/32',
      'fd00:ec2::254/128',
      '10.0.0.1',
      '10.0.0.0/33',
      '10.0.0.0/8/8',
      'fd12:3456::%eth0/32',
      'vpc',
    ].map((range): [string, object, string] => [
      `the private range ${range}`,
      { allowedPrivateRanges: ['10.20.0.0/16', range] },
      'allowedPrivateRanges[1]',
    ]),
    ['no private range', { allowedPrivateRanges: [], vpc: { natGateways: 1 } }, 'allowedPrivateRanges'],
    ['private ranges outside of a VPC', { allowedPrivateRanges: ['10.20.0.0/16'] }, 'needs the setting vpc'],
    ['what is no subnet', { vpc: { subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0c0c0c0c'] } }, 'vpc'],
    ['a VPC without subnets', { vpc: { subnetIds: [], securityGroupIds: ['sg-0c0c0c0c'] } }, 'vpc'],
    ['a VPC without security groups', { vpc: { subnetIds: ['subnet-0a0a0a0a'] } }, 'vpc'],
    [
      'a VPC both given and made',
      { vpc: { subnetIds: ['subnet-0a0a0a0a'], securityGroupIds: ['sg-0c0c0c0c'], natGateways: 1 } },
      'vpc',
    ],
    ['three gateways in two zones', { vpc: { natGateways: 3 } }, 'vpc'],
    ['a VPC that is too large', { vpc: { natGateways: 1, cidr: '10.0.0.0/8' } }, 'prefix of 16 to 26 bits'],
    ['a VPC of public addresses', { vpc: { natGateways: 1, cidr: '8.8.0.0/16' } }, 'must lie within 10.0.0.0/8'],
    [
      'an alias of a key',
      { encryptionKeyArn: 'arn:aws:kms:eu-central-1:123456789012:alias/punctual' },
      'not of an alias',
    ],
    ['a name without a certificate', { domain: { apiName: 'api.example.com' } }, 'apiName and certificateArn'],
    ['a table that the boundary does not let be used', { existing: { tables: { runs: 'Runs-2' } } }, 'Punctual-…'],
    ['a table that is none of the four', { existing: { tables: { runz: 'Punctual-Runs' } } }, 'runz'],
    [
      'a FIFO queue',
      { existing: { queues: { replay: { queue: 'Punctual-Replay.fifo', dlq: 'Punctual-DeadLetters' } } } },
      'a standard queue, Punctual-…',
    ],
    ['a queue without its DLQ', { existing: { queues: { fastLane: { queue: 'Punctual-Fast' } } } }, 'fastLane.dlq'],
    [
      'a master secret that the boundary does not let be read',
      { existing: { secrets: { master: 'arn:aws:secretsmanager:eu-central-1:1:secret:Other-AbCdEf' } } },
      'SecretsMaster…',
    ],
    ['no name', { domain: { hostedZone: { id: 'Z1', name: 'example.com' } } }, 'must have a name'],
    [
      'no address of the API at all',
      { domain: { ...CONSOLE_NAME, executeApi: false } },
      'executeApi: false needs apiName',
    ],
    [
      'a certificate that CloudFront does not find',
      {
        domain: {
          ...CONSOLE_NAME,
          consoleCertificateArn: CONSOLE_NAME.consoleCertificateArn.replace('us-east-1', 'eu-central-1'),
        },
      },
      'consoleCertificateArn',
    ],
    [
      'a name outside of its hosted zone',
      { domain: { ...CONSOLE_NAME, hostedZone: { id: 'Z1', name: 'ample.com' } } },
      'names must lie in the hosted zone',
    ],
    ['another preset', { preset: 'local' }, 'preset'],
  ])('refuses %s, and names it', (_, given, named) => {
    expect(() => one({ preset: 'prod', ...given })).toThrow(/punctual\.config\.ts: the stage "prod"/);
    expect(() => one({ preset: 'prod', ...given })).toThrow(named);
  });

  test('takes every setting that adds resources or rights', () => {
    expect(one({ preset: 'prod', ...EVERY_SETTING })).toMatchObject(EVERY_SETTING);
  });

  test('takes ranges of private use', () => {
    const allowedPrivateRanges = ['10.0.0.0/8', '172.31.0.0/16', '192.168.1.1/32', '100.64.0.0/10', 'fd12:3456::/32'];
    expect(one({ preset: 'prod', allowedPrivateRanges, vpc: { natGateways: 1 } })).toMatchObject({
      allowedPrivateRanges,
    });
  });

  test('refuses a stage without a preset', () => {
    expect(() => one({})).toThrow('preset');
  });

  test.each(['local', '', 'Prod', '2nd', 'a_b', 'a'.repeat(21)])('refuses the name "%s"', (name) => {
    expect(() => one({ preset: 'prod' }, name)).toThrow('must be named by');
  });

  test('has a page that tells each setting, and its value in both presets', () => {
    const page = readFileSync(join(__dirname, '../../docs/settings.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (.*) \| (.*) \| .* \|$/gm)].map(([, ...cells]) => cells);
    const shown = (value: unknown) =>
      typeof value === 'object'
        ? `\`${JSON.stringify(value)}\``
        : typeof value === 'string'
          ? `\`${value}\``
          : String(value ?? 'none');
    const [dev, prod] = [settingsFor('dev'), settingsFor('prod')];
    const names = Object.keys(OWN_SETTINGS) as (keyof typeof OWN_SETTINGS)[];
    expect(rows).toEqual(names.map((name) => [name, shown(dev[name]), shown(prod[name])]));
  });
});

test('no setting comes by a flag, which the next deploy may lack', () => {
  expect(() => refuseFlags(['aws:cdk:enable-path-metadata', '@aws-cdk/core:checkSecretUsage'])).not.toThrow();
  for (const name of ['stage', 'alarmEmail', 'console'])
    expect(() => refuseFlags(['aws:cdk:enable-path-metadata', name])).toThrow(`-c ${name}: `);
});

test('the audit tells how deliveries went where a stage asks for that', () => {
  const functions = Object.values(
    ofType(templateOf(settingsFor('prod', { auditDeliveries: true })), 'AWS::Lambda::Function'),
  );
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
  expect(concurrencies).toHaveLength(6);
  for (const [, concurrency] of concurrencies) {
    expect(concurrency).toBeGreaterThanOrEqual(2);
    expect(concurrency).toBeLessThanOrEqual(1_000);
  }
  expect(settings.apiRequestsPerSecond).toBeLessThanOrEqual(10_000);
  expect(settings.apiBurst).toBeLessThanOrEqual(5_000);
});
