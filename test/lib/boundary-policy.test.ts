import boundary from '../../docs/boundary-policy.json';
import deploying from '../../docs/deploying-policy.json';
import { settingsFor } from '../../lib/config.js';
import { deployed, EVERY_SETTING, ofType, type StageTemplate, templateOf } from './synthesized.js';

const templates = [...deployed, templateOf(settingsFor('prod', { ...EVERY_SETTING, stage: 'every-setting' }))];

interface Statement {
  readonly Action: string | string[];
  // biome-ignore lint/suspicious/noExplicitAny: an ARN, or CloudFormation's intrinsic functions around one.
  readonly Resource: any;
  readonly Condition?: unknown;
}

const within: readonly Statement[] = boundary.Statement;

/** What a reference becomes in an account: the ARN, or the secret's Ref, which is its ARN, too. */
const ARNS: Readonly<Record<string, (id: string) => string>> = {
  'AWS::DynamoDB::GlobalTable': (id) => `arn:aws:dynamodb:us-east-1:123456789012:table/Punctual-dev-${id}-1A2B`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:us-east-1:123456789012:Punctual-dev-${id}-1A2B`,
  'AWS::Logs::LogGroup': (id) => `arn:aws:logs:us-east-1:123456789012:log-group:Punctual-dev-${id}-1A2B:*`,
  'AWS::SecretsManager::Secret': (id) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${id}-1A2B-cDeFgH`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::123456789012:role/Punctual-dev-${id}-1A2B`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::punctual-dev-${id.toLowerCase()}-1a2b`,
};
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
};

// biome-ignore lint/suspicious/noExplicitAny: as above.
function arnOf({ resources }: StageTemplate, value: any): string {
  if (typeof value === 'string') return value;
  const arn = (inner: unknown) => arnOf({ resources } as StageTemplate, inner);
  if (value['Fn::Join']) return value['Fn::Join'][1].map(arn).join('');
  if (value['Fn::Sub']) return value['Fn::Sub'].replace(/\$\{([\w:]+)\}/g, (_: string, name: string) => PSEUDO[name]);
  const id: string = value.Ref ?? value['Fn::GetAtt'][0];
  return PSEUDO[id] ?? ARNS[resources[id]!.Type]!(id);
}

const fits = (pattern: string, arn: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(arn);

const isWithin = (action: string, arn: string): boolean =>
  within.some(
    ({ Action, Resource }) => [Action].flat().includes(action) && [Resource].flat().some((one) => fits(one, arn)),
  );

describe.each(templates)('the boundary of roles in $stage', (template) => {
  const statements: Statement[] = Object.values(ofType(template, 'AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

  test('is carried by each role', () => {
    const roles = Object.values(ofType(template, 'AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(5);
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/punctual-boundary');
  });

  test('holds all that the roles are granted', () => {
    const granted = statements.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((one) => ({ action, arn: arnOf(template, one) }))),
    );
    expect(granted.length).toBeGreaterThan(100);
    expect(granted.filter(({ action, arn }) => !isWithin(action, arn))).toEqual([]);
  });
});

test('the boundary holds nothing that no role is granted', () => {
  const granted = templates.flatMap((template) =>
    Object.values(ofType(template, 'AWS::IAM::Policy')).flatMap(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action }) => Action),
    ),
  );
  expect([...new Set(within.flatMap(({ Action }) => Action))].sort()).toEqual([...new Set(granted)].sort());
});

test('the boundary reaches neither roles nor policies, but for the role of the wake-ups', () => {
  const ofIam = within.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('iam:')));
  expect(ofIam).toMatchObject([
    { Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } } },
  ]);
});

test('the deploying policy makes and changes only roles that carry the boundary', () => {
  const given: readonly Statement[] = deploying.Statement;
  const arming = ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:AttachRolePolicy'];
  const able = given.filter(({ Action }) => [Action].flat().some((action) => arming.includes(action)));
  expect(able).not.toEqual([]);
  const carried = { StringLike: { 'iam:PermissionsBoundary': 'arn:aws:iam::*:policy/punctual-boundary' } };
  for (const { Condition } of able) expect(Condition).toEqual(carried);
  const actions = given.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /^iam:(\*|.*Polic(y|ies)Version|DeleteRolePermissions)/.test(action))).toEqual([]);
});
