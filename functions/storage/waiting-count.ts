import { firstId } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';
import type { ConfigReader } from '../subjects/endpoints/config-reader.js';
import { countedPart } from '../subjects/stats/roll-up.js';
import { type CarriedRuns, HOUR_MS, type StatsStore } from '../subjects/stats/stats-ports.js';
import { isFinal, type RunStatus } from '../subjects/task-runs/task-run.js';
import { batchGet } from './batch-get.js';
import { carriedPartition, type Key, LAST, type RunsTable, runPartition, stateKey, waitingIndex } from './keys.js';
import { perShard } from './newest-items.js';
import { fieldsOf } from './rows.js';
import { idOf } from './run-walks.js';
import { Table } from './table.js';

/** Of the runs that were made since the last counted hour, the newest so many rows are read: a run has two. */
const ROWS_READ = 400_000;
/** Of the runs that were made before that hour's end and may be open, so many at least stand for all. */
const SAMPLE = 5_000;

interface Row {
  readonly status?: RunStatus;
  readonly epoch?: number;
}

/**
 * Counts the runs of a project that have not ended: those that the last counted hour left open, those that were made
 * since, and older ones that were replayed, which no hour carries on. No index has the runs whose first attempt is still
 * to come. Where a project has many shards, those whose hours are counted stand for all. Eventually consistent.
 */
export function createWaitingCount(
  runs: RunsTable,
  stats: Pick<StatsStore, 'newest'>,
  config: Pick<ConfigReader, 'project'>,
): (project: string) => Promise<number> {
  return async (id) => {
    const project = await config.project(id);
    if (project === undefined) return 0;
    const [part, newest] = [countedPart(project), await stats.newest(id)];
    const since = newest ? newest.hour + (newest.position ? 0 : HOUR_MS) : project.created_at;
    const rows = ROWS_READ / part.shards;
    const open = await Promise.all([
      ...perShard([part], (_, n) => openMade(runs, runPartition(id, n), since, rows)),
      openOf(runs, id, carriedIds(runs, id, since), ({ epoch = 0 }) => epoch === 0),
      ...perShard([part], (_, n) =>
        openOf(runs, id, tried(runs, waitingIndex(id, n), since), ({ epoch = 0 }) => epoch > 0),
      ),
    ]);
    return Math.round((open.reduce((sum, one) => sum + one) * project.shards) / part.shards);
  };
}

/** A run without a state has not begun. */
async function openMade({ client, table }: RunsTable, pk: string, since: number, most: number): Promise<number> {
  let [open, read] = [0, 0];
  const values = { pk, first: firstId('run', since), last: `run_${LAST}` };
  const asked = { ProjectionExpression: 'sk, #status', ScanIndexForward: false };
  const pages = new Table(client, table).pages<Row>('pk = :pk AND sk BETWEEN :first AND :last', values, asked);
  for await (const rows of pages) {
    for (const row of rows) open += row.status === undefined ? 1 : isEnded(row) ? -1 : 0;
    read += rows.length;
    if (read >= most) break;
  }
  return Math.max(0, open);
}

/** How many of the runs are open and `isMeant`. A run without a state has not begun, and is both. */
async function openOf(
  runs: RunsTable,
  project: string,
  walk: AsyncIterable<string>,
  isMeant: (state: Row) => boolean,
): Promise<number> {
  let [all, apart, ids] = [0, 1, [] as string[]];
  for await (const id of walk) {
    if (all++ % apart === 0) ids.push(id);
    if (ids.length < 2 * SAMPLE) continue;
    ids = ids.filter((_, index) => index % 2 === 0);
    apart *= 2;
  }
  const keys = ids.map((id) => stateKey(project, id));
  const states = await batchGet<Row>(runs, keys, { consistent: false });
  const others = states.filter((state) => isEnded(state) || !isMeant(state)).length;
  return ids.length === 0 ? 0 : (all * (ids.length - others)) / ids.length;
}

const isEnded = ({ status }: Row) => status !== undefined && isFinal(status);

async function* carriedIds({ client, table }: RunsTable, project: string, since: number): AsyncGenerator<string> {
  const values = { pk: carriedPartition(project), since: isoTime(since) };
  const pages = new Table(client, table).pages<Key>('pk = :pk AND sk >= :since', values);
  for await (const lists of pages) for (const list of lists) yield* fieldsOf<CarriedRuns>(list).ids;
}

/** Runs that were made before `since`, and wait for a retry or were replayed. */
async function* tried({ client, table }: RunsTable, partition: string, since: number): AsyncGenerator<string> {
  const values = { partition, since: firstId('run', since) };
  const pages = new Table(client, table).pages<Key>('g2 = :partition AND sk < :since', values, {
    IndexName: 'g2-index',
  });
  for await (const states of pages) yield* states.map(idOf);
}
