import { BoundedCache } from '../../primitives/bounded-cache.js';
import type { Clock } from '../../primitives/clock.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import {
  allowanceOf,
  type Quotas,
  quotaOf,
  type UsageStore,
  type WindowQuota,
  windowAt,
} from '../../subjects/projects/quotas.js';

const PROJECTS_KEPT = 1_000;
/** What is counted is reported after this time even where it is little, so that the shown usage is not far behind. */
const REPORT_AFTER_MS = 10 * 60_000;
/** How long an environment that does not read the project goes by the quota that it has read. */
const LIMIT_KEPT_MS = 10 * 60_000;

/** What an environment knows of a project's window. */
interface Count {
  readonly start: number;
  /** The sum of all environments at the last report, and what this one has sent since. */
  reported: number;
  /** Counted here, and not reported yet. */
  own: number;
  /** When the first of these was counted. */
  since: number;
  /** Whether `reported` is the sum of all environments: from the first report on. */
  isSum: boolean;
}

export interface Taken {
  readonly isWithin: boolean;
  /** What is left of the window for all environments, where that is known. */
  readonly left?: number;
}

/** Takes `count` of a project's quota: all or none. */
export type TakeQuota = (quota: WindowQuota, project: string, limit: number, count?: number) => Promise<Taken>;

/**
 * Counts in memory, and adds the count to the sum of all execution environments now and then. The sum is approximate: an
 * environment that ends takes its unreported count along. A store that does not answer refuses nothing.
 */
export function createQuotaCounts(usage: Pick<UsageStore, 'add'>, clock: Pick<Clock, 'now'>): TakeQuota {
  const counts = new BoundedCache<Count>(PROJECTS_KEPT);

  return async (quota, project, limit, wanted = 1) => {
    const now = clock.now();
    const { start } = windowAt(quota, now);
    const key = `${quota} ${project}`;
    const known = counts.get(key);
    const count = known?.start === start ? known : { start, reported: 0, own: 0, since: now, isSum: false };
    if (count !== known) counts.set(key, count);
    const taken = (isWithin: boolean): Taken => {
      const left = Math.max(0, limit - count.reported - count.own);
      return { isWithin, ...(count.isSum && { left }) };
    };
    if (count.reported + count.own + wanted > limit) return taken(false);
    if (count.own === 0) count.since = now;
    count.own += wanted;
    if (count.own < allowanceOf(quota, limit) && now - count.since < REPORT_AFTER_MS) return taken(true);
    await report(count, (sent) => usage.add(project, quota, start, sent));
    return taken(count.reported <= limit);
  };
}

async function report(count: Count, add: (sent: number) => Promise<number>): Promise<void> {
  const sent = count.own;
  // At once, since others are counted while the report is on its way.
  count.own = 0;
  count.reported += sent;
  try {
    count.reported = Math.max(count.reported, await add(sent));
    count.isSum = true;
  } catch {
    count.reported -= sent;
    count.own += sent;
  }
}

/** Takes from the project's runs of the day, where the project itself is not at hand. */
export function createRunQuota(
  take: TakeQuota,
  config: Pick<ConfigReader, 'project'>,
  defaults: Quotas,
  clock: Pick<Clock, 'now'>,
): (project: string, count: number) => Promise<boolean> {
  const limits = new BoundedCache<number>(PROJECTS_KEPT, { ms: LIMIT_KEPT_MS, now: () => clock.now() });
  const read = async (project: string) => {
    const limit = quotaOf((await config.project(project)) ?? {}, 'runs_per_day', defaults);
    limits.set(project, limit);
    return limit;
  };
  return async (project, count) => {
    const known = limits.get(project);
    if ((await take('runs_per_day', project, known ?? (await read(project)), count)).isWithin) return true;
    // An admin may have raised the quota since it was read.
    if (known === undefined || known >= (await read(project))) return false;
    return (await take('runs_per_day', project, limits.get(project)!, count)).isWithin;
  };
}
