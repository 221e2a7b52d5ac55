import { settingsFor } from '../../../lib/config.js';
import { deployed, ofType, templateOf } from '../synthesized.js';

const TABLE = 'AWS::DynamoDB::GlobalTable';

const TABLES = {
  StorageConfig: { indexed: [], byName: true, recoverable: true, expires: false },
  StorageRuns: { byName: false, indexed: ['g1', 'g2', 'g3'], recoverable: 'in prod', expires: true },
  StorageDeadLetters: { byName: false, indexed: ['g1', 'g2'], recoverable: true, expires: false },
  StorageAudit: { byName: false, indexed: [], recoverable: true, expires: true },
};

describe.each(deployed)('tables of $stage', (template) => {
  const tables = ofType(template, TABLE);

  test('are the four we know', () => {
    expect(Object.keys(tables).sort()).toEqual(Object.keys(TABLES).sort());
  });

  test.each(Object.entries(TABLES))('%s: keys, indexes, billing', (name, { indexed, byName }) => {
    const table = tables[name]?.Properties;
    const keys = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
    expect(table.KeySchema).toEqual(keys('pk', 'sk'));
    const indexes = [
      ...indexed.map((it) => [it, it, 'sk'] as const),
      ...(byName ? [['name', 'pk', 'name'] as const] : []),
    ];
    expect(table.GlobalSecondaryIndexes ?? []).toEqual(
      indexes.map(([name, partition, sort]) => ({
        IndexName: `${name}-index`,
        KeySchema: keys(partition, sort),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
    expect(table.AttributeDefinitions).toEqual(
      ['pk', 'sk', ...indexed, ...(byName ? ['name'] : [])].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: 'S',
      })),
    );
    expect(table).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', SSESpecification: { SSEEnabled: false } });
    expect(table.StreamSpecification).toBeUndefined();
  });

  test.each(Object.entries(TABLES))('%s: what can be restored, and what expires', (name, { recoverable, expires }) => {
    const { Replicas, TimeToLiveSpecification } = tables[name]?.Properties ?? {};
    expect(Replicas).toHaveLength(1);
    expect(Replicas[0].PointInTimeRecoverySpecification).toEqual({
      PointInTimeRecoveryEnabled: recoverable === true || template.stage === 'prod',
    });
    expect(TimeToLiveSpecification).toEqual(expires ? { AttributeName: 'ttl', Enabled: true } : undefined);
  });

  test.each(Object.keys(TABLES))('%s outlives the stack in prod alone', (name) => {
    const [prod, policy] = template.stage === 'prod' ? [true, 'Retain'] : [false, 'Delete'];
    expect(tables[name]).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
    expect(tables[name]?.Properties.Replicas[0].DeletionProtectionEnabled).toBe(prod);
  });
});

describe.each(deployed)('secrets of $stage', (template) => {
  const secrets = ofType(template, 'AWS::SecretsManager::Secret');

  test('outlive the stack in every stage: without the master secret nothing can be decrypted', () => {
    expect(Object.keys(secrets).sort()).toEqual(['SecretsMaster', 'SecretsOperator']);
    for (const secret of Object.values(secrets)) {
      expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('are generated as they were at the first deploy: an edit would make new values', () => {
    for (const secret of Object.values(secrets)) {
      expect(secret.Properties.GenerateSecretString).toEqual({ PasswordLength: 43, ExcludePunctuation: true });
    }
  });
});

describe('tables and secrets that are there already', () => {
  const tables = { config: 'Punctual-prod-Config-2', runs: 'Punctual-prod-Runs-2' };
  const master = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:SecretsMaster7D93D964-AbCdEf';
  const template = templateOf(settingsFor('prod', { existing: { tables, secrets: { master } } }));

  test('are not made, and the others are', () => {
    expect(Object.keys(ofType(template, TABLE)).sort()).toEqual(['StorageAudit', 'StorageDeadLetters']);
    expect(Object.keys(ofType(template, 'AWS::SecretsManager::Secret'))).toEqual(['SecretsOperator']);
  });

  test('are what the functions are told', () => {
    const { Properties } = ofType(template, 'AWS::Lambda::Function')['Api']!;
    expect(Properties.Environment.Variables).toMatchObject({
      CONFIG_TABLE: tables.config,
      RUNS_TABLE: tables.runs,
      MASTER_SECRET_ARN: master,
      DEAD_LETTERS_TABLE: { Ref: expect.stringContaining('StorageDeadLetters') },
    });
  });

  test('are read and written by the same rights, with their indexes', () => {
    const rights = (of: typeof template) => {
      const text = JSON.stringify(ofType(of, 'AWS::IAM::Policy')['ApiRoleDefaultPolicy']);
      return (
        JSON.parse(text).Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[]
      ).map(({ Action, Resource }) => ({ Action, count: [Resource].flat().length }));
    };
    expect(rights(template)).toEqual(rights(deployed[1]!));
    const text = JSON.stringify(ofType(template, 'AWS::IAM::Policy')['ApiRoleDefaultPolicy']);
    for (const end of ['', '/index/g1-index', '/index/g2-index', '/index/g3-index'])
      expect(text).toContain(`:table/${tables.runs}${end}"`);
    expect(text).toContain(`"${master}"`);
  });

  test('are watched as those of the stack', () => {
    const alarm = JSON.stringify(ofType(template, 'AWS::CloudWatch::Alarm')['MonitoringAlarmsTableThrottles']);
    expect(alarm).toContain(`"Value":"${tables.runs}"`);
  });
});
