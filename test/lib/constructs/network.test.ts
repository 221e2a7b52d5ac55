import { settingsFor } from '../../../lib/config.js';
import { deployed, EVERY_SETTING, ofType, pointsAt, type StageTemplate, templateOf } from '../synthesized.js';

const FUNCTION = 'AWS::Lambda::Function';
const { vpc } = EVERY_SETTING;
const made = templateOf(settingsFor('prod', { vpc }));
const given = templateOf(
  settingsFor('dev', {
    vpc: {
      subnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b0b0b0b0b0'],
      securityGroupIds: ['sg-0c0c0c0c'],
      dualStack: true,
    },
  }),
);

const inVpc = (template: StageTemplate) =>
  Object.entries(ofType(template, FUNCTION)).filter(([, { Properties }]) => Properties.VpcConfig);
const networkActions = ({ resources }: StageTemplate) =>
  Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('ec2:')));

test('without the setting, nothing is in a VPC', () => {
  for (const template of deployed) {
    expect(inVpc(template)).toEqual([]);
    expect(networkActions(template)).toEqual([]);
    expect(template.outputs).not.toHaveProperty('EgressAddresses');
  }
});

test.each([
  ['made', made],
  ['given', given],
])('in a VPC that is %s run the deliverers alone', (_, template) => {
  expect(inVpc(template).map(([name]) => name)).toEqual([
    'FastLaneDeliverer',
    'SlowLaneDeliverer',
    'CrowdedLaneDeliverer',
  ]);
  expect(networkActions(template)).toHaveLength(3);
  for (const statement of networkActions(template))
    expect(statement).toMatchObject({ Resource: '*', Condition: { Null: { 'lambda:SourceFunctionArn': 'true' } } });
});

test('subnets and groups that are given are taken as they are, and nothing is made', () => {
  for (const [, { Properties }] of inVpc(given))
    expect(Properties.VpcConfig).toEqual({
      SubnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b0b0b0b0b0'],
      SecurityGroupIds: ['sg-0c0c0c0c'],
      Ipv6AllowedForDualStack: true,
    });
  expect(Object.values(given.resources).filter(({ Type }) => Type.startsWith('AWS::EC2::'))).toEqual([]);
  expect(given.outputs).not.toHaveProperty('EgressAddresses');
});

describe('a VPC that is made', () => {
  const only = (type: string) => {
    const found = Object.values(ofType(made, `AWS::EC2::${type}`));
    expect(found).toHaveLength(1);
    return found[0]!.Properties;
  };

  test('has its addresses, and a gateway with an address of its own in each zone', () => {
    expect(only('VPC').CidrBlock).toBe('10.20.0.0/16');
    const gateways = Object.values(ofType(made, 'AWS::EC2::NatGateway')).map(({ Properties }) => Properties);
    const addresses = Object.keys(ofType(made, 'AWS::EC2::EIP'));
    expect(gateways.map(({ AllocationId }) => pointsAt(AllocationId))).toEqual(addresses);
    expect(addresses).toHaveLength(2);
    const routes = Object.values(ofType(made, 'AWS::EC2::Route')).map(({ Properties }) => Properties);
    const out = routes.map(({ NatGatewayId, GatewayId }) => pointsAt(NatGatewayId ?? GatewayId));
    expect(new Set(out)).toEqual(
      new Set(['NetworkVpcIGW', 'NetworkVpcPublicSubnet1NATGateway', 'NetworkVpcPublicSubnet2NATGateway']),
    );
    const subnets = inVpc(made)[0]![1].Properties.VpcConfig.SubnetIds.map(pointsAt);
    expect(subnets).toEqual(['NetworkVpcPrivateSubnet1Subnet', 'NetworkVpcPrivateSubnet2Subnet']);
  });

  test('keeps its addresses as the tables are kept, and tells them', () => {
    for (const { DeletionPolicy } of Object.values(ofType(made, 'AWS::EC2::EIP')))
      expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    const told = made.outputs['EgressAddresses']!.Value as { 'Fn::Join': [string, unknown[]] };
    expect(told['Fn::Join'][1].map(pointsAt)).toEqual(['NetworkAddress1', ', ', 'NetworkAddress2']);
  });

  test('reaches DynamoDB without a gateway, lets nothing in, and is ready before a function', () => {
    expect(JSON.stringify(only('VPCEndpoint').ServiceName)).toContain('.dynamodb');
    expect(only('VPCEndpoint').VpcEndpointType).toBe('Gateway');
    expect(only('SecurityGroup').SecurityGroupIngress).toBeUndefined();
    for (const [, resource] of inVpc(made))
      expect((resource as { DependsOn?: string[] }).DependsOn).toEqual(
        expect.arrayContaining([expect.stringMatching(/^NetworkVpcPrivateSubnet1DefaultRoute/)]),
      );
  });

  test('has one gateway where one is asked for', () => {
    const one = templateOf(settingsFor('dev', { vpc: { natGateways: 1 } }));
    expect(Object.keys(ofType(one, 'AWS::EC2::NatGateway'))).toHaveLength(1);
    expect(Object.values(ofType(one, 'AWS::EC2::EIP')).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete']);
    expect(Object.values(ofType(one, 'AWS::EC2::VPC'))[0]!.Properties.CidrBlock).toBe('10.0.0.0/16');
  });
});
