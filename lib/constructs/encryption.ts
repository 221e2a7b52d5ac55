import { Stack } from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { PunctualFunction } from './punctual-function.js';
import { WakeUps } from './wake-ups.js';

/**
 * Encrypts every table, queue, secret, log group and topic below `scope` by a key of the user's, in place of AWS's own
 * keys, and lets the roles that read and write them use the key. The key's own policy lets CloudWatch use it
 * (docs/deploying.md): a stack cannot change the policy of a key that it did not make.
 */
export function encryptAll(scope: Construct, keyArn: string): void {
  for (const construct of scope.node.findAll()) {
    if (construct instanceof CfnGlobalTable) encryptTable(construct, keyArn);
    if (construct instanceof CfnQueue) encryptQueue(construct, keyArn);
    if (construct instanceof CfnSecret || construct instanceof CfnLogGroup) construct.kmsKeyId = keyArn;
    if (construct instanceof CfnTopic) construct.kmsMasterKeyId = keyArn;
    if (construct instanceof PunctualFunction || construct instanceof WakeUps)
      construct.role?.addToPrincipalPolicy(useOf(keyArn, Stack.of(scope)));
  }
}

function encryptTable(table: CfnGlobalTable, keyArn: string): void {
  table.sseSpecification = { sseEnabled: true, sseType: 'KMS' };
  table.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: keyArn });
}

function encryptQueue(queue: CfnQueue, keyArn: string): void {
  queue.sqsManagedSseEnabled = undefined;
  queue.kmsMasterKeyId = keyArn;
}

/** What DynamoDB, SQS and Secrets Manager ask of their callers, through these services alone. */
function useOf(keyArn: string, { region, urlSuffix }: Stack): PolicyStatement {
  return new PolicyStatement({
    actions: ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
      (action) => `kms:${action}`,
    ),
    resources: [keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': ['dynamodb', 'secretsmanager', 'sqs'].map((name) => `${name}.${region}.${urlSuffix}`),
      },
    },
  });
}
