import network from '../../docs/deploying-network-policy.json';
import policy from '../../docs/deploying-policy.json';
import { settingsFor } from '../../lib/config.js';
import { deployed, EVERY_SETTING, templateOf } from './synthesized.js';

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

/** What CloudFormation calls to make and to remove each, by the schemas of its types. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  EIP: ['AllocateAddress', 'DescribeAddresses', 'ReleaseAddress'],
  InternetGateway: ['CreateInternetGateway', 'DescribeInternetGateways', 'DeleteInternetGateway'],
  NatGateway: ['CreateNatGateway', 'DescribeNatGateways', 'DeleteNatGateway'],
  Route: ['CreateRoute', 'DescribeRouteTables', 'ReplaceRoute', 'DeleteRoute'],
  RouteTable: ['CreateRouteTable', 'DescribeRouteTables', 'DeleteRouteTable'],
  SecurityGroup: [
    ...['CreateSecurityGroup', 'DescribeSecurityGroups', 'DeleteSecurityGroup'],
    ...['AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupEgress'],
  ],
  Subnet: ['CreateSubnet', 'DescribeSubnets', 'ModifySubnetAttribute', 'DeleteSubnet'],
  SubnetRouteTableAssociation: ['AssociateRouteTable', 'DescribeRouteTables', 'DisassociateRouteTable'],
  VPC: ['CreateVpc', 'DescribeVpcs', 'DescribeVpcAttribute', 'ModifyVpcAttribute', 'DeleteVpc'],
  VPCEndpoint: ['CreateVpcEndpoint', 'DescribeVpcEndpoints', 'ModifyVpcEndpoint', 'DeleteVpcEndpoints'],
  VPCGatewayAttachment: ['AttachInternetGateway', 'DescribeInternetGateways', 'DetachInternetGateway'],
};

test('with the network policy, it knows what a stage with every setting makes', () => {
  const both = [...actions, ...network.Statement.flatMap(({ Action }) => Action)];
  const types = Object.values(templateOf(settingsFor('prod', EVERY_SETTING)).resources).map(({ Type }) => Type);
  const services = new Set(types.map((type) => type.split('::')[1]!.toLowerCase()));
  for (const service of services)
    expect(both.some((action) => action.startsWith(`${SERVICE[service] ?? service}:`))).toBe(true);
  const made = [...new Set(types.filter((type) => type.startsWith('AWS::EC2::')))].map((type) => type.slice(10));
  expect(made.sort()).toEqual(Object.keys(CALLED).sort());
  const needed = made.flatMap((type) => CALLED[type]!.map((action) => `ec2:${action}`));
  expect([...needed, 'ec2:CreateTags'].filter((action) => !both.includes(action))).toEqual([]);
});

test('the network policy has no right over all of a service, and fits into a managed policy', () => {
  for (const action of network.Statement.flatMap(({ Action }) => Action)) expect(action).toMatch(/^(ec2|route53):\w+$/);
  expect(JSON.stringify(network).length).toBeLessThanOrEqual(6_144);
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
