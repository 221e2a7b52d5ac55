import { mapBounded } from '../map-bounded.js';
import type { Project } from '../project/project.js';
import { addStats, type HourStats, noStats } from './hour-stats.js';
import type { LiveHour, LiveHours } from './live-hours.js';
import { HOUR_MS, type HourRecord, type StatsStore } from './stats-ports.js';

/** Projects that are read at the same time. */
const PARALLEL = 10;

/** An hour of several projects together. */
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

/** Every hour from `from` until `until`, both full hours, oldest first, also such in which nothing happened. */
export async function readHours(
  ports: ReadPorts,
  projects: readonly Project[],
  from: number,
  until: number,
  now: number,
): Promise<ReadHour[]> {
  const found = await mapBounded(projects, PARALLEL, async (project) => {
    const rolledUp = await ports.stats.between(project.id, from, until);
    // The two newest hours are the live ones.
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
