import { earlierRunId } from '../../core/event/run-ids.js';
import { firstId } from '../../core/ids.js';
import type { Walk } from '../../core/newest-first.js';
import type { ListedRun } from '../../core/run/run-lists.js';
import type { Attempt, RunDefinition } from '../../core/run/task-run.js';
import { recorded } from './attempt-walks.js';
import { type EndpointPlace, SECOND_MS, type SecondItem } from './endpoint-seconds.js';
import type { EventPrefix } from './event-items.js';
import { pendingRun, runsOfEvents } from './event-runs.js';
import { attemptPartition, runKey, runPartition, secondsPartition } from './keys.js';
import { newestItems, type Start } from './newest-items.js';
import { ENDPOINT, type Item } from './run-items.js';
import { idOf, RUNS_AT_ONCE, runsAt } from './run-walks.js';
import type { RunsTable } from './runs-table.js';
import { isLive } from './time-to-live.js';

/** A second in which an endpoint has something: from when (Unix milliseconds), and by which kinds of events, if by any. */
interface Second {
  readonly since: number;
  readonly madeBy: readonly EventPrefix[];
}

/** A busy endpoint's newest second fills a page; a quiet one's page needs many, so each look is at twice as many. */
const MOST_AT_ONCE = 16;
/** Items that a Query looks through for an endpoint's own, unless a megabyte holds fewer. */
const LOOKED_AT_ONCE = 1_000;

/**
 * All runs of an endpoint in one shard: out of each second in which there are some, its own. A step without a row ends each
 * second, so that a page ends also among many of which nothing is kept any more.
 */
export async function* endpointRuns(runs: RunsTable, place: EndpointPlace, start: Start): Walk<ListedRun> {
  for await (const seconds of secondsInGroups(runs, place, 'run', start)) {
    // What an event has made may have nothing of its own yet.
    const found = new Map<string, RunDefinition | undefined>();
    const lookInto = async (second: Second) => {
      for (const item of await itemsIn(runs, place, 'run', second, start)) found.set(idOf(item), undefined);
      for (const made of await madeIn(runs, place, second, start)) found.set(made.id, made);
    };
    await Promise.all(seconds.map(lookInto));
    for (const ids of newestInChunks([...found.keys(), ...endsOf(seconds, 'run')], start)) {
      const keys = ids.filter((id) => found.has(id)).map((id) => runKey(place.project, id));
      const rows = new Map((await runsAt(runs, keys)).map(({ id, row }) => [id, row]));
      for (const id of ids) {
        const made = found.get(id);
        yield { id, row: rows.get(id) ?? (made && pendingRun(made)) };
      }
    }
  }
}

/** The same of attempts from the second on. */
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

function endsOf(seconds: readonly Second[], prefix: 'run' | 'att'): string[] {
  return seconds.map(({ since }) => firstId(prefix, since));
}

async function* secondsInGroups(
  runs: RunsTable,
  place: EndpointPlace,
  prefix: 'run' | 'att',
  start: Start,
): AsyncGenerator<Second[]> {
  let together: Second[] = [];
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
): AsyncGenerator<Second> {
  const partition = { ...runs, value: secondsPartition(project, endpoint, n), prefix, before, size };
  let latest: Second | undefined;
  for await (const items of newestItems<SecondItem>(partition))
    for (const { second: since, madeBy, ttl } of items) {
      if (!isLive({ ttl }, runs.clock.now())) continue;
      const kinds = madeBy ? [madeBy] : [];
      if (latest?.since === since) latest = { since, madeBy: [...new Set([...latest.madeBy, ...kinds])] };
      else {
        if (latest) yield latest;
        latest = { since, madeBy: kinds };
      }
    }
  if (latest) yield latest;
}

/** The endpoint's items of a second: its attempts; or its runs, each by its row, or by a state that says what it is. */
async function itemsIn(
  runs: RunsTable,
  { project, endpoint, n }: EndpointPlace,
  prefix: 'run' | 'att',
  second: Second,
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

/** What events have made for the endpoint in a second, begun or not. */
async function madeIn(
  runs: RunsTable,
  { project, endpoint, n }: EndpointPlace,
  second: Second,
  start: Start,
): Promise<RunDefinition[]> {
  const made: RunDefinition[] = [];
  for (const walk of runsOfEvents(runs, project, n, within(second, start), second.madeBy))
    for await (const { row } of walk) if (row?.definition.endpoint_id === endpoint) made.push(row.definition);
  return made;
}

function within({ since }: Second, { before }: Start): Pick<Start, 'before' | 'since'> {
  return { before: earlierRunId(before, firstId('run', since + SECOND_MS)), since };
}

function newestInChunks(ids: readonly string[], { size }: Start): string[][] {
  const newestFirst = [...ids].sort().reverse();
  const length = Math.min(size, RUNS_AT_ONCE);
  return Array.from({ length: Math.ceil(ids.length / length) }, (_, n) =>
    newestFirst.slice(n * length, (n + 1) * length),
  );
}
