import { Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  NatProvider,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import type { NewVpc, StageSettings, VpcIds } from '../config.js';

/** The VPC in which the deliverers run: the user's, named by ids, or one that is made here. */
export class Network extends Construct {
  readonly vpcConfig: CfnFunction.VpcConfigProperty;
  /** What must be there before a function runs in it. */
  readonly ready: readonly IDependable[];
  /** The addresses from which calls come, if they are made here. */
  readonly addresses: readonly string[] = [];

  constructor(scope: Construct, id: string, vpc: VpcIds | NewVpc, { removal }: Pick<StageSettings, 'removal'>) {
    super(scope, id);
    if ('subnetIds' in vpc) {
      const { subnetIds, securityGroupIds, dualStack = false } = vpc;
      this.vpcConfig = {
        subnetIds: [...subnetIds],
        securityGroupIds: [...securityGroupIds],
        ipv6AllowedForDualStack: dualStack,
      };
      this.ready = [];
      return;
    }
    const addresses = Array.from({ length: vpc.natGateways }, (_, n) => this.address(n + 1, removal));
    const made = this.made(vpc, addresses);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: made,
      description: 'Punctual: the deliverers call out, and are not called',
    });
    const { subnetIds, internetConnectivityEstablished } = made.selectSubnets({
      subnetType: SubnetType.PRIVATE_WITH_EGRESS,
    });
    this.vpcConfig = { subnetIds, securityGroupIds: [securityGroup.securityGroupId] };
    this.ready = [internetConnectivityEstablished];
    this.addresses = addresses.map(({ ref }) => ref);
  }

  /** Receivers have the address on their lists: it is kept as the tables are. */
  private address(n: number, removal: StageSettings['removal']): CfnEIP {
    const address = new CfnEIP(this, `Address${n}`, { domain: 'vpc' });
    address.applyRemovalPolicy(removal);
    return address;
  }

  /** Two zones, whose traffic leaves by a NAT gateway; what goes to DynamoDB does not, and so costs nothing. */
  private made({ natGateways, cidr = '10.0.0.0/16' }: NewVpc, addresses: readonly CfnEIP[]): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: 2,
      natGateways,
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId),
      }),
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ],
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
      // It would take a function of its own; nothing is in the default group.
      restrictDefaultSecurityGroup: false,
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'Nothing in it is called from outside, and each call of a deliverer is kept as a delivery attempt.',
    });
    return vpc as IVpc;
  }
}
