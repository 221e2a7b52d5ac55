import { hexOf, siblingId } from '../primitives/ids.js';
import type { Step, Walk } from '../primitives/newest-first.js';
import type { Attempt } from '../subjects/task-runs/task-run.js';
import type { ListedRun } from '../subjects/task-runs/task-run-lists.js';
import { batchGet } from './batch-get.js';
import { attemptKey, isLive, type Key, projectOf, type RunsTable, stateKey } from './keys.js';
import { newestItems, type Onward, oldestItems, type Start } from './newest-items.js';
import { attemptOf, type Item, stateOf } from './run-items.js';

/** First attempts are folded into their runs' states. */
export async function* firstAttempts(runs: Walk<ListedRun>): Walk<Attempt> {
  for await (const { id, row } of runs) yield { id: siblingId('att', id), row: row?.state.first_attempt };
}

/** Second and later attempts in a partition of the table; no row for an attempt that its run's state does not name. */
export async function* listedAttempts(runs: RunsTable, partition: string, { before, size }: Start): Walk<Attempt> {
  for await (const items of newestItems<Item>({ ...runs, value: partition, prefix: 'att', before, size }))
    yield* recorded(runs, items);
}

/** The second and later attempts of an endpoint in one shard, by its index; those of other projects are no rows. */
export async function* endpointAttempts(
  runs: RunsTable,
  value: string,
  projects: ReadonlySet<string>,
  { before, size }: Start,
): Walk<Attempt> {
  const partition = { ...runs, index: 'g1', value, prefix: 'att', before, size: Math.min(size, 100) } as const;
  for await (const keys of newestItems<Key>(partition)) {
    const own = keys.filter((key) => projects.has(projectOf(key)));
    const rows = new Map<string, Attempt | undefined>();
    for await (const { id, row } of recorded(runs, await batchGet<Item>(runs, own))) rows.set(id, row);
    for (const { sk: id } of keys) yield { id, row: rows.get(id) };
  }
}

/** Second and later attempts in a partition, whether their runs' states name them or not. */
export async function* laterAttempts(runs: RunsTable, partition: string, { before, size }: Start): Walk<Attempt> {
  for await (const items of newestItems<Item>({ ...runs, value: partition, prefix: 'att', before, size }))
    yield* liveSteps(runs, items);
}

/** The same, oldest first. */
export async function* oldestAttempts(runs: RunsTable, partition: string, onward: Onward): Walk<Attempt> {
  for await (const items of oldestItems<Item>({ ...runs, ...onward, value: partition, prefix: 'att' }))
    yield* liveSteps(runs, items);
}

/** An expired attempt is no row. */
function liveSteps({ clock }: RunsTable, items: readonly Item[]): Step<Attempt>[] {
  return items.map((item) => ({ id: item.sk, row: isLive(item, clock.now()) ? attemptOf(item) : undefined }));
}

/** Every recorded attempt of one run. */
export async function* attemptsOfRun(runs: RunsTable, project: string, run: string, before?: string): Walk<Attempt> {
  const state = await stateIn(runs, project, run);
  if (state === undefined) return;
  const later = await batchGet<Item>(
    runs,
    state.later_attempts.map((id) => attemptKey(project, id)),
  );
  const live = later.filter((item) => isLive(item, runs.clock.now()));
  const all = [...(state.first_attempt ? [state.first_attempt] : []), ...live.map(attemptOf)];
  all.sort((a, b) => (hexOf(a.id) < hexOf(b.id) ? 1 : -1));
  for (const row of all) if (before === undefined || hexOf(row.id) < hexOf(before)) yield { id: row.id, row };
}

/** One attempt, if it is part of its run's history. */
export async function findAttempt(runs: RunsTable, project: string, id: string): Promise<Attempt | undefined> {
  const first = (await stateIn(runs, project, siblingId('run', id)))?.first_attempt;
  if (first?.id === id) return first;
  const items = await batchGet<Item>(runs, [attemptKey(project, id)]);
  for await (const { row } of recorded(runs, items)) return row;
  return undefined;
}

/** An attempt that its run's state does not name lost against another worker's attempt: no row. */
export async function* recorded(runs: RunsTable, items: readonly Item[]): Walk<Attempt> {
  const attempts = new Map(
    items.filter((item) => isLive(item, runs.clock.now())).map((item) => [item.sk, attemptOf(item)]),
  );
  const stateKeys = new Map(
    [...attempts.values()].map(({ project_id, run_id }) => [run_id, stateKey(project_id, run_id)] as const),
  );
  const states = await batchGet<Item>(runs, [...stateKeys.values()]);
  const known = new Set(states.flatMap((item) => stateOf(item).later_attempts));
  for (const { sk: id } of items) yield { id, row: known.has(id) ? attempts.get(id) : undefined };
}

async function stateIn(runs: RunsTable, project: string, run: string) {
  const [item] = await batchGet<Item>(runs, [stateKey(project, run)]);
  return item && isLive(item, runs.clock.now()) ? stateOf(item) : undefined;
}
