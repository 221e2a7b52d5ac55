import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { earlierRunId, runIdsOf } from '../../core/event/run-ids.js';
import { shardOf } from '../../core/ids.js';
import type { Step, Walk } from '../../core/newest-first.js';
import type { Clock } from '../../core/ports.js';
import type { ListedRun } from '../../core/run/run-lists.js';
import { pendingState } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { type Key, projectOf, runPartition, STATE_SUFFIX } from './keys.js';
import { newestItems } from './newest-items.js';
import { definitionOf, type Item, stateOf } from './run-items.js';
import { isLive } from './time-to-live.js';

export interface RunsTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
}

/** Where a walk starts, and how many rows it should have at hand. */
export interface Start {
  readonly before: string | undefined;
  readonly size: number;
}

/** Definition and state of a run are read together, by one BatchGetItem of at most 100 keys. */
const RUNS_AT_ONCE = 50;

/** All runs of a partition of the table, where each run's state comes right before its definition. */
export async function* listedRuns(runs: RunsTable, partition: string, { before, size }: Start): Walk<ListedRun> {
  let state: Item | undefined;
  for await (const items of newestItems<Item>({ ...runs, value: partition, prefix: 'run', before, size: 2 * size }))
    for (const item of items) {
      if (item.sk.endsWith(STATE_SUFFIX)) state = item;
      else yield { id: item.sk, row: listedRun(runs, item, state) };
    }
}

/** The runs of an event, and hardly any other: they lie side by side in the table. */
export async function* runsOfEvent(
  runs: RunsTable,
  project: string,
  event: string,
  { before, size }: Start,
): Walk<ListedRun> {
  const { first, last } = runIdsOf(event);
  const start = { before: earlierRunId(before, last), size };
  for await (const step of listedRuns(runs, runPartition(project, shardOf(event)), start)) {
    if (step.id < first) return;
    yield step;
  }
}

/** The runs that a partition of an index names, as the table has them; those of other projects are no rows. */
export async function* indexedRuns(
  runs: RunsTable,
  { index, value }: { readonly index: 'g1' | 'g2' | 'g3'; readonly value: string },
  projects: ReadonlySet<string>,
  { before, size }: Start,
): Walk<ListedRun> {
  const partition = { ...runs, index, value, prefix: 'run', before, size: Math.min(size, RUNS_AT_ONCE) } as const;
  for await (const named of newestItems<Key>(partition)) {
    const keys = named.map(({ pk, sk }) => ({ pk, sk: sk.replace(STATE_SUFFIX, '') }));
    const own = keys.filter((key) => projects.has(projectOf(key)));
    const found = new Map((await runsAt(runs, own)).map((step) => [step.id, step]));
    for (const { sk } of keys) yield found.get(sk) ?? { id: sk };
  }
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
  return keys.map(({ sk }) => ({ id: sk, row: listedRun(runs, bySk.get(sk), bySk.get(sk + STATE_SUFFIX)) }));
}

function listedRun({ clock }: RunsTable, item?: Item, state?: Item): ListedRun | undefined {
  if (item === undefined || !isLive(item, clock.now())) return undefined;
  const definition = definitionOf(item);
  const itsOwn = state?.sk === item.sk + STATE_SUFFIX ? stateOf(state) : undefined;
  return { id: item.sk, definition, state: itsOwn ?? pendingState(definition) };
}
