import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { DynamoDbServer } from './dynamodb/server.js';
import type { SchedulerServer } from './scheduler/server.js';
import type { SecretsServer } from './secrets/server.js';
import type { QueueDefinition, SqsServer } from './sqs/server.js';
import {
  type CloudFormationTemplate,
  type PhysicalResource,
  type PhysicalResources,
  type Resource,
  resourcesOf,
} from './template.js';

/** The local AWS servers. */
export interface AwsServers {
  readonly dynamodb: DynamoDbServer;
  readonly sqs: SqsServer;
  readonly scheduler: SchedulerServer;
  readonly secrets: SecretsServer;
}

/** Queues beside the stack's own, as targets for trials. */
const TRIAL_QUEUES = ['trial', 'trial.fifo'];

/** Creates the template's queues, tables and schedule groups if they are absent, as a deployment does. */
export async function provision(
  template: CloudFormationTemplate,
  physical: PhysicalResources,
  { dynamodb, sqs, scheduler }: AwsServers,
): Promise<void> {
  for (const queue of resourcesOf(template, physical, 'AWS::SQS::Queue')) sqs.defineQueue(queueDefinition(queue));
  for (const name of TRIAL_QUEUES) sqs.defineQueue({ name, visibilityTimeoutSeconds: 30 });
  for (const { logicalId, properties } of resourcesOf(template, physical, 'AWS::Scheduler::ScheduleGroup')) {
    scheduler.defineGroup(properties.Name ?? logicalId);
  }
  const tables = resourcesOf(template, physical, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  await Promise.all(tables.map((table) => dynamodb.ensureTable(tableDefinition(table))));
}

/** Creates the template's secrets if they are absent, and adds their ARNs to `physical`; returns the values by ARN. */
export function provisionSecrets(
  template: CloudFormationTemplate,
  physical: Map<string, PhysicalResource>,
  secrets: SecretsServer,
): Map<string, () => string> {
  const values = new Map<string, () => string>();
  for (const { logicalId, properties } of resourcesOf(template, physical, 'AWS::SecretsManager::Secret')) {
    const secret = secrets.ensureSecret(properties.Name ?? logicalId, properties.GenerateSecretString!);
    physical.set(logicalId, { ref: secret.arn, attributes: { Id: secret.arn } });
    values.set(secret.arn, secret.value);
  }
  return values;
}

function queueDefinition({ logicalId, properties }: Resource): QueueDefinition {
  if (properties.FifoQueue) throw new Error(`${logicalId}: the stack's own queues are standard queues`);
  const { DelaySeconds, MessageRetentionPeriod, ReceiveMessageWaitTimeSeconds, RedrivePolicy } = properties;
  return {
    name: properties.QueueName ?? logicalId,
    visibilityTimeoutSeconds: properties.VisibilityTimeout ?? 30,
    ...(DelaySeconds !== undefined && { delaySeconds: DelaySeconds }),
    ...(MessageRetentionPeriod !== undefined && { retentionSeconds: MessageRetentionPeriod }),
    ...(ReceiveMessageWaitTimeSeconds !== undefined && { receiveWaitSeconds: ReceiveMessageWaitTimeSeconds }),
    ...(RedrivePolicy !== undefined && { redrive: RedrivePolicy }),
  };
}

function tableDefinition({ logicalId, properties }: Resource): CreateTableCommandInput & { ttlAttribute?: string } {
  const { TableName, AttributeDefinitions, KeySchema, TimeToLiveSpecification } = properties;
  const indexes = (list?: Record<string, unknown>[]) =>
    list?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection })) as never;
  const { GlobalSecondaryIndexes, LocalSecondaryIndexes } = properties;
  return {
    TableName: TableName ?? logicalId,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes: indexes(GlobalSecondaryIndexes) }),
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes: indexes(LocalSecondaryIndexes) }),
    ...(TimeToLiveSpecification?.Enabled && { ttlAttribute: TimeToLiveSpecification.AttributeName }),
  };
}
