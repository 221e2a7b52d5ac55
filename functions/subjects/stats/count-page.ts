import { makeId, timeOf } from '../../primitives/ids.js';
import type { Project } from '../projects/project.js';
import { type Attempt, isFinal } from '../task-runs/task-run.js';
import type { ListedRun } from '../task-runs/task-run-lists.js';
import { countAttempt, countEnd, type HourStats } from './hour-stats.js';
import { HOUR_MS, hourOf, type Position, type StatsReader } from './stats-ports.js';

/** Rows per page. */
const PAGE = 1_000;
/** An attempt's id is made when its message is received; the attempt's call follows within this time. */
const CLAIM_LEAD_MS = 10 * 60_000;

export const FIRST: Position = { part: 'created' };

/** An hour that is being counted: its statistics, and its open runs by the hour in which they are read again. */
export interface Count {
  readonly project: Project;
  /** The hour's start (Unix milliseconds). */
  readonly hour: number;
  readonly stats: HourStats;
  readonly open: Map<number, string[]>;
}

/**
 * Counts a page of an hour: the attempts that started in it, and the runs that ended in it. Only the runs themselves
 * say when something happened. So the runs are read that were made in the hour, tried again in it, or left open by
 * earlier hours. A repeat has the same result, as long as every attempt of the hour is over.
 * @returns where to continue; undefined if the hour is counted
 */
export async function countPage(reader: StatsReader, count: Count, position: Position): Promise<Position | undefined> {
  const { part, after } = position;
  if (part === 'created') return countCreated(reader, count, after);
  if (part === 'retried') return countRetried(reader, count, after);
  const runs = await reader.stats.carried(count.project.id, count.hour, after);
  if (runs === undefined) return undefined;
  await countCarried(reader, count, runs);
  return { part, after: runs.name };
}

async function countCreated({ runLists }: StatsReader, count: Count, after: string | undefined): Promise<Position> {
  const before = after ?? makeId('run', count.hour + HOUR_MS, Buffer.alloc(8));
  const { rows, end } = await runLists.runs([count.project], { since: count.hour }, before, PAGE);
  for (const run of rows) countRun(count, run, 0);
  return end === undefined ? { part: 'retried' } : { part: 'created', after: end };
}

async function countRetried(reader: StatsReader, count: Count, after: string | undefined): Promise<Position> {
  const { project, hour } = count;
  const before = after ?? makeId('att', hour + HOUR_MS, Buffer.alloc(8));
  const { rows, end } = await reader.runLists.laterAttempts([project], before, PAGE);
  const own = rows.filter(({ started_at }) => started_at >= hour && started_at < hour + HOUR_MS);
  const ids = [...new Set(own.map(({ run_id }) => run_id))];
  const runs = new Map((await reader.runLists.byIds(project.id, ids)).map((run) => [run.id, run]));
  for (const attempt of own) countLater(count, attempt, runs.get(attempt.run_id));
  const isOver = end === undefined || timeOf(end) < hour - CLAIM_LEAD_MS;
  return isOver ? { part: 'carried' } : { part: 'retried', after: end };
}

/** Counts carried runs, which were open at `since` (Unix milliseconds). */
export async function countCarried(
  { runLists }: StatsReader,
  count: Count,
  { since, ids }: { readonly since: number; readonly ids: readonly string[] },
): Promise<void> {
  for (const run of await runLists.byIds(count.project.id, ids)) countRun(count, run, since);
}

/** A replayed run is no longer carried from hour to hour: its attempts alone are counted. */
function countRun({ hour, stats, open }: Count, { id, definition, state }: ListedRun, since: number): void {
  const end = hour + HOUR_MS;
  const first = state.first_attempt;
  const isTried = first !== undefined && first.started_at < end;
  if (isTried && first.started_at >= since) countAttempt(stats, first);
  if (state.epoch > 0) return;
  if (isFinal(state.status) && state.finished_at! < end) {
    if (state.finished_at! >= since) countEnd(stats, state);
    return;
  }
  // A delayed run is carried to its due hour. Other runs are read every hour: a person may end them at any time.
  const next = isTried ? end : Math.max(end, hourOf(definition.due));
  open.set(next, [...(open.get(next) ?? []), id]);
}

/** An attempt that its run does not name has lost against another worker's attempt, and was never recorded. */
function countLater({ stats }: Count, attempt: Attempt, run: ListedRun | undefined): void {
  if (!run?.state.later_attempts.includes(attempt.id)) return;
  countAttempt(stats, attempt);
  if (run.state.epoch > 0 && run.state.later_attempts.at(-1) === attempt.id) countEnd(stats, run.state);
}
