import {
  CfnOutput,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  PermissionsBoundary,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { version } from '../package.json';
import { tagAsPunctual } from './constructs/tags.js';
import { Service, type ServiceProps } from './service.js';

/** A stage's own stack: the service, and what only a whole stack has. */
export class PunctualStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundles, consoleFiles, ...props }: ServiceProps & StackProps) {
    const { bootstrapQualifier: qualifier, permissionsBoundary: boundary } = settings;
    super(scope, id, {
      terminationProtection: settings.removal !== RemovalPolicy.DESTROY,
      // Not in cdk.json, where `cdk bootstrap` would read the qualifier, and change the bootstrap of other apps.
      synthesizer: new DefaultStackSynthesizer({ qualifier }) as IStackSynthesizer,
      ...(boundary !== false && { permissionsBoundary: PermissionsBoundary.fromName(boundary) }),
      ...props,
    });
    // The CDK's own function, which copies the console's files, is beside the service.
    tagAsPunctual(this, settings);

    // CDK leaves the id `Default` out of logical ids: the resources are named as if they were the stack's own.
    const service = new Service(this, 'Default', {
      settings,
      bundles,
      ...(consoleFiles !== undefined && { consoleFiles }),
    });

    new CfnOutput(this, 'Version', { value: version });
    new CfnOutput(this, 'ApiUrl', { value: service.apiUrl });
    if (service.consoleUrl) new CfnOutput(this, 'ConsoleUrl', { value: service.consoleUrl });
    if (service.apiTarget) new CfnOutput(this, 'ApiNameTarget', { value: service.apiTarget });
    if (service.consoleTarget) new CfnOutput(this, 'ConsoleNameTarget', { value: service.consoleTarget });
    if (service.egressAddresses.length > 0)
      new CfnOutput(this, 'EgressAddresses', { value: service.egressAddresses.join(', ') });
    new CfnOutput(this, 'OperatorSecretArn', { value: service.operatorSecret.secretArn });
    new CfnOutput(this, 'DeadLettersQueueUrl', { value: service.deadLettersQueue.queueUrl });
    new CfnOutput(this, 'ReplayQueueUrl', { value: service.replayQueue.queueUrl });
    if (service.intakeQueue) new CfnOutput(this, 'IntakeQueueUrl', { value: service.intakeQueue.queueUrl });
    new CfnOutput(this, 'UrgentTopicArn', { value: service.urgentTopic.topicArn });
    new CfnOutput(this, 'NoticesTopicArn', { value: service.noticesTopic.topicArn });
    // As `cdk deploy --rollback-trigger-alarm-arns` takes them.
    const rollbackAlarms = service.rollbackAlarms.map(({ alarmArn }) => alarmArn);
    new CfnOutput(this, 'RollbackAlarmArns', { value: rollbackAlarms.join(' ') });
  }
}
