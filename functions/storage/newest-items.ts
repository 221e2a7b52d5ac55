import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { firstId, type IdPrefix, siblingId } from '../primitives/ids.js';
import type { Project } from '../subjects/projects/project.js';
import { LAST } from './keys.js';
import { Table } from './table.js';

/** Start, end and page size of a walk. */
export interface Start {
  /** The walk starts with ids strictly before this id (any sibling's id will do). */
  readonly before: string | undefined;
  /** The walk ends with ids of this moment (Unix milliseconds). */
  readonly since?: number | undefined;
  /** Items that one Query reads. */
  readonly size: number;
}

/** One partition, of a table or of one of its indexes, read backwards. */
export interface Partition extends Start {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** The index's partition key; absent, the table itself is read, strongly consistent. */
  readonly index?: 'g1' | 'g2' | 'g3';
  readonly value: string;
  /** Several kinds of objects may share a partition; their ids tell them apart. */
  readonly prefix: IdPrefix;
  /** What stands before the id in each sort key. */
  readonly under?: string;
  /** A filter expression: items without this value are read and paid for, but not sent. */
  readonly where?: { readonly attribute: string; readonly equals: string };
  /** Answers keys alone, as an index does. */
  readonly keysOnly?: boolean;
}

/** The partition's items, newest first, a page at a time; from an index, their keys alone. */
export async function* newestItems<Item extends { readonly sk: string }>(partition: Partition): AsyncGenerator<Item[]> {
  const { client, table, index, prefix, under = '', before, since, where, keysOnly = false } = partition;
  const low = under + (since === undefined ? `${prefix}_` : firstId(prefix, since));
  const high = under + (before === undefined ? `${prefix}_${LAST}` : siblingId(prefix, before));
  const condition = `#${index ?? 'pk'} = :value AND sk BETWEEN :low AND :high`;
  const values = { value: partition.value, low, high, equals: where?.equals };
  const pages = new Table(client, table).pages<Item>(condition, values, {
    ...(index ? { IndexName: `${index}-index` } : { ConsistentRead: true }),
    ...(where && { FilterExpression: `#${where.attribute} = :equals` }),
    ...(keysOnly && { ProjectionExpression: 'pk, sk' }),
    ScanIndexForward: false,
    Limit: partition.size,
  });
  // BETWEEN includes its bounds, and a key condition takes one condition on the sort key.
  for await (const items of pages) yield items.filter((item) => item.sk !== high);
}

/** A stretch of a partition of the table, read forwards. */
export interface Onward {
  /** The walk starts with ids strictly after this id (any sibling's id will do). */
  readonly after: string;
  /** The walk ends with ids of this moment (Unix milliseconds). */
  readonly until: number;
  /** Items that one Query reads. */
  readonly size: number;
}

/** The partition's items, oldest first, a page at a time; eventually consistent, at half the price. */
export async function* oldestItems<Item>({
  client,
  table,
  value,
  prefix,
  after,
  until,
  size,
}: Onward & Pick<Partition, 'client' | 'table' | 'value' | 'prefix'>): AsyncGenerator<Item[], void> {
  const low = siblingId(prefix, after) + LAST;
  const high = firstId(prefix, until + 1);
  if (low > high) return; // DynamoDB refuses such bounds
  const values = { value, low, high };
  yield* new Table(client, table).pages('pk = :value AND sk BETWEEN :low AND :high', values, { Limit: size });
}

/** How many objects of a partition have this id prefix, up to `most` or somewhat more; eventually consistent. */
export async function countItems(
  client: DynamoDBDocumentClient,
  table: string,
  partition: string,
  prefix: IdPrefix,
  most: number,
): Promise<number> {
  const values = { pk: partition, prefix: `${prefix}_` };
  let all = 0;
  for (let start = {}; ; ) {
    const asked = { Select: 'COUNT', ...start } as const;
    const { count, last } = await new Table(client, table).page('pk = :pk AND begins_with(sk, :prefix)', values, asked);
    all += count;
    if (last === undefined || all >= most) return all;
    start = { ExclusiveStartKey: last };
  }
}

/** One result for each shard of each project. */
export function perShard<Result>(projects: readonly Project[], make: (project: string, n: number) => Result): Result[] {
  return projects.flatMap((project) => shardsOf([project]).map((n) => make(project.id, n)));
}

/** The shards that any of `projects` has: the partitions of some indexes carry no project. */
export function shardsOf(projects: readonly Project[]): number[] {
  return Array.from({ length: Math.max(0, ...projects.map(({ shards }) => shards)) }, (_, n) => n);
}
