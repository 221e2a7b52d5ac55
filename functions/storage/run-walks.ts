import { hexOf } from '../primitives/ids.js';
import type { Step, Walk } from '../primitives/newest-first.js';
import { runIdsOf } from '../subjects/events/event-runs.js';
import { pendingState } from '../subjects/task-runs/task-run.js';
import type { ListedRun } from '../subjects/task-runs/task-run-lists.js';
import { batchGet } from './batch-get.js';
import { findEvent } from './event-store.js';
import {
  isLive,
  type Key,
  LABEL_END,
  labelPartition,
  projectOf,
  type RunsTable,
  runKey,
  STATE_SUFFIX,
} from './keys.js';
import { newestItems, type Onward, oldestItems, type Start } from './newest-items.js';
import { definitionOf, type Item, stateOf } from './run-items.js';

/** Definition and state of a run are read together, by one BatchGetItem of at most 100 keys. */
export const RUNS_AT_ONCE = 50;

/** All runs of a partition of the table. Newest first, a state comes right before its run's definition. */
export async function* listedRuns(runs: RunsTable, partition: string, { before, size }: Start): Walk<ListedRun> {
  let state: Item | undefined;
  for await (const items of newestItems<Item>({ ...runs, value: partition, prefix: 'run', before, size: 2 * size }))
    for (const item of items) {
      if (item.sk.endsWith(STATE_SUFFIX)) state = item;
      else yield stepOf(runs, item.sk, item, state && idOf(state) === item.sk ? state : undefined);
    }
}

/** The runs of a partition of the table, oldest first: a state comes right behind its run's definition. */
export async function* oldestRuns(runs: RunsTable, partition: string, { size, ...onward }: Onward): Walk<ListedRun> {
  let definition: Item | undefined;
  for await (const items of oldestItems<Item>({ ...runs, ...onward, value: partition, prefix: 'run', size: 2 * size }))
    for (const item of items) {
      if (definition) yield stepOf(runs, definition.sk, definition, idOf(item) === definition.sk ? item : undefined);
      definition = item.sk.endsWith(STATE_SUFFIX) ? undefined : item;
    }
  if (definition) yield stepOf(runs, definition.sk, definition);
}

/** The run's id, from the key of its definition or its state. */
export function idOf({ sk }: Key): string {
  return sk.replace(STATE_SUFFIX, '');
}

/** The runs that an event's pages name. */
export async function* runsOfEvent(
  runs: RunsTable,
  project: string,
  event: string,
  start: Pick<Start, 'before'>,
): Walk<ListedRun> {
  const stored = await findEvent(runs, project, event);
  yield* runsOfIds(runs, project, stored ? runIdsOf(stored) : [], start);
}

export async function* runsOfIds(
  runs: RunsTable,
  project: string,
  ids: readonly string[],
  { before }: Pick<Start, 'before'>,
): Walk<ListedRun> {
  const newestFirst = [...ids].sort().reverse();
  const rest = newestFirst.filter((id) => before === undefined || hexOf(id) < hexOf(before));
  for (let start = 0; start < rest.length; start += RUNS_AT_ONCE) {
    const some = rest.slice(start, start + RUNS_AT_ONCE);
    yield* await runsAt(
      runs,
      some.map((id) => runKey(project, id)),
    );
  }
}

/** The runs that a partition of an index names, read from the table; runs of other projects have no row. */
export async function* indexedRuns(
  runs: RunsTable,
  { index, value }: { readonly index: 'g1' | 'g2' | 'g3'; readonly value: string },
  projects: ReadonlySet<string>,
  { before, size }: Start,
): Walk<ListedRun> {
  const partition = { ...runs, index, value, prefix: 'run', before, size: Math.min(size, RUNS_AT_ONCE) } as const;
  for await (const keys of newestItems<Key>(partition)) {
    const own = keys.filter((key) => projects.has(projectOf(key)));
    const found = new Map((await runsAt(runs, own.map(runKeyOf))).map((step) => [step.id, step]));
    for (const key of keys) yield found.get(idOf(key)) ?? { id: idOf(key) };
  }
}

/** The runs that have a label, read from the table. */
export async function* labelledRuns(
  runs: RunsTable,
  project: string,
  n: number,
  label: string,
  { before, size }: Start,
): Walk<ListedRun> {
  for await (const ids of labelledIds(runs, labelPartition(project, n), label, 'run', { before, size }))
    yield* await runsAt(
      runs,
      ids.map((id) => runKey(project, id)),
    );
}

/** Ids of a kind that a partition of labels names, newest first. */
export async function* labelledIds(
  runs: RunsTable,
  value: string,
  label: string,
  prefix: 'run' | 'evt',
  { before, size }: Start,
): AsyncGenerator<string[]> {
  const under = label + LABEL_END;
  const partition = { ...runs, value, prefix, under, before, size: Math.min(size, RUNS_AT_ONCE) };
  for await (const keys of newestItems<Key>(partition)) yield keys.map(({ sk }) => sk.slice(under.length));
}

function runKeyOf(key: Key): Key {
  return { pk: key.pk, sk: idOf(key) };
}

/** Runs by their keys, each with its row if there is one. */
export async function runsAt(runs: RunsTable, keys: readonly Key[]): Promise<Step<ListedRun>[]> {
  const items = await batchGet<Item>(
    runs,
    keys.flatMap(({ pk, sk }) => [
      { pk, sk },
      { pk, sk: sk + STATE_SUFFIX },
    ]),
  );
  const bySk = new Map(items.map((item) => [item.sk, item]));
  return keys.map(({ sk }) => stepOf(runs, sk, bySk.get(sk), bySk.get(sk + STATE_SUFFIX)));
}

function stepOf({ clock }: RunsTable, id: string, row?: Item, stateRow?: Item): Step<ListedRun> {
  const now = clock.now();
  const state = stateRow && isLive(stateRow, now) ? stateOf(stateRow) : undefined;
  const definition = row && isLive(row, now) ? definitionOf(row) : undefined;
  return { id, row: definition && { id, definition, state: state ?? pendingState(definition) } };
}
