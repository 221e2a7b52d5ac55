import assert from 'node:assert/strict';
import { measuredLoad } from '../../local/bench/plan/measured.js';
import type { Account } from './step.js';

/** What a part of the bill may exceed the bench's count by: the reconciler and the last retries of a story work besides. */
const SPARE = 1.1;

export interface Used {
  readonly what: string;
  /** For each task, as CloudWatch counts. */
  readonly counted: number;
  /** The bench's count: the most, or none where the receiver is counted too. */
  readonly most?: number | undefined;
}

/** The part of the bill that CloudWatch counts, of so many tasks that were sent in batches in that time. */
export async function usedBy(tasks: number, account: Account, start: number, end: number): Promise<Used[]> {
  const { writeUnits, readUnits, functionRequests, apiRequests } = measuredLoad('batch').atOne;
  const sum = (metrics: readonly Metric[]) => sumOf(account, metrics, start, end);
  const [tables, functions, queues] = await Promise.all([
    tableParts(account),
    parts(account, FUNCTION),
    parts(account, QUEUE),
  ]);
  const ofTables = (name: string) => tables.map((dimensions) => ({ namespace: 'AWS/DynamoDB', name, dimensions }));
  const invoked = functions
    .filter(({ id }) => !id.startsWith('Api'))
    .map(({ physical }) => ({ namespace: 'AWS/Lambda', name: 'Invocations', dimensions: { FunctionName: physical } }));
  const sent = queues.map(({ physical }) => ({
    namespace: 'AWS/SQS',
    name: 'NumberOfMessagesSent',
    dimensions: { QueueName: physical.split('/').at(-1)! },
  }));
  const rows = [
    { what: 'write units', counted: await sum(ofTables('ConsumedWriteCapacityUnits')), most: writeUnits },
    {
      what: `read units (the bench counted ${readUnits.toFixed(2)}; here the API reads too, as the receiver)`,
      counted: await sum(ofTables('ConsumedReadCapacityUnits')),
    },
    { what: 'invocations of functions but the API', counted: await sum(invoked), most: functionRequests - apiRequests },
    { what: 'messages', counted: await sum(sent), most: 1 },
    { what: 'calls that Punctual counted', counted: await sum([delivered(account)]), most: 1 },
  ];
  return rows.map((row) => ({ ...row, counted: row.counted / tasks }));
}

export function billTable(used: readonly Used[]): string[] {
  const rows = used.map(({ what, counted, most }) => `| ${what} | ${counted.toFixed(3)} | ${most?.toFixed(3) ?? ''} |`);
  return ['| for each task of a batch | CloudWatch | at most, by the bench |', '|---|---|---|', ...rows];
}

/** @throws Error with the whole table, if CloudWatch has counted nothing, or more than the bench */
export function assertBill(used: readonly Used[]): void {
  for (const { what, counted, most = Number.POSITIVE_INFINITY } of used) {
    const table = billTable(used).join('\n');
    assert(counted > 0, `${table}\n${what}: CloudWatch has counted none`);
    assert(counted <= most * SPARE, `${table}\n${what}: more than the bench counted`);
  }
}

interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const FUNCTION = 'AWS::Lambda::Function';
const QUEUE = 'AWS::SQS::Queue';
const TABLE = 'AWS::DynamoDB::GlobalTable';

const delivered = ({ stage }: Account): Metric => ({ namespace: 'Punctual', name: 'delivered', dimensions: { stage } });

async function parts({ aws, stack }: Account, type: string): Promise<{ id: string; physical: string }[]> {
  interface Listed {
    readonly StackResourceSummaries: Record<'ResourceType' | 'LogicalResourceId' | 'PhysicalResourceId', string>[];
  }
  const { StackResourceSummaries: all } = await aws<Listed>(
    'cloudformation',
    'list-stack-resources',
    '--stack-name',
    stack,
  );
  return all
    .filter(({ ResourceType }) => ResourceType === type)
    .map(({ LogicalResourceId: id, PhysicalResourceId: physical }) => ({ id, physical }));
}

/** A table's units are without those of its indexes, which have a dimension of their own. */
async function tableParts(account: Account): Promise<Readonly<Record<string, string>>[]> {
  interface Described {
    readonly Table: { readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[] };
  }
  const tables = await parts(account, TABLE);
  const each = tables.map(async ({ physical: TableName }) => {
    const { Table } = await account.aws<Described>('dynamodb', 'describe-table', '--table-name', TableName);
    const indexes = (Table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
    return [{ TableName }, ...indexes.map((GlobalSecondaryIndexName) => ({ TableName, GlobalSecondaryIndexName }))];
  });
  return (await Promise.all(each)).flat();
}

async function sumOf({ aws }: Account, metrics: readonly Metric[], start: number, end: number): Promise<number> {
  const span = ['--start-time', new Date(start).toISOString(), '--end-time', new Date(end).toISOString()];
  let total = 0;
  for (const { namespace, name, dimensions } of metrics) {
    const given = Object.entries(dimensions).map(([Name, Value]) => `Name=${Name},Value=${Value}`);
    const what = ['--namespace', namespace, '--metric-name', name, '--dimensions', ...given];
    const words = ['cloudwatch', 'get-metric-statistics', ...what, ...span, '--period', '60', '--statistics', 'Sum'];
    const { Datapoints } = await aws<{ Datapoints: readonly { readonly Sum: number }[] }>(...words);
    total += Datapoints.reduce((sum, { Sum }) => sum + Sum, 0);
  }
  return total;
}
