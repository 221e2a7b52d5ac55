import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { firstId, timeOf } from '../primitives/ids.js';
import { mergeNewest, takePage } from '../primitives/newest-first.js';
import type { Made, Span, SweepLists } from '../protocol/sweep/sweep-ports.js';
import type { BulkJob } from '../subjects/bulk-jobs/bulk-job.js';
import { isFannedOut } from '../subjects/events/event.js';
import type { Project } from '../subjects/projects/project.js';
import type { ScheduleClock } from '../subjects/schedules/schedule.js';
import type { ConfigStore } from './config-store.js';
import { EVENTS, type EventPrefix, storedEvents } from './event-store.js';
import {
  bulkPartition,
  eventPartition,
  isLive,
  type Key,
  LAST,
  type RunsTable,
  runPartition,
  valueIn,
  waitingIndex,
} from './keys.js';
import { perShard, shardsOf } from './newest-items.js';
import type { Item } from './run-items.js';
import { createRunLists } from './run-lists.js';
import { idOf, indexedRuns } from './run-walks.js';
import { Table } from './table.js';

const PAGE_SIZE = 500;
/** Rows that `madeIn` reads of one kind and shard. A run has one or two rows, an event one and one for each page. */
const MADE_ROWS = 2_000;
type Row = Key & { readonly status?: string };

export interface SweptTables {
  readonly client: DynamoDBDocumentClient;
  readonly runs: string;
  readonly config: string;
  readonly clock: Clock;
}

/** The reconciler's lists. Rows older than ten minutes are read eventually consistent, at half the price. */
export function createSweepLists(
  { client, runs: table, config, clock }: SweptTables,
  store: Pick<ConfigStore, 'everyProject' | 'endpoints'>,
): SweepLists {
  const runs: RunsTable = { client, table, clock };
  return {
    byIds: createRunLists(client, table, clock).byIds,
    projects: store.everyProject,
    madeIn: (project, span) => madeIn(runs, project, span),

    waiting(project, before) {
      const ids = new Set([project.id]);
      const start = { before, size: PAGE_SIZE };
      const walks = perShard([project], (id, n) =>
        indexedRuns(runs, { index: 'g2', value: waitingIndex(id, n) }, ids, start),
      );
      return takePage(mergeNewest(walks), PAGE_SIZE);
    },

    async lateClocks(project, until, before) {
      // DynamoDB reads pages of a megabyte and answers only the late clocks.
      const span = { project, low: 'clk_', high: `clk_${LAST}`, active: 'active', until };
      const found = await new Table(client, config).page<Key>('pk = :project AND sk BETWEEN :low AND :high', span, {
        FilterExpression: '#status = :active AND next_at <= :until',
        ScanIndexForward: false,
        ...(before !== undefined && { ExclusiveStartKey: { pk: project, sk: before } }),
      });
      const rows = found.items.map((item) => valueIn<ScheduleClock>(item));
      return { rows, ...(found.last && { end: found.last['sk'] }) };
    },

    endpoints: (project) => store.endpoints(project, undefined, Infinity),

    async runningJobs(project) {
      const found: BulkJob[] = [];
      const values = { pk: bulkPartition(project), running: 'running' };
      const asked = { FilterExpression: '#status = :running' };
      const pages = new Table(client, table).pages<Key & BulkJob & { ttl: number }>('pk = :pk', values, asked);
      for await (const jobs of pages)
        found.push(...jobs.filter((job) => isLive(job, clock.now())).map((job) => valueIn<BulkJob>(job)));
      return found;
    },
  };
}

/** Rows of all shards in the order of their ids, up to the moment that the reads of all shards have reached. */
async function madeIn(runs: RunsTable, project: Project, span: Span): Promise<Made> {
  const shards = shardsOf([project]);
  const [rows, eventRows] = await Promise.all([
    Promise.all(shards.map((n) => rowsIn<Row>(runs, runPartition(project.id, n), 'run', span, STATUS))),
    Promise.all(
      shards.flatMap((n) => EVENTS.map((prefix) => rowsIn<Item>(runs, eventPartition(project.id, n), prefix, span))),
    ),
  ]);
  const until = Math.min(...[...rows, ...eventRows].map((part) => part.until));
  const isLooked = ({ sk }: Key) => madeAt(sk) <= until;
  const isCurrent = (item: Item) => isLooked(item) && isLive(item, runs.clock.now());
  const events = eventRows.flatMap((part) => storedEvents(part.rows.filter(isCurrent)));
  // A state sorts behind its run's definition, so its status replaces the definition's.
  const statuses = new Map(rows.flatMap((part) => part.rows.filter(isLooked)).map((row) => [idOf(row), row.status]));
  const open = [...statuses].filter(([, status = 'pending']) => status === 'pending' || status === 'running');
  return { runs: open.map(([id]) => id), events: events.filter((stored) => !isFannedOut(stored)), until };
}

const STATUS = { ProjectionExpression: 'sk, #status' } as const;

/** The moment (Unix milliseconds) in the id with which the key of a state or page begins. */
const madeAt = (sk: string): number => timeOf(sk.split('#', 1)[0]!);

/** Rows of a partition within the span, and the moment (Unix milliseconds) up to which they are complete. */
async function rowsIn<Found extends Key>(
  runs: RunsTable,
  pk: string,
  prefix: 'run' | EventPrefix,
  { from, until }: Span,
  shown: Partial<typeof STATUS> = {},
): Promise<{ rows: Found[]; until: number }> {
  const rows: Found[] = [];
  const values = { pk, low: firstId(prefix, from + 1), high: firstId(prefix, until + 1) };
  const asked = { Limit: MADE_ROWS, ...shown };
  const pages = new Table(runs.client, runs.table).pages<Found>(
    'pk = :pk AND sk BETWEEN :low AND :high',
    values,
    asked,
  );
  for await (const items of pages) {
    rows.push(...items);
    const last = rows.at(-1);
    if (rows.length < MADE_ROWS || last === undefined) continue;
    const whole = madeAt(last.sk) - 1;
    if (whole > from) return { rows, until: whole };
  }
  return { rows, until };
}
