import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { firstId, type IdPrefix, siblingId } from '../primitives/ids.js';
import type { Project } from '../subjects/projects/project.js';

/** What a Query finds, an answer at a time: `Limit` items or a megabyte. Nothing is asked for before it is wanted. */
export async function* queryPages<Item>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
): AsyncGenerator<Item[], void> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }),
    );
    yield Items as Item[];
    start = LastEvaluatedKey;
  } while (start);
}

/** Where a walk starts and ends, and how much it reads at once. */
export interface Start {
  /** Starts with the ids strictly before this one (any sibling's id will do). */
  readonly before: string | undefined;
  /** Ends with what was made then (Unix milliseconds). */
  readonly since?: number | undefined;
  /** Items that a query reads. */
  readonly size: number;
}

/** One partition, of a table or of one of its indexes, read backwards. */
export interface Partition extends Start {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** The index's partition key; absent, the table itself is read, strongly. */
  readonly index?: 'g1' | 'g2' | 'g3';
  readonly value: string;
  /** Several kinds of objects may share a partition; their ids tell them apart. */
  readonly prefix: IdPrefix;
  /** Only items with this value: the others are read as well, and paid for, but not sent. */
  readonly where?: { readonly attribute: string; readonly equals: string };
  /** Sends no more than the keys, as an index does. */
  readonly keysOnly?: boolean;
}

/** After every id and every key that begins with one. */
const LAST = '~';

/** The partition's items, newest first, a query at a time; from an index, their keys alone. */
export async function* newestItems<Item extends { readonly sk: string }>(partition: Partition): AsyncGenerator<Item[]> {
  const { client, table, index, prefix, before, since, where, keysOnly = false } = partition;
  const low = since === undefined ? `${prefix}_` : firstId(prefix, since);
  const high = before === undefined ? `${prefix}_${LAST}` : siblingId(prefix, before);
  const pages = queryPages<Item>(client, {
    TableName: table,
    ...(index ? { IndexName: `${index}-index` } : { ConsistentRead: true }),
    KeyConditionExpression: '#partition = :value AND sk BETWEEN :low AND :high',
    ...(where && { FilterExpression: '#attribute = :equals' }),
    ...(keysOnly && { ProjectionExpression: 'pk, sk' }),
    ExpressionAttributeNames: { '#partition': index ?? 'pk', ...(where && { '#attribute': where.attribute }) },
    ExpressionAttributeValues: {
      ':value': partition.value,
      ':low': low,
      ':high': high,
      ...(where && { ':equals': where.equals }),
    },
    ScanIndexForward: false,
    Limit: partition.size,
  });
  // BETWEEN includes its bounds, and a sort key takes one condition only.
  for await (const items of pages) yield items.filter((item) => item.sk !== high);
}

/** One result for each shard of each project. */
export function perShard<Result>(projects: readonly Project[], make: (project: string, n: number) => Result): Result[] {
  return projects.flatMap((project) => shardsOf([project]).map((n) => make(project.id, n)));
}

/** The shards that any of these projects has: an endpoint's index partitions carry no project. */
export function shardsOf(projects: readonly Project[]): number[] {
  return Array.from({ length: Math.max(0, ...projects.map(({ shards }) => shards)) }, (_, n) => n);
}
