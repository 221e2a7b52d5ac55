import { settingsFor } from '../../../lib/config.js';
import { deployed, EVERY_SETTING, ofType, type Resource, templateOf } from '../synthesized.js';

const { encryptionKeyArn } = EVERY_SETTING;
const template = templateOf(settingsFor('prod', { encryptionKeyArn }));
const KMS = 'AWS::KMS';

/** The property that names the key, of each type that holds data of the stage. */
const KEY_OF: Readonly<Record<string, (properties: Resource['Properties']) => unknown>> = {
  'AWS::DynamoDB::GlobalTable': ({ Replicas }) => Replicas[0].SSESpecification?.KMSMasterKeyId,
  'AWS::Logs::LogGroup': ({ KmsKeyId }) => KmsKeyId,
  'AWS::SNS::Topic': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::SecretsManager::Secret': ({ KmsKeyId }) => KmsKeyId,
};

test.each(Object.entries(KEY_OF))('every %s is encrypted by the key, and by default none', (type, keyOf) => {
  const found = Object.values(ofType(template, type));
  expect(found.length).toBeGreaterThan(1);
  for (const { Properties } of found) expect(keyOf(Properties)).toBe(encryptionKeyArn);
  for (const { Properties } of deployed.flatMap((each) => Object.values(ofType(each, type))))
    expect(keyOf(Properties)).toBeUndefined();
});

test('tables and queues say that they are not encrypted by keys of AWS', () => {
  for (const { Properties } of Object.values(ofType(template, 'AWS::DynamoDB::GlobalTable')))
    expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
  for (const { Properties } of Object.values(ofType(template, 'AWS::SQS::Queue')))
    expect(Properties.SqsManagedSseEnabled).toBeUndefined();
});

test('each role that reads and writes may use the key, through these services alone', () => {
  const policies = Object.entries(ofType(template, 'AWS::IAM::Policy'));
  const users = policies.filter(([, { Properties }]) => JSON.stringify(Properties).includes('kms:'));
  expect(users.map(([name]) => name).sort()).toEqual(
    [
      'Api',
      'CrowdedLaneDeliverer',
      'Dispatcher',
      'FastLaneDeliverer',
      'Reconciler',
      'SlowLaneDeliverer',
      'WakeUps',
    ].map((name) => `${name}RoleDefaultPolicy`),
  );
  for (const [, { Properties }] of users) {
    const [statement] = Properties.PolicyDocument.Statement.filter((each: { Action: string | string[] }) =>
      [each.Action].flat().includes('kms:GenerateDataKey'),
    );
    expect(statement).toMatchObject({ Resource: encryptionKeyArn, Action: expect.arrayContaining(['kms:Decrypt']) });
    const services = statement.Condition.StringEquals['kms:ViaService'].map(
      (each: { 'Fn::Join': [string, string[]] }) =>
        each['Fn::Join'][1].filter((part) => typeof part === 'string').join('*'),
    );
    expect(services).toEqual(['dynamodb.*.', 'secretsmanager.*.', 'sqs.*.']);
  }
});

test('no key is made, and none is changed', () => {
  expect(Object.values(template.resources).filter(({ Type }) => Type.startsWith(KMS))).toEqual([]);
});
