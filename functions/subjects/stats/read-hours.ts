import { BoundedCache, cachedRead } from '../../primitives/bounded-cache.js';
import type { Clock } from '../../primitives/clock.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Project } from '../projects/project.js';
import { type Count, countCarried, countPage } from './count-page.js';
import { addStats, type HourStats, noStats } from './hour-stats.js';
import { begunHour, countedPart } from './roll-up.js';
import { HOUR_MS, type HourRecord, hourOf, type Position, type StatsReader, type StatsStore } from './stats-ports.js';

/** How long an answer is cached. */
const KEPT_MS = 5_000;
const PROJECTS_KEPT = 1_000;
/** Pages of each part that a request reads at most. */
const PAGES = 2;
const PARTS: readonly Position['part'][] = ['created', 'retried', 'carried'];

interface LiveReader extends StatsReader {
  readonly stats: Pick<StatsStore, 'carried' | 'newest'>;
}

/** An hour that is not rolled up yet, as counted now. */
export interface LiveHour extends HourRecord {
  /** There was more than a request can read: only the newest part is counted. */
  readonly isPartial: boolean;
}

export type LiveHours = (project: Project) => Promise<LiveHour[]>;

/** Counts the last two hours of a project, from the table as it is now; at most once every few seconds. */
export function createLiveHours(reader: LiveReader, clock: Pick<Clock, 'now'>): LiveHours {
  const kept = new BoundedCache<Promise<LiveHour[]>>(PROJECTS_KEPT, { ms: KEPT_MS, now: () => clock.now() });
  return (project) => cachedRead(kept, project.id, () => lastTwo(reader, project, hourOf(clock.now())));
}

/** If the hour before is rolled up, only its open runs count here. They are in lists as soon as that hour is begun. */
async function lastTwo(reader: LiveReader, project: Project, hour: number): Promise<LiveHour[]> {
  const newest = await reader.stats.newest(project.id);
  const isListed = newest !== undefined && newest.hour >= hour - HOUR_MS;
  const before = isListed ? undefined : await countNow(reader, project, hour - HOUR_MS, []);
  const current = await countNow(reader, project, hour, before?.open.get(hour) ?? []);
  return [...(before ? [before.live] : []), current.live];
}

/** `open`: runs that the hour before leaves to this hour, and that are in no list yet. */
async function countNow(reader: StatsReader, project: Project, hour: number, open: readonly string[]) {
  const begun = begunHour(project, hour);
  const count: Count = { project: countedPart(project), hour, stats: begun.stats, open: new Map() };
  let isPartial = false;
  for (const part of PARTS) {
    let position: Position | undefined = { part };
    for (let page = 0; page < PAGES && position?.part === part; page++)
      position = await countPage(reader, count, position);
    isPartial ||= position?.part === part;
  }
  await countCarried(reader, count, { since: hour, ids: open });
  return { live: { ...begun, position: undefined, isPartial }, open: count.open };
}

/** Projects that are read concurrently. */
const PARALLEL = 10;

/** The sum of an hour over several projects. */
export interface ReadHour {
  readonly hour: number;
  readonly stats: HourStats;
  /** Every project's hour is rolled up. */
  readonly isComplete: boolean;
  readonly isSampled: boolean;
}

interface ReadPorts {
  readonly stats: Pick<StatsStore, 'between'>;
  readonly liveHours: LiveHours;
}

/** Every hour from `from` until `until`, both full hours, oldest first, including hours in which nothing happened. */
export async function readHours(
  ports: ReadPorts,
  projects: readonly Project[],
  from: number,
  until: number,
  now: number,
): Promise<ReadHour[]> {
  const found = await mapBounded(projects, PARALLEL, async (project) => {
    const rolledUp = await ports.stats.between(project.id, from, until);
    // The two newest hours are counted live.
    const live = until > now - 2 * HOUR_MS ? await ports.liveHours(project) : [];
    const hours: (HourRecord | LiveHour)[] = [...live, ...rolledUp];
    return { project, hours: new Map(hours.map((one) => [one.hour, one])) };
  });
  return Array.from({ length: (until - from) / HOUR_MS }, (_, index) => {
    const hour = from + index * HOUR_MS;
    const records = found.flatMap(({ hours }) => hours.get(hour) ?? []);
    const stats = noStats();
    for (const record of records) addStats(stats, record.stats, record.factor);
    return {
      hour,
      stats,
      isComplete: found.every(
        ({ project, hours }) => isCounted(hours.get(hour)) || project.created_at > hour + HOUR_MS,
      ),
      isSampled: records.some((record) => record.factor > 1 || ('isPartial' in record && record.isPartial)),
    };
  });
}

function isCounted(record: HourRecord | undefined): boolean {
  return record !== undefined && record.version > 0 && record.position === undefined;
}
