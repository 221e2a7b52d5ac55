import type { PageKey, StoredEvent } from '../../core/event/event.js';
import { runsOf } from '../../core/event/event-runs.js';
import { hexOf, shardOf } from '../../core/ids.js';
import type { Step, Walk } from '../../core/newest-first.js';
import type { RunKey } from '../../core/ports.js';
import type { ListedRun } from '../../core/run/run-lists.js';
import { type Payload, pendingState, type RunDefinition } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { EVENTS, type EventPrefix, storedEvents } from './event-items.js';
import { eventKey, eventPartition, pageKey } from './keys.js';
import { newestItems, type Start } from './newest-items.js';
import { readPayload } from './payload-item.js';
import { readTogether } from './read-together.js';
import type { Item } from './run-items.js';
import type { RunsTable } from './runs-table.js';
import { isLive } from './time-to-live.js';

/** Of an id: its prefix, and the digits of its time. */
const MOMENT_LENGTH = 4 + 12;
const ITEMS_AT_ONCE = 20;

/** An event and the pages of its fan-out. Without a payload that lies apart. */
export async function findEvent(runs: RunsTable, project: string, id: string): Promise<StoredEvent | undefined> {
  const items = await readTogether(runs, eventKey(project, id));
  return storedEvents(items.values())[0];
}

/** The payload of an event's runs. It never changes, so a look at half the price does; it may be too early for that. */
export async function eventPayload(runs: RunsTable, project: string, id: string): Promise<Payload | undefined> {
  const look = (consistent: boolean) => batchGet<Item>(runs, [eventKey(project, id)], { consistent });
  const [item = (await look(true))[0]] = await look(false);
  const [stored] = item && isLive(item, runs.clock.now()) ? storedEvents([item]) : [];
  return stored && payloadOf(runs, stored);
}

/** The runs of a page, by their ids and with their payload; perhaps as things were a moment ago. */
export async function runsOfPage(runs: RunsTable, project: string, page: PageKey): Promise<Map<string, RunDefinition>> {
  const keys = [eventKey(project, page.event), pageKey(project, page)];
  const items = await batchGet<Item>(runs, keys, { consistent: false });
  const inOrder = keys.flatMap(({ sk }) => items.find((item) => item.sk === sk) ?? []);
  const [stored] = storedEvents(inOrder.filter((item) => isLive(item, runs.clock.now())));
  const made = stored ? runsOf(stored).filter(isCurrent(runs)) : [];
  const payload = stored && made.length > 0 ? await payloadOf(runs, stored) : undefined;
  return new Map(made.map((run) => [run.id, { ...run, ...(payload && { payload }) }]));
}

/** A run that has nothing of its own: an event of its very moment has made it. Without its payload. */
export async function runMadeByEvent(runs: RunsTable, { project, run }: RunKey): Promise<RunDefinition | undefined> {
  const pk = eventPartition(project, shardOf(run));
  const ofItsMoment = EVENTS.map((prefix) => `${prefix}_${hexOf(run)}`.slice(0, MOMENT_LENGTH));
  const found = await Promise.all(ofItsMoment.map((sk) => readTogether(runs, { pk, sk })));
  const events = found.flatMap((items) => storedEvents(items.values()));
  return events.flatMap(runsOf).find((made) => made.id === run && isCurrent(runs)(made));
}

async function payloadOf(runs: RunsTable, { event, payloadApart }: StoredEvent): Promise<Payload | undefined> {
  return payloadApart ? readPayload(runs, event.project_id, event.id) : event.payload;
}

/** Who has not begun by then never will: no message waits so long. A state would say more, and lives longer. */
export function isCurrent({ clock }: RunsTable): (run: RunDefinition) => boolean {
  return ({ expires_at }) => expires_at > clock.now();
}

/** All runs that the events of a shard have made, newest first, as if none had begun. */
export function runsOfEvents(
  runs: RunsTable,
  project: string,
  n: number,
  start: Pick<Start, 'before' | 'since'>,
  kinds: readonly EventPrefix[] = EVENTS,
): Walk<ListedRun>[] {
  return kinds.map((prefix) => walkEvents(runs, eventPartition(project, n), prefix, start));
}

/** A batch publishes its events at the same moment, and their runs' order is another than theirs. */
async function* walkEvents(
  runs: RunsTable,
  value: string,
  prefix: EventPrefix,
  { before, since }: Pick<Start, 'before' | 'since'>,
): Walk<ListedRun> {
  let moment: Item[] = [];
  const from = before && `${prefix}_${hexOf(before).slice(0, 12)}${'f'.repeat(20)}`;
  for await (const items of newestItems<Item>({ ...runs, value, prefix, before: from, since, size: ITEMS_AT_ONCE }))
    for (const item of items) {
      if (moment.length > 0 && momentOf(item) !== momentOf(moment[0]!)) {
        yield* pendingRuns(runs, moment, before);
        moment = [];
      }
      moment.push(item);
    }
  yield* pendingRuns(runs, moment, before);
}

function momentOf({ sk }: Item): string {
  return sk.slice(0, MOMENT_LENGTH);
}

/** `newestFirst`: events of one moment, each behind its pages. */
function* pendingRuns(runs: RunsTable, newestFirst: Item[], before: string | undefined): Generator<Step<ListedRun>> {
  const events = storedEvents(newestFirst.reverse().filter((item) => isLive(item, runs.clock.now())));
  const made = events.flatMap(runsOf).filter(isCurrent(runs));
  for (const definition of newestBefore(made, before)) yield { id: definition.id, row: pendingRun(definition) };
}

/** Those before the id `before` (any sibling's id will do), the newest first. */
export function newestBefore(made: readonly RunDefinition[], before: string | undefined): RunDefinition[] {
  const rest = made.filter(({ id }) => before === undefined || hexOf(id) < hexOf(before));
  return rest.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** As lists show a run that has no state. */
export function pendingRun(definition: RunDefinition): ListedRun {
  return { id: definition.id, definition, state: pendingState(definition) };
}
