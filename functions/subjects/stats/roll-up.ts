import type { Clock } from '../../primitives/clock.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Project } from '../projects/project.js';
import { type Count, countPage, FIRST } from './count-page.js';
import { noStats, worst } from './hour-stats.js';
import { HOUR_MS, type HourRecord, hourOf, type StatsReader, type StatsStore } from './stats-ports.js';

/** An hour is counted this long after its end: every call that began in it is over and recorded by then (5 min at most). */
export const SETTLED_MS = 10 * 60_000;
/** A project that was never counted begins with what happened since then. */
const FIRST_REACH_MS = 24 * HOUR_MS;
/** Pages between two writes of how far it came. */
const PAGES_AT_ONCE = 20;
/** Runs per list that waits for another hour: 16 KB. */
const CARRIED_AT_ONCE = 1_000;
/** Endpoints remembered per hour. */
const FAILING_KEPT = 50;
/** A shard takes about a million runs an hour. A project with more than so many stands for itself by these. */
const SHARDS_COUNTED = 2;

export interface RollUpPorts extends StatsReader {
  readonly stats: StatsStore;
  readonly clock: Clock;
}

/** Projects counted side by side: what it takes is the processor, and memory. */
const SIDE_BY_SIDE = 4;

/**
 * Counts every project's hours. What does not fit goes on a quarter of an hour later. A project that cannot be counted keeps
 * no other from it.
 * @param deadline Unix milliseconds; what is begun by then takes some seconds more
 * @throws AggregateError of what failed
 */
export async function rollUpAll(
  ports: RollUpPorts & { readonly lists: { projects(): Promise<Project[]> } },
  deadline: number,
): Promise<void> {
  const errors: unknown[] = [];
  const projects = (await ports.lists.projects()).filter(({ deleted_at }) => deleted_at === undefined);
  await mapBounded(projects, SIDE_BY_SIDE, (project) =>
    rollUp(ports, project, deadline).catch((error) => void errors.push(error)),
  );
  if (errors.length > 0) throw new AggregateError(errors, `the hours of ${errors.length} projects were not counted`);
}

/**
 * Counts a project's hours, one after another, until all that are settled are counted or `deadline` (Unix milliseconds) has
 * come. Who dies goes on where the last write stands; two at once do the same work, and one of them gives up.
 */
export async function rollUp(
  ports: Pick<RollUpPorts, 'clock' | 'runLists' | 'stats'>,
  project: Project,
  deadline: number,
): Promise<void> {
  let record = await ports.stats.newest(project.id);
  for (;;) {
    const begun = record?.position ? record : begunHour(project, hourAfter(project, record, ports.clock.now()));
    const now = ports.clock.now();
    if (begun.hour + HOUR_MS + SETTLED_MS > now || now >= deadline) return;
    record = await countOn(ports, project, begun);
    if (!(await ports.stats.put(project.id, record))) return;
  }
}

/** The part of a project that is looked at. */
export function countedPart(project: Project): Project {
  return { ...project, shards: Math.min(project.shards, SHARDS_COUNTED) };
}

export function begunHour(project: Project, hour: number): HourRecord {
  const factor = project.shards / countedPart(project).shards;
  return { hour, version: 0, stats: noStats(), factor, position: FIRST };
}

function hourAfter(project: Project, last: HourRecord | undefined, now: number): number {
  return last ? last.hour + HOUR_MS : hourOf(Math.max(project.created_at, now - FIRST_REACH_MS));
}

/** What is left open is kept before the record that no longer counts it. */
async function countOn(
  ports: Pick<RollUpPorts, 'runLists' | 'stats'>,
  project: Project,
  seen: HourRecord,
): Promise<HourRecord> {
  const { hour } = seen;
  const stats = structuredClone(seen.stats);
  const count: Count = { project: countedPart(project), hour, stats, open: new Map() };
  let position = seen.position;
  for (let page = 0; page < PAGES_AT_ONCE && position; page++) position = await countPage(ports, count, position);
  const version = seen.version + 1;
  await carry(ports.stats, count, version);
  const failing = Object.fromEntries(worst(stats, FAILING_KEPT));
  return { ...seen, version, stats: { ...stats, failing }, position };
}

async function carry(store: StatsStore, { project, hour, open }: Count, version: number): Promise<void> {
  for (const [into, ids] of open)
    for (let start = 0; start < ids.length; start += CARRIED_AT_ONCE) {
      const name = `${new Date(hour).toISOString()}#${String(version).padStart(6, '0')}#${String(start).padStart(6, '0')}`;
      const part = ids.slice(start, start + CARRIED_AT_ONCE);
      await store.carry(project.id, into, { name, since: hour + HOUR_MS, ids: part });
    }
}
