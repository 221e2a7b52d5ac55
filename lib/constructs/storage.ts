import { RemovalPolicy } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import type { PunctualFunction } from './punctual-function.js';

/** The four tables: configuration, task runs, dead letters, audit. */
export class Storage extends Construct {
  readonly config: StoredTable;
  readonly runs: StoredTable;
  readonly deadLetters: StoredTable;
  readonly audit: StoredTable;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    const existing = settings.existing?.tables ?? {};
    this.config = new StoredTable(this, 'Config', {
      settings,
      existing: existing.config,
      nameName: 'CONFIG_TABLE',
      indexed: [],
      byName: true,
    });
    this.runs = new StoredTable(this, 'Runs', {
      settings,
      existing: existing.runs,
      nameName: 'RUNS_TABLE',
      indexed: ['g1', 'g2', 'g3'],
      recoverable: settings.pointInTimeRecovery,
      expires: true,
    });
    this.deadLetters = new StoredTable(this, 'DeadLetters', {
      settings,
      existing: existing.deadLetters,
      nameName: 'DEAD_LETTERS_TABLE',
      indexed: ['g1', 'g2'],
    });
    this.audit = new StoredTable(this, 'Audit', {
      settings,
      existing: existing.audit,
      nameName: 'AUDIT_TABLE',
      indexed: [],
      expires: true,
    });
  }
}

interface StoredTableProps {
  readonly settings: StageSettings;
  /** The environment variable that tells a function the table's name. */
  readonly nameName: string;
  /**
   * Attributes with a sparse index each, named `<attribute>-index` (DynamoDB asks for three characters or more). Decide
   * on them before the first deploy: CloudFormation changes at most one index of a table per update.
   */
  readonly indexed: readonly string[];
  /** With an index of each partition's items by their `name`. */
  readonly byName?: boolean;
  /** Name of a table that is there already, and is taken as it is. */
  readonly existing?: string | undefined;
  /** With point-in-time recovery; by default it is. */
  readonly recoverable?: boolean;
  /** Items expire by their `ttl` (seconds since 1970). */
  readonly expires?: boolean;
}

export class StoredTable extends Construct {
  readonly table: ITableV2;
  private readonly nameName: string;
  private readonly indexArns: string[];

  constructor(scope: Construct, id: string, props: StoredTableProps) {
    super(scope, id);
    // CDK leaves the id `Default` out of logical ids: a table with another would replace each that is there.
    this.table = props.existing
      ? TableV2.fromTableName(this, 'Default', props.existing)
      : (new TableV2(this, 'Default', definition(props)) as ITableV2);
    this.nameName = props.nameName;
    this.indexArns = indexesOf(props).map(({ indexName }) => `${this.table.tableArn}/index/${indexName}`);
  }

  /** Throttled calls: one metric for reads, one for writes. */
  throttles(): IMetric[] {
    return ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => this.table.metric(name, { statistic: 'Sum' }));
  }

  /** Reads by key and by index. No Scan: every list is a Query. */
  grantRead(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      this.allow(fn, [this.table.tableArn], ['GetItem', 'BatchGetItem']);
      this.allow(fn, [this.table.tableArn, ...this.indexArns], ['Query']);
      fn.addEnvironment(this.nameName, this.table.tableName);
    }
  }

  /** Changes of existing items. */
  grantUpdate(...functions: PunctualFunction[]): void {
    for (const fn of functions) this.allow(fn, [this.table.tableArn], ['UpdateItem']);
  }

  /** No transactions and no batch writes: all writes are single, most of them conditional. */
  grantReadWrite(...functions: PunctualFunction[]): void {
    this.grantRead(...functions);
    for (const fn of functions) this.allow(fn, [this.table.tableArn], ['PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Adds items. That an item is new, the write's condition says: IAM cannot tell a new item from a replaced one. */
  grantAppend(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      this.allow(fn, [this.table.tableArn], ['PutItem']);
      fn.addEnvironment(this.nameName, this.table.tableName);
    }
  }

  /** Lists items by key alone. */
  grantQuery(...functions: PunctualFunction[]): void {
    for (const fn of functions) this.allow(fn, [this.table.tableArn], ['Query']);
  }

  private allow(grantee: PunctualFunction, resourceArns: string[], operations: string[]): void {
    Grant.addToPrincipal({ grantee, resourceArns, actions: operations.map((operation) => `dynamodb:${operation}`) });
  }
}

function definition(props: StoredTableProps): TablePropsV2 {
  const { settings, recoverable = true, expires = false } = props;
  const isKeptByStack = settings.removal !== RemovalPolicy.DESTROY;
  return {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: recoverable },
    ...(expires && { timeToLiveAttribute: 'ttl' }),
    globalSecondaryIndexes: indexesOf(props),
    deletionProtection: isKeptByStack,
    // Not RETAIN_ON_UPDATE_OR_DELETE: the rollback of a first deploy could not delete a protected table, and would fail.
    removalPolicy: isKeptByStack ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}

function indexesOf({ indexed, byName = false }: StoredTableProps) {
  const keys = indexed.map((attribute) => ({ of: attribute, partitionKey: text(attribute), sortKey: text('sk') }));
  const names = byName ? [{ of: 'name', partitionKey: text('pk'), sortKey: text('name') }] : [];
  return [...keys, ...names].map(({ of, ...index }) => ({
    indexName: `${of}-index`,
    ...index,
    projectionType: ProjectionType.KEYS_ONLY,
  }));
}

function text(name: string) {
  return { name, type: AttributeType.STRING };
}
