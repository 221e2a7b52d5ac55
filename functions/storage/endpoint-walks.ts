import { firstId } from '../primitives/ids.js';
import type { Walk } from '../primitives/newest-first.js';
import { earlierRunId } from '../subjects/events/event-runs.js';
import type { Attempt } from '../subjects/task-runs/task-run.js';
import type { ListedRun } from '../subjects/task-runs/task-run-lists.js';
import { recorded } from './attempt-walks.js';
import { type EndpointPlace, SECOND_MS, type SecondItem } from './endpoint-seconds.js';
import { attemptPartition, isLive, type RunsTable, runKey, runPartition, secondsPartition } from './keys.js';
import { newestItems, type Start } from './newest-items.js';
import { ENDPOINT, type Item } from './run-items.js';
import { RUNS_AT_ONCE, runsAt } from './run-walks.js';

/** A busy endpoint's newest second fills a page; a quiet endpoint needs many seconds, so each read doubles them. */
const MOST_AT_ONCE = 16;
/** Items that one Query filters for the endpoint's own, unless a megabyte holds fewer. */
const LOOKED_AT_ONCE = 1_000;

/**
 * All runs of an endpoint in one shard, second by second. A step without a row ends each second, so that a page ends
 * even where many seconds hold nothing but expired runs.
 */
export async function* endpointRuns(runs: RunsTable, place: EndpointPlace, start: Start): Walk<ListedRun> {
  for await (const seconds of secondsInGroups(runs, place, 'run', start)) {
    const items = await Promise.all(seconds.map((second) => itemsIn(runs, place, 'run', second, start)));
    const found = new Set(items.flat().map(({ sk }) => sk));
    for (const ids of newestInChunks([...found, ...endsOf(seconds, 'run')], start)) {
      const keys = ids.filter((id) => found.has(id)).map((id) => runKey(place.project, id));
      const rows = new Map((await runsAt(runs, keys)).map(({ id, row }) => [id, row]));
      for (const id of ids) yield { id, row: rows.get(id) };
    }
  }
}

/** The endpoint's second and later attempts in one shard, as `endpointRuns` walks its runs. */
export async function* endpointAttempts(runs: RunsTable, place: EndpointPlace, start: Start): Walk<Attempt> {
  for await (const seconds of secondsInGroups(runs, place, 'att', start)) {
    const items = await Promise.all(seconds.map((second) => itemsIn(runs, place, 'att', second, start)));
    const found = new Map(items.flat().map((item) => [item.sk, item]));
    for (const ids of newestInChunks([...found.keys(), ...endsOf(seconds, 'att')], start)) {
      const rows = new Map<string, Attempt | undefined>();
      const kept = ids.flatMap((id) => found.get(id) ?? []);
      for await (const { id, row } of recorded(runs, kept)) rows.set(id, row);
      for (const id of ids) yield { id, row: rows.get(id) };
    }
  }
}

function endsOf(seconds: readonly number[], prefix: 'run' | 'att'): string[] {
  return seconds.map((second) => firstId(prefix, second));
}

async function* secondsInGroups(
  runs: RunsTable,
  place: EndpointPlace,
  prefix: 'run' | 'att',
  start: Start,
): AsyncGenerator<number[]> {
  let together: number[] = [];
  let enough = 1;
  for await (const second of secondsOf(runs, place, prefix, start)) {
    together.push(second);
    if (together.length < enough) continue;
    yield together;
    together = [];
    enough = Math.min(2 * enough, MOST_AT_ONCE);
  }
  yield together;
}

async function* secondsOf(
  runs: RunsTable,
  { project, endpoint, n }: EndpointPlace,
  prefix: 'run' | 'att',
  { before, size }: Start,
): AsyncGenerator<number> {
  const partition = { ...runs, value: secondsPartition(project, endpoint, n), prefix, before, size };
  let latest: number | undefined;
  for await (const items of newestItems<SecondItem>(partition))
    for (const { second, ttl } of items) {
      if (second === latest || !isLive({ ttl }, runs.clock.now())) continue;
      latest = second;
      yield second;
    }
}

/** The endpoint's items of a second (Unix milliseconds): its attempts, or the rows of its runs. */
async function itemsIn(
  runs: RunsTable,
  { project, endpoint, n }: EndpointPlace,
  prefix: 'run' | 'att',
  second: number,
  start: Start,
): Promise<Item[]> {
  const value = prefix === 'run' ? runPartition(project, n) : attemptPartition(project, n);
  const where = { attribute: ENDPOINT, equals: endpoint };
  const found: Item[] = [];
  const some = { where, keysOnly: prefix === 'run', size: LOOKED_AT_ONCE };
  const partition = { ...runs, value, prefix, ...within(second, start), ...some };
  for await (const items of newestItems<Item>(partition)) found.push(...items);
  return found;
}

function within(second: number, { before }: Start): Pick<Start, 'before' | 'since'> {
  return { before: earlierRunId(before, firstId('run', second + SECOND_MS)), since: second };
}

function newestInChunks(ids: readonly string[], { size }: Start): string[][] {
  const newestFirst = [...ids].sort().reverse();
  const length = Math.min(size, RUNS_AT_ONCE);
  return Array.from({ length: Math.ceil(ids.length / length) }, (_, n) =>
    newestFirst.slice(n * length, (n + 1) * length),
  );
}
