import * as z from 'zod/mini';
import * as runtimeEnv from '../../functions/runtime/env.js';
import { providerSettings } from '../../functions/runtime/provider-settings.js';
import { settingsFor } from '../../lib/config.js';
import { deployed, local, ofType, templateOf } from './synthesized.js';

const DELIVERERS = ['FastLaneDeliverer', 'SlowLaneDeliverer', 'CrowdedLaneDeliverer'];

/** Groups of variables that only some functions read, by one of their names; all other groups are for everyone. */
const READERS: Record<string, string[]> = {
  LANE: DELIVERERS,
  MASTER_SECRET_ARN: ['Api', 'IntakeFunction', 'Reconciler', ...DELIVERERS],
  REQUEST_LEASE_SECONDS: ['Api', 'IntakeFunction'],
  INTAKE_QUEUE_URL: ['IntakeFunction'],
  FAST_LANE_DLQ_URL: ['Reconciler'],
  REPLAY_QUEUE_URL: ['Dispatcher'],
  QUOTAS: ['Api', 'Dispatcher', 'IntakeFunction'],
  REMOVAL_QUIET_SECONDS: ['Reconciler'],
};

const groups = Object.values(runtimeEnv).filter((exported) => exported instanceof z.ZodMiniObject);

test('the code says what it reads in groups of variables', () => {
  const names = groups.flatMap((group) => Object.keys(group.shape));
  expect(names).toEqual(expect.arrayContaining(['RUNS_TABLE', 'SCHEDULE_GROUP', ...Object.keys(READERS)]));
});

const withIntake = { ...templateOf(settingsFor('prod', { intake: true })), stage: 'prod with an intake' };

describe.each([...deployed, local, withIntake])('environment in $stage', (template) => {
  const functions = Object.entries(ofType(template, 'AWS::Lambda::Function'));
  test.each(functions.filter(([name]) => !name.startsWith('Custom')))(
    '%s finds all it reads',
    (name, { Properties }) => {
      const told = Object.entries(Properties.Environment.Variables).map(([key, value]) => [
        key,
        asDeployed(key, value),
      ]);
      for (const group of groups.filter(({ shape }) => isReadBy(name, Object.keys(shape)))) {
        expect(group.safeParse(Object.fromEntries(told)).error).toBeUndefined();
      }
    },
  );
});

test('private ranges that are allowed are told, and read as ranges', () => {
  const template = templateOf(settingsFor('dev', { allowedPrivateRanges: ['10.20.0.0/16', 'fd12:3456::/32'] }));
  for (const name of ['Api', ...DELIVERERS]) {
    const told = ofType(template, 'AWS::Lambda::Function')[name]!.Properties.Environment.Variables;
    const { ALLOWED_PRIVATE_RANGES: ranges } = runtimeEnv.stageEnv.parse(told);
    expect(ranges?.check('10.20.1.2')).toBe(true);
    expect(ranges?.check('10.21.1.2')).toBe(false);
    expect(ranges?.check('fd12:3456::1', 'ipv6')).toBe(true);
    expect(ranges?.check('fd12:3457::1', 'ipv6')).toBe(false);
  }
});

test('a provider of sign-ins is told with its defaults, and its secret may be read', () => {
  const clientSecretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:PunctualClient-AbCdEf';
  const given = {
    issuer: 'https://example.com',
    clientId: 'x',
    roles: { admins: { '*': 'admin' } },
    clientSecretArn,
  } as const;
  const template = templateOf(settingsFor('dev', { identityProvider: given }));
  const { IDENTITY_PROVIDER } = ofType(template, 'AWS::Lambda::Function')['Api']!.Properties.Environment.Variables;
  const defaults = { scopes: ['openid', 'email', 'profile'], groupsClaim: 'groups', nameClaim: 'email' };
  expect(providerSettings(IDENTITY_PROVIDER)).toEqual({ ...given, ...defaults, label: 'your organization' });
  const policies = JSON.stringify(ofType(template, 'AWS::IAM::Policy')['ApiRoleDefaultPolicy']);
  expect(policies).toContain(clientSecretArn);
});

function isReadBy(name: string, variables: string[]): boolean {
  return variables.every((variable) => READERS[variable]?.includes(name) ?? true);
}

/** An intrinsic function stands for a URL where the name says so. */
function asDeployed(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return name.endsWith('_URL') ? 'https://sqs.us-east-1.amazonaws.com/123456789012/queue' : 'resolved';
}
