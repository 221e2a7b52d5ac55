import type { PageKey } from '../../core/event/event.js';
import type { FreshRun } from '../../core/ports.js';
import type { RunDefinition } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { runsOfPage } from './event-runs.js';
import { runKey } from './keys.js';
import type { Item } from './run-items.js';
import { wholeRun } from './run-payload.js';
import type { RunsTable } from './runs-table.js';
import { isLive } from './time-to-live.js';

/** What each of these runs is, perhaps as it was a moment ago: by one call for all that have a row, and one for each page. */
export function definitionsAt(
  runs: RunsTable,
  fresh: readonly FreshRun[],
): Promise<PromiseSettledResult<RunDefinition | undefined>[]> {
  const rows = rowsOf(runs, fresh);
  const pages = new Map<string, ReturnType<typeof runsOfPage>>();
  const pageAt = (project: string, key: PageKey) => {
    const name = `${project} ${key.event} ${key.after}`;
    const page = pages.get(name) ?? runsOfPage(runs, project, key);
    pages.set(name, page);
    return page;
  };
  // One by one: a run whose payload is gone must not take the others of its batch along.
  return Promise.allSettled(
    fresh.map(async ({ project, run, page }) => {
      if (page) return (await pageAt(project, page)).get(run);
      const row = (await rows).get(run);
      return row && wholeRun(runs, row);
    }),
  );
}

async function rowsOf(runs: RunsTable, fresh: readonly FreshRun[]): Promise<Map<string, Item>> {
  const keys = new Map(fresh.flatMap(({ project, run, page }) => (page ? [] : [[run, runKey(project, run)]])));
  const items = await batchGet<Item>(runs, [...keys.values()], { consistent: false });
  return new Map(items.filter((item) => isLive(item, runs.clock.now())).map((item) => [item.sk, item]));
}
