import { settingsFor } from '../../../lib/config.js';
import { deployed, ofType, templateOf } from '../synthesized.js';

const buckets = (template: (typeof deployed)[number]) =>
  Object.entries(ofType(template, 'AWS::S3::Bucket')).filter(([name]) => name.startsWith('AuditArchive'));

test.each(deployed)('there is none in $stage unless it is asked for', (template) => {
  expect(buckets(template)).toEqual([]);
  const { Variables } = ofType(template, 'AWS::Lambda::Function')['Reconciler']!.Properties.Environment;
  expect(Variables.AUDIT_EXPORT_BUCKET).toBeUndefined();
});

describe.each(['GOVERNANCE', 'COMPLIANCE'] as const)('with the mode %s', (mode) => {
  const template = templateOf(settingsFor('dev', { auditExport: { retentionDays: 400, mode } }));

  test('each object is locked for the days, versioned, private and encrypted, and the bucket outlives the stack', () => {
    const [[, bucket]] = buckets(template) as [[string, (typeof template.resources)[string]]];
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket.Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 400, Mode: mode } } },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      BucketEncryption: expect.any(Object),
    });
    const policies = JSON.stringify(ofType(template, 'AWS::S3::BucketPolicy')['AuditArchiveBucketPolicy']);
    expect(policies).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
  });

  test('the reconciler alone may ask for exports, and write nothing but them', () => {
    const policies = Object.entries(ofType(template, 'AWS::IAM::Policy')).flatMap(([name, { Properties }]) =>
      (Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[]).map((statement) => ({
        name,
        actions: [statement.Action].flat(),
        on: JSON.stringify(statement.Resource),
      })),
    );
    const archiving = policies.filter(
      ({ on, actions }) => on.includes('AuditArchive') || /Export/.test(actions.join()),
    );
    expect(archiving.map(({ name, actions }) => [name, ...actions])).toEqual([
      ['ReconcilerRoleDefaultPolicy', 'dynamodb:ExportTableToPointInTime', 'dynamodb:PutItem'],
      ['ReconcilerRoleDefaultPolicy', 'dynamodb:DescribeExport'],
      ['ReconcilerRoleDefaultPolicy', 's3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'],
    ]);
    expect(archiving.map(({ on }) => on.includes('StorageAudit') || on.includes('/audit/*'))).toEqual([
      true,
      true,
      true,
    ]);
  });
});
