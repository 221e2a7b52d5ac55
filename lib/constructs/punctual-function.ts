import { type Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { version } from '../../package.json';
import type { StageSettings } from '../config.js';
import type { Network } from './network.js';

export interface PunctualFunctionProps {
  readonly settings: StageSettings;
  /** Folder that holds the bundled `handler.js`. */
  readonly bundle: string;
  readonly memorySize: number;
  readonly timeout: Duration;
  /** Whether the function's messages lead back to the function (retries, wake-ups). */
  readonly feedsItself?: boolean;
  readonly environment?: Record<string, string>;
  readonly reservedConcurrency?: number | undefined;
}

/** A Lambda function without defaults that may change: runtime, architecture, role, log group and recursion are set. */
export class PunctualFunction extends LambdaFunction {
  /** Folder of the function's code, which the local stack runs. */
  readonly bundle: string;

  constructor(scope: Construct, id: string, props: PunctualFunctionProps) {
    const { settings, timeout } = props;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: settings.logRetentionDays,
      removalPolicy: settings.removal,
    });
    // Not the managed basic role, which may write into every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundle),
      handler: 'handler.handler',
      memorySize: props.memorySize,
      timeout,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // With Lambda's REPORT lines: duration and memory of each invocation.
      systemLogLevelV2: SystemLogLevel.INFO,
      // Lambda stops a chain of about 16 invocations that lead back to the same function. Our chains are legitimate;
      // MAX_HOPS limits them instead.
      recursiveLoop: props.feedsItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      environment: { ...stageEnvironment(settings, Stack.of(scope)), ...props.environment },
      ...(settings.tracing === 'xray' && { tracing: Tracing.ACTIVE }),
    });
    this.bundle = props.bundle;
    if (settings.tracing === 'xray')
      this.acknowledgeEverything('X-Ray knows no resource of which a function sends spans.');
  }

  /**
   * Runs in a VPC. Lambda makes the network interfaces as the function's role; the function itself, whose requests tell
   * its ARN, may not.
   */
  runIn({ vpcConfig, ready }: Network): void {
    (this.node.defaultChild as CfnFunction).vpcConfig = vpcConfig;
    this.node.addDependency(...ready);
    this.addToRolePolicy(
      new PolicyStatement({
        actions: NETWORK_INTERFACES.map((action) => `ec2:${action}`),
        resources: ['*'],
        conditions: { Null: { 'lambda:SourceFunctionArn': 'true' } },
      }),
    );
    this.acknowledgeEverything(
      "Lambda's interfaces have no names of ours, and to describe them AWS knows no resource.",
    );
  }

  private acknowledgeEverything(reason: string): void {
    Validations.of(this.role!).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
  }
}

/** What Lambda asks of the role of a function in a VPC (AWSLambdaVPCAccessExecutionRole). */
const NETWORK_INTERFACES = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
];

/** Variables of every function; those of a table, queue or secret come with its grant. */
function stageEnvironment(settings: StageSettings, { stackName }: Stack): Record<string, string> {
  return {
    STAGE: settings.stage,
    VERSION: version,
    RETENTION_DAYS: String(settings.retentionDays),
    ALLOW_HTTP: String(settings.allowHttp),
    ALLOW_LOOPBACK: String(settings.allowLoopback),
    ...(settings.allowedPrivateRanges && { ALLOWED_PRIVATE_RANGES: settings.allowedPrivateRanges.join() }),
    ...(settings.allowedTargets && { ALLOWED_TARGETS: settings.allowedTargets.join(), OWN_STACK: stackName }),
    AUDIT_DELIVERIES: String(settings.auditDeliveries),
    LEASE_MARGIN_SECONDS: String(settings.leaseMarginSeconds),
    FAILED_AGAIN_SECONDS: String(settings.failedAgainSeconds),
    FAILED_AGAIN_MOST_SECONDS: String(settings.failedAgainMostSeconds),
    POISON_AFTER_SECONDS: String(settings.poisonAfterSeconds),
    MAX_HOPS: String(settings.maxHops),
    MAX_RECLAIMS: String(settings.maxReclaims),
    HOLD_SECONDS: String(settings.holdSeconds),
  };
}
