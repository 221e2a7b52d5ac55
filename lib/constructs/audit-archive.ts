import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AuditExportSettings } from '../config.js';
import type { PunctualFunction } from './punctual-function.js';

export interface AuditArchiveProps {
  readonly settings: AuditExportSettings;
  readonly table: ITableV2;
  /** Starts the exports. */
  readonly exporter: PunctualFunction;
}

const PREFIX = 'audit';

/**
 * A bucket in which DynamoDB's exports of the audit can be neither changed nor deleted for a time. It outlives the stack in
 * every stage: a bucket with locked objects cannot be deleted.
 */
export class AuditArchive extends Construct {
  constructor(scope: Construct, id: string, { settings, table, exporter }: AuditArchiveProps) {
    super(scope, id);
    const { mode, retentionDays } = settings;
    const days = Duration.days(retentionDays);
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === 'COMPLIANCE' ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'DynamoDB alone writes to it, and a log of who reads it would need a second bucket that is not locked.',
    });
    const allow = (resources: string[], ...actions: string[]) =>
      exporter.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow([table.tableArn], 'dynamodb:ExportTableToPointInTime');
    allow([`${table.tableArn}/export/*`], 'dynamodb:DescribeExport');
    // DynamoDB writes with the rights of the caller who asked for the export.
    allow([bucket.arnForObjects(`${PREFIX}/*`)], 's3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl');
    const reason = 'DynamoDB names the exports, and their objects, when they are made.';
    const shown = (arn: string) => asNagWrites(Stack.of(this).resolve(arn));
    for (const resource of [`${shown(table.tableArn)}/export/*`, `${shown(bucket.bucketArn)}/${PREFIX}/*`])
      Validations.of(exporter.role!).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    exporter.addEnvironment('AUDIT_EXPORT_BUCKET', bucket.bucketName);
    exporter.addEnvironment('AUDIT_TABLE_ARN', table.tableArn);
  }
}

/** The ARN as cdk-nag writes it: `<Logical.Arn>`, `arn:<AWS::Partition>:…`. */
function asNagWrites(arn: unknown): string {
  const { Ref, 'Fn::GetAtt': att, 'Fn::Join': join } = arn as Record<string, unknown[]>;
  if (join) return (join[1] as unknown[]).map(asNagWrites).join('');
  return typeof arn === 'string' ? arn : `<${Ref ?? att!.join('.')}>`;
}
