import { firstId } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';
import type { ConfigReader } from '../subjects/endpoints/config-reader.js';
import { countedPart } from '../subjects/stats/roll-up.js';
import { type CarriedRuns, HOUR_MS, type StatsStore } from '../subjects/stats/stats-ports.js';
import { isFinal, type RunStatus } from '../subjects/task-runs/task-run.js';
import { batchGet } from './batch-get.js';
import { carriedPartition, type Key, LAST, type RunsTable, runPartition, stateKey } from './keys.js';
import { perShard } from './newest-items.js';
import { fieldsOf } from './rows.js';
import { Table } from './table.js';

/** Of the runs that were made since the last counted hour, the newest so many rows are read: a run has two. */
const ROWS_READ = 400_000;
/** Of the runs that were open at the end of that hour, so many at least stand for all. */
const SAMPLE = 5_000;

interface Row {
  readonly status?: RunStatus;
}

/**
 * Counts the runs of a project that have not ended: those that the last counted hour left open, and those that were made
 * since. No index has the runs whose first attempt is still to come. Where a project has many shards, those whose hours
 * are counted stand for all. Replayed runs are counted by no hour, and are missing. Eventually consistent.
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
    const made = perShard([part], (_, n) => openMade(runs, runPartition(id, n), since, rows));
    const open = await Promise.all([...made, openCarried(runs, id, since)]);
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
    for (const { status } of rows) open += status === undefined ? 1 : isFinal(status) ? -1 : 0;
    read += rows.length;
    if (read >= most) break;
  }
  return Math.max(0, open);
}

async function openCarried(runs: RunsTable, project: string, since: number): Promise<number> {
  let [all, apart, ids] = [0, 1, [] as string[]];
  for await (const id of carriedIds(runs, project, since)) {
    if (all++ % apart === 0) ids.push(id);
    if (ids.length < 2 * SAMPLE) continue;
    ids = ids.filter((_, index) => index % 2 === 0);
    apart *= 2;
  }
  const keys = ids.map((id) => stateKey(project, id));
  const states = await batchGet<Row>(runs, keys, { consistent: false });
  const ended = states.filter(({ status }) => status !== undefined && isFinal(status)).length;
  return ids.length === 0 ? 0 : (all * (ids.length - ended)) / ids.length;
}

async function* carriedIds({ client, table }: RunsTable, project: string, since: number): AsyncGenerator<string> {
  const values = { pk: carriedPartition(project), since: isoTime(since) };
  const pages = new Table(client, table).pages<Key>('pk = :pk AND sk >= :since', values);
  for await (const lists of pages) for (const list of lists) yield* fieldsOf<CarriedRuns>(list).ids;
}
