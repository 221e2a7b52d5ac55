import assert from 'node:assert/strict';
import {
  DeleteTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  RestoreTableToPointInTimeCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
  StopReplicationToReplicaCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Existing } from '../../lib/config.js';
import type { Assembly } from './assembly.js';

/** What is really there, asked as its owner would ask. */
export class Aws {
  private readonly dynamodb: DynamoDBClient;
  private readonly secrets: SecretsManagerClient;
  private readonly lambda: LambdaClient;
  readonly sqs: SQSClient;

  constructor(
    endpoint: string,
    private readonly assembly: Assembly,
    region = 'us-east-1',
  ) {
    const access = { region, endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    this.dynamodb = new DynamoDBClient(access);
    this.secrets = new SecretsManagerClient(access);
    this.lambda = new LambdaClient(access);
    this.sqs = new SQSClient(access);
  }

  async secret(arn: string): Promise<string> {
    return (await this.secrets.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString!;
  }

  /** Of the secrets made last, as the setting `existing` takes them: a deploy that failed has left others here. */
  async secretArns(): Promise<NonNullable<Existing['secrets']>> {
    const arns = await this.newestSecrets('');
    const of = (part: string) =>
      arns.find((arn) => arn.includes(`:secret:Punctual-dev-${part}`) || arn.includes(`:secret:${part}`))!;
    return { master: of('SecretsMaster'), operator: of('SecretsOperator') };
  }

  /** `aws secretsmanager put-secret-value`, for a secret of the stack that was deployed last. */
  async putSecret(part: 'Master' | 'Operator', SecretString: string): Promise<void> {
    const [SecretId] = await this.newestSecrets(`Secrets${part}`);
    await this.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
  }

  /** Runs a stack's reconciler, and answers what it has logged. */
  async reconcile(stack: string): Promise<string[]> {
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({}));
    const names = Functions.map(({ FunctionName = '' }) => FunctionName);
    const FunctionName = names.find((name) => name.startsWith(`${stack}-`) && name.includes('Reconciler'));
    const invoking = new InvokeCommand({ FunctionName, Payload: '{}', LogType: 'Tail' });
    const { FunctionError, LogResult = '' } = await this.lambda.send(invoking);
    const log = Buffer.from(LogResult, 'base64').toString();
    assert.equal(FunctionError, undefined, log);
    return log.split('\n');
  }

  async tables(): Promise<string[]> {
    return (await this.dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
  }

  /** @throws Error when a table does not expire what its template says it does */
  async assertTimeToLive(): Promise<void> {
    for (const { name } of await this.expiringTables()) {
      const { TimeToLiveDescription } = await this.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }));
      assert.equal(TimeToLiveDescription?.TimeToLiveStatus, 'ENABLED', `of ${name}`);
    }
  }

  async setTimeToLive(): Promise<void> {
    for (const { name, attribute } of await this.expiringTables()) {
      const TimeToLiveSpecification = { AttributeName: attribute, Enabled: true };
      await this.dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
    }
    await this.assertTimeToLive();
  }

  /** Restores all tables under new names, which the setting `existing` takes. */
  async restoreTables(): Promise<NonNullable<Existing['tables']>> {
    const tables = await this.tables();
    const restored = async (part: string) => {
      const [id] = this.assembly.resources('AWS::DynamoDB::GlobalTable').find(([name]) => name.startsWith(part))!;
      const TargetTableName = `Punctual-restored-${part}`;
      const source = { SourceTableName: named(id, tables), UseLatestRestorableTime: true };
      await this.dynamodb.send(new RestoreTableToPointInTimeCommand({ ...source, TargetTableName }));
      return TargetTableName;
    };
    return {
      config: await restored('StorageConfig'),
      runs: await restored('StorageRuns'),
      deadLetters: await restored('StorageDeadLetters'),
      audit: await restored('StorageAudit'),
    };
  }

  /** Keeps a copy of each there from now on, under the same name. */
  async copyTables(names: readonly string[], RegionName: string): Promise<void> {
    const ReplicaUpdates = [{ Create: { RegionName } }];
    for (const TableName of names) await this.dynamodb.send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
  }

  /** Keeps a copy of both there from now on; answers the copies. */
  async copySecrets(
    secrets: NonNullable<Existing['secrets']>,
    Region: string,
  ): Promise<NonNullable<Existing['secrets']>> {
    const copied = async (SecretId = '') => {
      const copying = new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions: [{ Region }] });
      await this.secrets.send(copying);
      return SecretId.replace(/^(arn:aws:secretsmanager:)[^:]+/, `$1${Region}`);
    };
    return { master: await copied(secrets.master), operator: await copied(secrets.operator) };
  }

  /** Makes secrets of copies, in the copies' own Region: the functions change the labels of the master secret. */
  async promoteSecrets({ master, operator }: NonNullable<Existing['secrets']>): Promise<void> {
    for (const SecretId of [master, operator])
      await this.secrets.send(new StopReplicationToReplicaCommand({ SecretId }));
  }

  /** Secrets of the same values, which this Region's stack may name. */
  async makeSecrets(
    of: Aws,
    { master = '', operator = '' }: NonNullable<Existing['secrets']>,
  ): Promise<Existing['secrets']> {
    const made = async (Name: string, arn: string) => {
      const making = new CreateSecretCommand({ Name, SecretString: await of.secret(arn) });
      return (await this.secrets.send(making)).ARN!;
    };
    return { master: await made('SecretsMaster-made', master), operator: await made('SecretsOperator-made', operator) };
  }

  async deleteTables(names: readonly string[]): Promise<void> {
    for (const TableName of names) await this.dynamodb.send(new DeleteTableCommand({ TableName }));
  }

  /** @throws Error when a queue would not give poison up as its template says it does */
  async assertRedrivePolicies(): Promise<void> {
    const { QueueUrls = [] } = await this.sqs.send(new ListQueuesCommand({}));
    for (const [id, { Properties }] of this.assembly.resources('AWS::SQS::Queue')) {
      const wanted = Properties.RedrivePolicy;
      if (wanted === undefined) continue;
      const QueueUrl = named(id, QueueUrls);
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
      const { RedrivePolicy = '{}' } = (await this.sqs.send(asked)).Attributes ?? {};
      const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(RedrivePolicy);
      assert.equal(Number(maxReceiveCount), wanted.maxReceiveCount, `receives of ${id}`);
      named(wanted.deadLetterTargetArn['Fn::GetAtt'][0], [String(deadLetterTargetArn)]);
    }
  }

  /** ARNs that contain `part`, of the secrets made last first. */
  private async newestSecrets(part: string): Promise<string[]> {
    const { SecretList = [] } = await this.secrets.send(new ListSecretsCommand({}));
    const newestFirst = SecretList.sort((a, b) => Number(b.CreatedDate) - Number(a.CreatedDate));
    return newestFirst.map(({ ARN = '' }) => ARN).filter((arn) => arn.includes(part));
  }

  private async expiringTables(): Promise<{ name: string; attribute: string }[]> {
    const tables = await this.tables();
    return this.assembly.resources('AWS::DynamoDB::GlobalTable').flatMap(([id, { Properties }]) => {
      const attribute = Properties.TimeToLiveSpecification?.AttributeName;
      return attribute === undefined ? [] : [{ name: named(id, tables), attribute }];
    });
  }
}

/** CloudFormation names what has no name `<stack>-<logical id>-<random>`. @throws Error when it is not there */
function named(logicalId: string, physical: readonly string[]): string {
  const found = physical.find((name) => name.includes(`-${logicalId}-`));
  assert(found !== undefined, `${logicalId} is not among ${physical.join(', ')}`);
  return found;
}
