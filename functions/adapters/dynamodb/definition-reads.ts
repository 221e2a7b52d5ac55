import { askOnce } from '../../core/ask-once.js';
import type { RunKey } from '../../core/ports.js';
import type { RunDefinition } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { runKey } from './keys.js';
import type { Item } from './run-items.js';
import { wholeRun } from './run-payload.js';
import type { RunsTable } from './runs-table.js';
import { isLive } from './time-to-live.js';

/** What each of these runs is, by one eventually consistent call, and one more for each payload that lies apart. */
export async function definitionsAt(
  runs: RunsTable,
  keys: readonly RunKey[],
): Promise<PromiseSettledResult<RunDefinition | undefined>[]> {
  const wanted = new Map(keys.map(({ project, run }) => [run, runKey(project, run)]));
  const items = await batchGet<Item>(runs, [...wanted.values()], { consistent: false });
  const rows = new Map(items.filter((item) => isLive(item, runs.clock.now())).map((item) => [item.sk, item]));
  const once = askOnce();
  // One by one: a run whose payload is gone must not take the others of its batch along.
  return Promise.allSettled(
    keys.map(async ({ run }) => {
      const row = rows.get(run);
      return row && wholeRun(runs, row, once);
    }),
  );
}
