import policy from '../../docs/deploying-policy.json';
import { deployed } from './synthesized.js';

const statements = policy.Statement as readonly {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}[];
const actions = statements.flatMap(({ Action }) => Action);

/** Where IAM calls a service otherwise than CloudFormation does. */
const SERVICE: Record<string, string> = { apigatewayv2: 'apigateway', cdkbucketdeployment: 'lambda' };

test.each(deployed)('the deploying policy knows every service of $stage', ({ resources }) => {
  const services = Object.values(resources).map(({ Type }) => Type.split('::')[1]!.toLowerCase());
  for (const service of new Set(services))
    expect(actions.some((action) => action.startsWith(`${SERVICE[service] ?? service}:`))).toBe(true);
});

test('it allows everything only of what is ours', () => {
  for (const { Action, Resource } of statements)
    if ([Action].flat().some((action) => action.endsWith(':*')))
      for (const arn of [Resource].flat())
        expect(arn).toMatch(/[:/](Punctual-|punctual-|SecretsMaster|SecretsOperator|ConsoleFiles)/);
});

test('secrets are called as the policy expects: CloudFormation names them by their logical ids', () => {
  for (const { resources } of deployed) {
    const secrets = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret');
    expect(secrets).toHaveLength(2);
    for (const [id, { Properties }] of secrets) {
      expect(id).toMatch(/^Secrets(Master|Operator)/);
      expect(Properties.Name).toBeUndefined();
    }
  }
});

test('what CloudFormation names by its logical id is called as the policy expects', () => {
  for (const { resources } of deployed) {
    const layers = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::LayerVersion');
    expect(layers.length).toBeGreaterThan(0);
    for (const [id] of layers) expect(id).toMatch(/^ConsoleFiles/);
  }
});

test('it passes our roles alone, and to Lambda alone', () => {
  const passing = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
  expect(passing).toMatchObject([
    {
      Resource: 'arn:aws:iam::*:role/Punctual-*',
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    },
  ]);
  for (const action of actions.filter((one) => one.startsWith('iam:'))) expect(action).not.toContain('*');
});

test('it fits into a managed policy', () => {
  expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6_144); // IAM's limit, without white space
});
