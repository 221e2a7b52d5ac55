import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFor } from '../../lib/config.js';
import { deployed, ofType, pointsAt, readable, type StageTemplate, templateOf } from './synthesized.js';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const FUNCTIONS = ['Api', 'Dispatcher', 'Reconciler', 'FastLaneDeliverer', 'SlowLaneDeliverer', 'CrowdedLaneDeliverer'];
const READ = ['BatchGetItem', 'GetItem', 'Query'];
const WRITE = ['DeleteItem', 'PutItem', 'UpdateItem'];
const DLQS = ['CrowdedLaneDlq', 'FastLaneDlq', 'SlowLaneDlq', 'WakeUpsDlq'];
const TABLES = ['StorageConfig', 'StorageDeadLetters', 'StorageRuns'];

/** Granted where the settings `auditExport` and `allowedTargets` ask for it. */
const BY_SETTING = [
  'dynamodb:DescribeExport',
  'dynamodb:ExportTableToPointInTime',
  'events:PutEvents',
  'lambda:Invoke',
  'sns:Publish',
  'states:StartExecution',
];

/** Wildcards inside an ARN, and why no narrower one can stand. */
const WILDCARDS = [
  // Schedules are created and deleted one per wake-up, under names known only then: all of our own group.
  /:schedule\/Punctual-(dev|prod)-wake-ups\/\*$/,
  // The console's files are named after their content.
  /\/console\/\*$/,
  // The distribution reads its bucket, which holds nothing else.
  /^\{…\}\/\*$/,
];

describe.each(deployed)('permissions in $stage', (template) => {
  const statements = allStatements(template);
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');

  test('are found where a template can hold them', () => {
    expect(Object.keys(ofType(template, 'AWS::IAM::Policy')).sort()).toEqual(
      [...FUNCTIONS, 'WakeUps', 'ConsoleFiles'].map((name) => `${name}RoleDefaultPolicy`).sort(),
    );
    expect(allowed.length).toBeGreaterThan(30);
  });

  test('name every action', () => {
    for (const action of allowed.flatMap(({ Action }) => Action)) expect(action).not.toContain('*');
  });

  test('name every resource', () => {
    // Alarms are listed by the beginning of their names.
    const wild = allowed
      .filter(({ Action }) => Action !== 'cloudwatch:DescribeAlarms')
      .flatMap(resourcesOf)
      .map(asArn)
      .filter((arn) => arn.includes('*'));
    for (const arn of wild) expect(WILDCARDS.some((known) => known.test(arn))).toBe(true);
    expect(wild.length).toBeGreaterThan(0);
  });

  test('come from no managed or inline policy of a role', () => {
    for (const { Properties } of Object.values(ofType(template, 'AWS::IAM::Role'))) {
      expect([Properties.ManagedPolicyArns, Properties.Policies]).toEqual([undefined, undefined]);
    }
  });

  test('let a function pass one role, to the Scheduler alone', () => {
    const passing = allowed.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(passing).toHaveLength(FUNCTIONS.length);
    for (const { Resource, Condition } of passing) {
      expect(pointsAt(Resource)).toBe('WakeUpsRole');
      expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
    }
  });

  test('let the Scheduler act for our schedule group only, and do nothing but send', () => {
    const trust = ofType(template, 'AWS::IAM::Role')['WakeUpsRole']?.Properties.AssumeRolePolicyDocument.Statement;
    const group = Object.keys(template.resources).find((id) => readable(id) === 'WakeUpsGroup');
    expect(trust).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': { 'Fn::GetAtt': [group, 'Arn'] },
          },
        },
      },
    ]);
    // Its own DLQ is among them: the Scheduler writes there with the schedule's role.
    expect([...grants(template, 'WakeUps')]).toEqual([
      ['sqs:SendMessage', ['FastLaneQueue', 'SlowLaneQueue', 'WakeUpsDlq', 'WakeUpsQueue']],
    ]);
  });

  test('let a function be assumed by Lambda alone', () => {
    for (const name of FUNCTIONS) {
      const role = ofType(template, 'AWS::IAM::Role')[`${name}Role`];
      expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
    }
  });

  test.each(FUNCTIONS)('%s reads and writes its tables, sends to the queues, and logs to its own group', (name) => {
    const granted = grants(template, name);
    // What is configured is changed through the API, and removed by the reconciler; a schedule's clock by all who move it.
    const inConfig = name === 'Api' || name === 'Reconciler' ? WRITE : ['UpdateItem'];
    const others = TABLES.filter((table) => table !== 'StorageConfig');
    // The audit is added to and listed; no function changes or removes an entry of it.
    const inAudit = name === 'Api' ? ['PutItem', 'Query'] : ['PutItem'];
    const withAudit = (operation: string, tables: readonly string[]) =>
      [...tables, ...(inAudit.includes(operation) ? ['StorageAudit'] : [])].sort();
    for (const operation of READ) expect(granted.get(`dynamodb:${operation}`)).toEqual(withAudit(operation, TABLES));
    for (const operation of WRITE) {
      const tables = inConfig.includes(operation) ? TABLES : others;
      expect(granted.get(`dynamodb:${operation}`)).toEqual(withAudit(operation, tables));
    }
    const operations = [...granted.keys()].filter((action) => action.startsWith('dynamodb:'));
    expect(operations).toHaveLength(READ.length + WRITE.length);
    // Each may send to every queue of work; the dispatcher sends a copy of a replay that failed back to where it came from.
    // A deliverer passes on what is over a project's share; the reconciler sends it back from its DLQ.
    const crowded = /Deliverer|Reconciler/.test(name) ? ['CrowdedLaneQueue'] : [];
    const queues = [...crowded, 'DeadLetters', 'FastLaneQueue', ...(name === 'Dispatcher' ? ['Replay'] : [])];
    expect(granted.get('sqs:SendMessage')).toEqual([...queues, 'SlowLaneQueue', 'WakeUpsQueue']);
    expect(granted.get('logs:PutLogEvents')).toEqual([`${name}Logs`]);
  });

  test.each([
    ['Api', [], []],
    ['Dispatcher', ['Replay', 'WakeUpsQueue'], ['Replay', 'WakeUpsQueue']],
    ['FastLaneDeliverer', ['FastLaneQueue'], ['FastLaneQueue']],
    ['SlowLaneDeliverer', ['SlowLaneQueue'], ['SlowLaneQueue']],
    ['CrowdedLaneDeliverer', ['CrowdedLaneQueue'], ['CrowdedLaneQueue']],
    // It sends what lies in the DLQs back.
    ['Reconciler', DLQS, DLQS],
  ])('%s receives from %j, deletes from %j', (name, received, deleted) => {
    const granted = grants(template, name);
    expect(granted.get('sqs:ReceiveMessage') ?? []).toEqual(received);
    expect(granted.get('sqs:ChangeMessageVisibility') ?? []).toEqual(received);
    expect(granted.get('sqs:DeleteMessage') ?? []).toEqual(deleted);
  });

  test.each([
    ['Api', ['SecretsMaster', 'SecretsOperator']],
    ['Dispatcher', undefined],
    ['FastLaneDeliverer', ['SecretsMaster']],
    ['SlowLaneDeliverer', ['SecretsMaster']],
    ['CrowdedLaneDeliverer', ['SecretsMaster']],
    ['Reconciler', ['SecretsMaster']],
  ])('%s reads the secrets %j', (name, secrets) => {
    expect(grants(template, name).get('secretsmanager:GetSecretValue')).toEqual(secrets);
  });

  test.each(FUNCTIONS)('%s labels master secrets only as the reconciler', (name) => {
    const keeping = ['secretsmanager:ListSecretVersionIds', 'secretsmanager:UpdateSecretVersionStage'];
    const allowed = keeping.map((action) => grants(template, name).get(action));
    expect(allowed).toEqual(keeping.map(() => (name === 'Reconciler' ? ['SecretsMaster'] : undefined)));
  });

  test.each(FUNCTIONS)('%s arms wake-ups; the api and the reconciler take them back', (name) => {
    const scheduling = [...grants(template, name).keys()].filter((action) => action.startsWith('scheduler:'));
    const cancel = name === 'Api' || name === 'Reconciler' ? ['scheduler:DeleteSchedule'] : [];
    expect(scheduling.sort()).toEqual(['scheduler:CreateSchedule', ...cancel]);
  });

  test('cover every AWS call in the code of the functions: no emulator checks them', () => {
    const granted = new Set(FUNCTIONS.flatMap((name) => [...grants(template, name).keys()]));
    const called = actionsCalled();
    expect(called.length).toBeGreaterThan(0);
    expect(called.filter((action) => !granted.has(action) && !BY_SETTING.includes(action))).toEqual([]);
  });
});

describe('with an intake', () => {
  const template = templateOf(settingsFor('prod', { intake: true }));
  const granted = grants(template, 'IntakeFunction');

  test('its function reads what is configured, and changes none of it', () => {
    for (const operation of READ) expect(granted.get(`dynamodb:${operation}`)).toEqual(TABLES);
    for (const operation of WRITE)
      expect(granted.get(`dynamodb:${operation}`)).toEqual([
        ...(operation === 'PutItem' ? ['StorageAudit'] : []),
        'StorageDeadLetters',
        'StorageRuns',
      ]);
    expect(granted.get('secretsmanager:GetSecretValue')).toEqual(['SecretsMaster']);
  });

  test('it receives from its own queue, and sends to the queues of work, its own and its DLQ', () => {
    expect(granted.get('sqs:ReceiveMessage')).toEqual(['IntakeQueue']);
    expect(granted.get('sqs:SendMessage')).toEqual(
      ['DeadLetters', 'FastLaneQueue', 'IntakeDlq', 'IntakeQueue', 'SlowLaneQueue', 'WakeUpsQueue'].sort(),
    );
    expect([...granted.keys()].filter((action) => action.startsWith('scheduler:'))).toEqual([
      'scheduler:CreateSchedule',
    ]);
  });

  test('without the setting nothing of it is there', () => {
    for (const { resources, outputs } of deployed)
      expect([...Object.keys(resources), ...Object.keys(outputs)].filter((id) => id.includes('Intake'))).toEqual([]);
  });
});

function allStatements({ resources }: StageTemplate): Statement[] {
  return Object.values(resources).flatMap(({ Properties }) => [
    ...(Properties.PolicyDocument?.Statement ?? []),
    ...(Properties.AssumeRolePolicyDocument?.Statement ?? []),
  ]);
}

/** Action → readable names of the resources on which a function's (or the Scheduler's) role allows it. */
function grants(template: StageTemplate, name: string): Map<string, string[]> {
  const policy = ofType(template, 'AWS::IAM::Policy')[`${name}RoleDefaultPolicy`];
  const granted = new Map<string, Set<string>>();
  for (const statement of (policy?.Properties.PolicyDocument.Statement ?? []) as Statement[]) {
    for (const action of [statement.Action].flat()) {
      const names = resourcesOf(statement).map((resource) => String(pointsAt(withoutIndex(resource))));
      granted.set(action, new Set([...(granted.get(action) ?? []), ...names]));
    }
  }
  return new Map([...granted].map(([action, names]) => [action, [...names].sort()]));
}

function resourcesOf({ Resource }: Statement): unknown[] {
  return Resource === undefined ? [] : [Resource].flat();
}

/** `<table ARN>/index/<name>` → the table's ARN. */
// biome-ignore lint/suspicious/noExplicitAny: an ARN, written with intrinsic functions.
function withoutIndex(resource: any): unknown {
  const [head, tail] = resource['Fn::Join']?.[1] ?? [];
  return typeof tail === 'string' && tail.startsWith('/index/') ? head : resource;
}

/** An ARN with its intrinsic functions shown as `{…}`. */
function asArn(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const parts = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? ['{…}'];
  return parts.map((part) => (typeof part === 'string' ? part : '{…}')).join('');
}

/** The IAM actions behind the SDK commands that the functions import. */
function actionsCalled(): string[] {
  const folder = join(__dirname, '..', '..', 'functions');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const imports = files.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/import \{([^}]*)\} from '@aws-sdk\/([a-z-]+)'/g),
  ]);
  const actions = imports.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/(\w+)Command\b/g)].map(([, command = '']) => actionOf(client, command)),
  );
  return [...new Set(actions)];
}

const SERVICES: Record<string, string> = {
  'lib-dynamodb': 'dynamodb',
  'client-cloudwatch': 'cloudwatch',
  'client-dynamodb': 'dynamodb',
  'client-sqs': 'sqs',
  'client-scheduler': 'scheduler',
  'client-secrets-manager': 'secretsmanager',
  'client-eventbridge': 'events',
  'client-lambda': 'lambda',
  'client-sfn': 'states',
  'client-sns': 'sns',
};

function actionOf(client: string, command: string): string {
  if (client === 'client-sqs') return `sqs:${command.replace(/Batch$/, '')}`;
  if (client === 'lib-dynamodb') return `dynamodb:${documentOperation(command)}`;
  return `${SERVICES[client] ?? client}:${command}`;
}

function documentOperation(command: string): string {
  const renamed = { BatchGet: 'BatchGetItem', BatchWrite: 'BatchWriteItem', Query: 'Query', Scan: 'Scan' };
  return renamed[command as keyof typeof renamed] ?? `${command}Item`;
}

describe('targets of AWS', () => {
  const rights = [
    ['events:PutEvents', 'arn:aws:events:eu-central-1:123456789012:event-bus/*'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:eu-central-1:123456789012:function:bill'],
    ['sns:Publish', 'arn:aws:sns:eu-central-1:123456789012:orders'],
    ['states:StartExecution', 'arn:aws:states:eu-central-1:123456789012:stateMachine:pack'],
    ['sqs:SendMessage', 'arn:aws:sqs:*:123456789012:orders-*'],
    ['sqs:SendMessage', 'arn:aws:sqs:eu-central-1:123456789012:bills.fifo'],
  ] as const;
  const allowedTargets = rights.map(([, pattern]) => pattern);
  const targets = (template: StageTemplate, name: string) =>
    (
      ofType(template, 'AWS::IAM::Policy')[`${name}RoleDefaultPolicy`]!.Properties.PolicyDocument
        .Statement as Statement[]
    )
      .flatMap(({ Action, Resource }) =>
        [Resource].flat().flatMap((resource) => [Action].flat().map((action) => [action, resource] as const)),
      )
      .filter(([, resource]) => typeof resource === 'string' && resource !== '*');

  test('that the setting names are reached by the deliverers alone, and by the one action that sends', () => {
    const template = templateOf(settingsFor('prod', { allowedTargets }));
    for (const name of FUNCTIONS)
      expect([name, targets(template, name)]).toEqual([name, name.endsWith('Deliverer') ? rights : []]);
  });

  test('are none without the setting', () => {
    for (const template of deployed)
      for (const name of FUNCTIONS) expect([name, targets(template, name)]).toEqual([name, []]);
  });

  test('are told to api and deliverers, with the name of the stack that is none', () => {
    const template = templateOf(settingsFor('prod', { allowedTargets }));
    for (const name of ['Api', 'FastLaneDeliverer', 'SlowLaneDeliverer', 'CrowdedLaneDeliverer']) {
      const { Variables } = ofType(template, 'AWS::Lambda::Function')[name]!.Properties.Environment;
      expect(Variables).toMatchObject({ ALLOWED_TARGETS: allowedTargets.join(), OWN_STACK: 'Punctual-prod' });
    }
  });
});
