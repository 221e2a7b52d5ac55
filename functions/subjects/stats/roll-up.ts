import type { Clock } from '../../primitives/clock.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Project } from '../projects/project.js';
import { type Count, countPage, FIRST } from './count-page.js';
import { noStats, worst } from './hour-stats.js';
import { HOUR_MS, type HourRecord, hourOf, type StatsReader, type StatsStore } from './stats-ports.js';

/** An hour is counted this long after its end: by then every call that began in it is recorded (5 min at most). */
export const SETTLED_MS = 10 * 60_000;
/** The first count of a project reaches this far back. */
const FIRST_REACH_MS = 24 * HOUR_MS;
/** Pages between two writes of the position. */
const PAGES_AT_ONCE = 20;
/** Runs in a list that is carried to another hour: 16 KB. */
const CARRIED_AT_ONCE = 1_000;
/** Endpoints stored per hour. */
const FAILING_KEPT = 50;
/** A shard takes about a million runs an hour. If a project has more shards than this, these stand for all of them. */
const SHARDS_COUNTED = 2;

export interface RollUpPorts extends StatsReader {
  readonly stats: StatsStore;
  readonly clock: Clock;
}

/** Projects counted concurrently: counting takes processor time and memory. */
const SIDE_BY_SIDE = 4;

/**
 * Counts every project's hours. What does not fit is counted a quarter of an hour later. The failure of one project
 * does not stop the others.
 * @param deadline Unix milliseconds; what is begun by then takes a few seconds more
 * @throws AggregateError of all failures
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
 * Counts a project's hours, one after another, until all settled hours are counted or `deadline` (Unix milliseconds)
 * has come. After a death the last position continues. Two at a time do the same work; one gives up.
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

/** The part of a project that is counted. */
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

/** The lists of open runs are put before the record that no longer counts these runs. */
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
