import { type StageSettings, settingsFor } from '../../lib/config.js';
import { synthesize } from '../../lib/synthesize.js';
import { type LocalStackOptions, startLocalStack } from '../../local/local-stack.js';
import type { CloudFormationTemplate, PhysicalResources } from '../../local/template.js';
import { standInBundles, templateOf } from '../lib/synthesized.js';
import { eventually } from '../support/eventually.js';

// Everything in which the local stack differs from a deployed one, wherever that is set. What is not listed here is the
// same: a new difference needs a reason, and none may be kinder to the work than AWS without one.

/** Settings of the stage `local`, as `npm start` runs it, that are not those of `dev`. */
const SETTINGS: Partial<Record<keyof StageSettings, string>> = {
  stage: 'Names and tags say where it runs.',
  allowLoopback: 'Receivers of a trial run on this machine, whose addresses a deployment refuses.',
  allowedTargets: 'The resources of its own account are there for trials.',
  intake: 'A trial needs no setting to try the intake queue.',
  wakeUpConcurrency: 'Fewer at a time, for want of processors.',
  publicRequestsPerSecond: 'Only this machine can ask.',
  publicBurst: 'Only this machine can ask.',
  signInRequestsPerSecond: 'Only this machine can ask.',
  signInBurst: 'Only this machine can ask.',
  quotas: 'Those of `prod`: a trial, a bench or a test makes more runs in a day than `dev` allows.',
  console: 'The API server serves its files, under the same policy; there is no CloudFront.',
};

/** What `npm start` says to the stack, beyond those settings. */
const START: Partial<Record<keyof LocalStackOptions, string>> = {
  port: 'The address is this machine, and the port is chosen.',
  data: 'A folder holds what AWS keeps.',
  environmentLimit: 'An account has a thousand for all functions; a lane of `dev` has 50 places.',
};

const BILLING = 'For bills and for reading alone.';
const NO_ENCRYPTION = 'Files of this machine are as safe as this machine.';
const IAM = 'There is no IAM: `npm run rehearse` enforces it, test/lib/permissions.test.ts holds it.';
const WATCHING = 'A laptop pages no person: logs are printed, and metrics need no alarms.';

/** Properties that the local stack does not look at, by type. A type with a reason of its own is not run at all. */
const NOT_LOOKED_AT: Record<string, string | Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': {
    Name: BILLING,
    ProtocolType: 'There is one kind, and it is HTTP.',
    Tags: BILLING,
  },
  'AWS::ApiGatewayV2::Integration': { ApiId: 'There is one API.' },
  'AWS::ApiGatewayV2::Route': { ApiId: 'There is one API.' },
  'AWS::ApiGatewayV2::Stage': {
    ApiId: 'There is one API.',
    AccessLogSettings: 'The stack prints what a person who runs it must know.',
    AutoDeploy: 'What is deployed is what runs.',
    DefaultRouteSettings: 'The throttle belongs to the price of a deployment: a laptop answers what it can.',
    StageName: 'There is one stage.',
    Tags: BILLING,
  },
  'AWS::CloudWatch::Alarm': WATCHING,
  'AWS::CloudWatch::Dashboard': WATCHING,
  'AWS::DynamoDB::GlobalTable': {
    BillingMode: 'There is one mode, on demand.',
    Replicas: 'There is one Region; backups and protection from deletion are of the account.',
    SSESpecification: NO_ENCRYPTION,
  },
  'AWS::Events::Rule': { Description: BILLING, Tags: BILLING },
  'AWS::IAM::Policy': IAM,
  'AWS::IAM::Role': IAM,
  'AWS::Lambda::EventSourceMapping': { Tags: BILLING },
  'AWS::Lambda::Function': {
    Architectures: 'The machine has its own.',
    Code: 'The same bundle is run from its folder.',
    LoggingConfig: WATCHING,
    RecursiveLoop: 'There is no detection of recursion that would have to be allowed.',
    Role: IAM,
    Runtime: 'The Node that runs it all; CI runs all that are supported.',
    Tags: BILLING,
  },
  'AWS::Lambda::Permission': IAM,
  'AWS::Logs::LogGroup': WATCHING,
  'AWS::SNS::Topic': WATCHING,
  'AWS::SNS::TopicPolicy': WATCHING,
  'AWS::SQS::Queue': { SqsManagedSseEnabled: NO_ENCRYPTION, Tags: BILLING },
  'AWS::SQS::QueuePolicy': IAM,
  'AWS::Scheduler::ScheduleGroup': { Tags: BILLING },
  'AWS::SecretsManager::Secret': { Description: BILLING, Tags: BILLING },
};

/** Variables of a function's environment that the template does not set, and Lambda sets as well. */
const AS_ON_LAMBDA = [
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'TZ',
];
/** Those that Lambda does not set. */
const ENVIRONMENT: Record<string, string> = {
  AWS_CONFIG_FILE: 'Nothing of the host leaks in.',
  AWS_EC2_METADATA_DISABLED: 'Nothing of the host leaks in.',
  AWS_ENDPOINT_URL: 'A service that is not run here refuses.',
  AWS_ENDPOINT_URL_DYNAMODB: 'The servers are on this machine.',
  AWS_ENDPOINT_URL_EVENTBRIDGE: 'The receiver answers for it.',
  AWS_ENDPOINT_URL_LAMBDA: 'The receiver answers for it.',
  AWS_ENDPOINT_URL_SCHEDULER: 'The servers are on this machine.',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'The servers are on this machine.',
  AWS_ENDPOINT_URL_SFN: 'The receiver answers for it.',
  AWS_ENDPOINT_URL_SNS: 'The receiver answers for it.',
  AWS_ENDPOINT_URL_SQS: 'The servers are on this machine.',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'The warning is about the laptop’s Node.',
  AWS_SHARED_CREDENTIALS_FILE: 'Nothing of the host leaks in.',
};

/** Execution environments of a function at most: an account has a thousand for all. */
const ENVIRONMENTS = 12;

/** The names of properties that were looked at, by the type of their resource. */
const mockSeen = new Map<string, Set<string>>();
jest.mock('../../local/template.js', () => {
  const actual = jest.requireActual('../../local/template.js');
  const resourcesOf = (template: CloudFormationTemplate, physical: PhysicalResources, ...types: string[]) =>
    actual.resourcesOf(template, physical, ...types).map(({ logicalId, properties }: never) => {
      const type = template.Resources[logicalId]!.Type;
      const seen = mockSeen.get(type) ?? new Set();
      mockSeen.set(type, seen);
      const get = (target: object, name: string) => {
        seen.add(name);
        return target[name as never];
      };
      return { logicalId, properties: new Proxy(properties, { get }) };
    });
  return { ...actual, resourcesOf };
});

/** What `local/main.ts` starts the stack with. */
async function startedWith(...args: string[]): Promise<LocalStackOptions> {
  const start = jest.fn((_options: LocalStackOptions) => ({
    api: '',
    operatorKey: '',
    functions: [],
    queueUrl: () => '',
  }));
  const quiet = [jest.spyOn(console, 'log'), jest.spyOn(process, 'on')];
  for (const spy of quiet) spy.mockReturnValue(undefined as never);
  const { argv } = process;
  process.argv = ['node', 'main.ts', ...args];
  await jest.isolateModulesAsync(async () => {
    jest.doMock('../../local/local-stack.js', () => ({ startLocalStack: start }));
    jest.doMock('../../local/ready-project.js', () => ({ readyProject: async () => ({}) }));
    jest.doMock('../../local/operator.js', () => ({ signedIn: async () => ({}), consoleLink: async () => '' }));
    await import('../../local/main.js');
    await eventually(
      'the stack is started and told of',
      () => start.mock.calls.length === 1 && quiet[0]!.mock.calls[0],
    );
  });
  process.argv = argv;
  for (const spy of quiet) spy.mockRestore();
  return start.mock.calls[0]![0];
}

test('npm start differs from a deployment in settings that have a reason', async () => {
  const { settings, ...others } = await startedWith();
  expect(Object.keys(others).sort()).toEqual(Object.keys(START).sort());
  const local: object = settingsFor('local', settings);
  const deployed: object = settingsFor('dev');
  const names = Object.keys({ ...local, ...deployed }).filter(
    (name) => local[name as never] !== deployed[name as never],
  );
  expect(names.sort()).toEqual(Object.keys(SETTINGS).sort());
});

test('npm start has deliveries in the audit where it is asked, as a deployment has', async () => {
  expect((await startedWith('--audit-deliveries')).settings).toEqual({ auditDeliveries: true });
});

test('what the stack does not look at in the template, and what it adds to it, has a reason', async () => {
  // As `dev` is deployed with these settings: but for CloudFront and the copying of files, whose place `console` takes.
  const { intake, allowedTargets } = settingsFor('local');
  const template = templateOf(settingsFor('dev', { intake, allowedTargets, console: false } as Partial<StageSettings>));
  const unseen: Record<string, unknown> = {};
  const stack = await startLocalStack({
    synthesized: synthesize(settingsFor('local'), { bundles: standInBundles() }),
  });
  try {
    for (const { Type, Properties = {} } of Object.values(template.resources)) {
      const seen = mockSeen.get(Type);
      if (seen === undefined && typeof NOT_LOOKED_AT[Type] !== 'object') unseen[Type] = 'not run';
      else {
        const names = Object.keys(Properties).filter((name) => !seen?.has(name));
        unseen[Type] = [...new Set([...((unseen[Type] as string[] | undefined) ?? []), ...names])].sort();
      }
    }
    const listed = Object.entries(NOT_LOOKED_AT).map(([type, reasons]) => [
      type,
      typeof reasons === 'string' ? 'not run' : Object.keys(reasons).sort(),
    ]);
    expect(unseen).toEqual(Object.fromEntries(listed));

    for (const { definition, limit } of stack.functions) {
      const resource = Object.entries(template.resources).find(([id]) => id === definition.name)![1];
      const set = Object.keys(resource.Properties.Environment.Variables);
      const added = Object.keys(definition.environment).filter((name) => !set.includes(name));
      expect(added.sort()).toEqual([...AS_ON_LAMBDA, ...Object.keys(ENVIRONMENT)].sort());
      expect(definition).toMatchObject({
        timeoutSeconds: resource.Properties.Timeout,
        memoryMb: resource.Properties.MemorySize,
        handler: resource.Properties.Handler,
      });
      expect(limit).toBe(ENVIRONMENTS);
    }
  } finally {
    await stack.close();
  }
});
