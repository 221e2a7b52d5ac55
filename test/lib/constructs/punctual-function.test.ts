import { settingsFor } from '../../../lib/config.js';
import { version } from '../../../package.json';
import { deployed, local, ofType, pointsAt, templateOf } from '../synthesized.js';

const FUNCTION = 'AWS::Lambda::Function';

/** What every function is told, and what comes with the grants that all of them have. */
const EVERYWHERE = {
  VERSION: version,
  RETENTION_DAYS: '30',
  LEASE_MARGIN_SECONDS: '5',
  FAILED_AGAIN_SECONDS: '5',
  FAILED_AGAIN_MOST_SECONDS: '900',
  POISON_AFTER_SECONDS: '86400',
  MAX_HOPS: '500',
  MAX_RECLAIMS: '2',
  HOLD_SECONDS: '2',
  CONFIG_TABLE: 'StorageConfig',
  RUNS_TABLE: 'StorageRuns',
  DEAD_LETTERS_TABLE: 'StorageDeadLetters',
  AUDIT_TABLE: 'StorageAudit',
  FAST_LANE_URL: 'FastLaneQueue',
  SLOW_LANE_URL: 'SlowLaneQueue',
  WAKE_UP_QUEUE_URL: 'WakeUpsQueue',
  DEAD_LETTERS_QUEUE_URL: 'DeadLetters',
  FAST_LANE_ARN: 'FastLaneQueue',
  SLOW_LANE_ARN: 'SlowLaneQueue',
  WAKE_UP_QUEUE_ARN: 'WakeUpsQueue',
  SCHEDULER_ROLE_ARN: 'WakeUpsRole',
  SCHEDULER_DLQ_ARN: 'WakeUpsDlq',
};

/** What all deliverers are told, beside what differs between stages. */
const DELIVERER = {
  UV_THREADPOOL_SIZE: '16',
  MASTER_SECRET_ARN: 'SecretsMaster',
  SECRETS_SECONDS: '300',
  CROWDED_LANE_URL: 'CrowdedLaneQueue',
};
/** Half of each lane's concurrency. */
const PROJECT_PLACES: Record<string, Record<string, string>> = {
  dev: { FAST_LANE_PROJECT_PLACES: '25', SLOW_LANE_PROJECT_PLACES: '25' },
  prod: { FAST_LANE_PROJECT_PLACES: '250', SLOW_LANE_PROJECT_PLACES: '125' },
};

const EXPECTED: Record<
  string,
  { memory: number; timeout: number; loop: string; environment: Record<string, unknown> }
> = {
  Api: {
    memory: 512,
    timeout: 29,
    loop: 'Terminate',
    environment: {
      MASTER_SECRET_ARN: 'SecretsMaster',
      SECRETS_SECONDS: '300',
      OPERATOR_SECRET_ARN: 'SecretsOperator',
      REQUEST_LEASE_SECONDS: '29',
      SESSION_HOURS: '12',
      DISTRIBUTION_MARK: { Ref: 'AWS::StackId' },
    },
  },
  Dispatcher: { memory: 256, timeout: 60, loop: 'Allow', environment: { REPLAY_QUEUE_URL: 'Replay' } },
  Reconciler: {
    memory: 1024,
    timeout: 300,
    loop: 'Terminate',
    environment: {
      MASTER_SECRET_ARN: 'SecretsMaster',
      SECRETS_SECONDS: '300',
      REMOVAL_QUIET_SECONDS: '600',
      FAST_LANE_DLQ_URL: 'FastLaneDlq',
      SLOW_LANE_DLQ_URL: 'SlowLaneDlq',
      CROWDED_LANE_URL: 'CrowdedLaneQueue',
      CROWDED_LANE_DLQ_URL: 'CrowdedLaneDlq',
      WAKE_UP_DLQ_URL: 'WakeUpsDlq',
    },
  },
  FastLaneDeliverer: { memory: 256, timeout: 60, loop: 'Allow', environment: { ...DELIVERER, LANE: 'fast' } },
  SlowLaneDeliverer: { memory: 256, timeout: 330, loop: 'Allow', environment: { ...DELIVERER, LANE: 'slow' } },
  CrowdedLaneDeliverer: { memory: 256, timeout: 330, loop: 'Allow', environment: { ...DELIVERER, LANE: 'crowded' } },
};

const QUOTAS_READ = ['Api', 'Dispatcher'];

describe.each(deployed)('functions of $stage', (template) => {
  const functions = ofType(template, FUNCTION);

  test('are the six we know, beside the one by which the CDK copies files', () => {
    const ours = Object.keys(functions).filter((name) => !name.startsWith('CustomCDKBucketDeployment'));
    expect(ours.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test.each(Object.entries(EXPECTED))('%s leaves nothing to a default', (name, { memory, timeout, loop }) => {
    expect(functions[name]?.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: memory,
      Timeout: timeout,
      RecursiveLoop: loop,
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'INFO' },
    });
  });

  test.each(Object.entries(EXPECTED))('%s is told exactly what it reads', (name, { environment }) => {
    const told = Object.entries(functions[name]?.Properties.Environment.Variables ?? {});
    expect(Object.fromEntries(told.map(([key, value]) => [key, pointsAt(value)]))).toEqual({
      ...EVERYWHERE,
      ...environment,
      ...(QUOTAS_READ.includes(name) && {
        QUOTAS: JSON.stringify(settingsFor(template.stage as 'dev' | 'prod').quotas),
      }),
      ...(name === 'Api' && template.stage === 'dev' && { LISTENERS: 'true' }),
      ...(name === 'Api' && { ALARM_PREFIX: `Punctual-${template.stage}-` }),
      ...(name.endsWith('Deliverer') && PROJECT_PLACES[template.stage]),
      STAGE: template.stage,
      SCHEDULE_GROUP: `Punctual-${template.stage}-wake-ups`,
      ALLOW_HTTP: String(template.stage === 'dev'),
      ALLOW_LOOPBACK: 'false',
      AUDIT_DELIVERIES: 'false',
    });
  });

  test('reserve no concurrency, which fails in a new account', () => {
    for (const { Properties } of Object.values(functions)) {
      expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    }
  });

  test('log each into a group of its own that forgets, and stays only in prod', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup');
    const used = Object.values(functions).map(({ Properties }) => pointsAt(Properties.LoggingConfig.LogGroup));
    expect(new Set(used).size).toBe(Object.keys(functions).length);
    expect(used.map((name) => groups[name as string]?.Type)).not.toContain(undefined);
    for (const group of Object.values(groups)) {
      expect(group.Properties.RetentionInDays).toBe(template.stage === 'prod' ? 90 : 7);
      expect(group.DeletionPolicy).toBe(template.stage === 'prod' ? 'RetainExceptOnCreate' : 'Delete');
    }
  });

  test('the reconciler runs every 15 minutes, and only by that rule', () => {
    const [rule, ...others] = Object.values(ofType(template, 'AWS::Events::Rule'));
    expect(others).toEqual([]);
    expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(15 minutes)', State: 'ENABLED' });
    // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON.
    expect(rule?.Properties.Targets.map((target: any) => pointsAt(target.Arn))).toEqual(['Reconciler']);
  });
});

test('only the local stack may call loopback addresses', () => {
  for (const { Properties } of Object.values(ofType(local, FUNCTION))) {
    expect(Properties.Environment.Variables).toMatchObject({
      STAGE: 'local',
      ALLOW_HTTP: 'true',
      ALLOW_LOOPBACK: 'true',
    });
  }
});

describe('traces', () => {
  const template = templateOf(settingsFor('prod', { tracing: 'xray' }));
  const ours = (of: typeof template) =>
    Object.entries(ofType(of, FUNCTION)).filter(([name]) => !name.startsWith('Custom'));

  test('are recorded of every function, which may send them and no more', () => {
    for (const [name, { Properties }] of ours(template)) {
      expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
      const { Statement } =
        ofType(template, 'AWS::IAM::Policy')[`${name}RoleDefaultPolicy`]?.Properties.PolicyDocument ?? {};
      const actions = (Statement as { Action: string | string[] }[]).flatMap(({ Action }) => Action);
      expect(actions.filter((action) => action.startsWith('xray:')).sort()).toEqual([
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ]);
    }
  });

  test('have a span for each attempt: the deliverers are told', () => {
    const told = ours(template).filter(([, { Properties }]) => Properties.Environment.Variables.TRACING === 'xray');
    expect(told.map(([name]) => name).sort()).toEqual([
      'CrowdedLaneDeliverer',
      'FastLaneDeliverer',
      'SlowLaneDeliverer',
    ]);
  });

  test.each([...deployed, local])('are off in $stage', (stage) => {
    for (const [, { Properties }] of ours(stage)) {
      expect(Properties.TracingConfig).toBeUndefined();
      expect(Properties.Environment.Variables.TRACING).toBeUndefined();
    }
    expect(JSON.stringify(ofType(stage, 'AWS::IAM::Policy'))).not.toContain('xray:');
  });
});
