import { BoundedCache } from '../../primitives/bounded-cache.js';
import type { Clock } from '../../primitives/clock.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import {
  allowanceOf,
  isSummed,
  type NewRuns,
  type QuotaName,
  type Quotas,
  quotaOf,
  type UsageStore,
  type WindowQuota,
  windowAt,
} from '../../subjects/projects/quotas.js';
import type { WaitingRuns } from './waiting-runs.js';

const PROJECTS_KEPT = 1_000;
/** What is counted is reported after this time even where it is little, so that the shown usage is not far behind. */
const REPORT_AFTER_MS = 10 * 60_000;
/** How long an environment that does not read the project goes by the quota that it has read. */
const LIMIT_KEPT_MS = 10 * 60_000;

/** A count of waiting runs holds for its day and the next one, on each of which environments may end unreported. */
const COUNTED_DAYS = 2;

/** What an environment knows of a project's window. */
interface Count {
  readonly start: number;
  /** The sum of all environments at the last report, and what this one has sent since. */
  reported: number;
  /** Counted here, and not reported yet. */
  own: number;
  /** When the first of these was counted. */
  since: number;
  /** Of a quota of several windows: what those before have used. */
  before?: Promise<number> | undefined;
  /** Whether `reported` is the sum of all environments: from the first report on. */
  isSum: boolean;
}

export interface Taken {
  readonly isWithin: boolean;
  /** What is left of the window for all environments, where that is known. */
  readonly left?: number;
  /** Refused since more runs would wait than may. */
  readonly isForWaiting?: boolean;
}

/**
 * Takes `count` of a project's quota: all or none.
 * @param mostWaiting of runs: how many may wait
 */
export type TakeQuota = (
  quota: WindowQuota,
  project: string,
  limit: number,
  count?: number,
  mostWaiting?: number,
) => Promise<Taken>;

/**
 * Counts in memory, and adds the count to the sum of all execution environments now and then. The sum is approximate: an
 * environment that ends takes its unreported count along. A store that does not answer refuses nothing.
 */
export function createQuotaCounts(
  usage: Pick<UsageStore, 'add' | 'before'>,
  clock: Pick<Clock, 'now'>,
  waiting?: WaitingRuns,
): TakeQuota {
  const counts = new BoundedCache<Count>(PROJECTS_KEPT);

  const take: TakeQuota = async (quota, project, limit, wanted = 1, mostWaiting = Infinity) => {
    const now = clock.now();
    const { start } = windowAt(quota, now);
    const key = `${quota} ${project}`;
    const known = counts.get(key);
    const count: Count = known?.start === start ? known : { start, reported: 0, own: 0, since: now, isSum: false };
    if (count !== known) counts.set(key, count);
    const free = limit - (isSummed(quota) ? await usedBefore(count, () => usage.before(project, quota, start)) : 0);
    // Each run that is made is one more that waits, at most.
    const room = Math.min(free, mostWaiting - (await beyondMade(mostWaiting, project, start)));
    const taken = (isWithin: boolean): Taken => {
      const left = Math.max(0, room - count.reported - count.own);
      return { isWithin, ...(count.isSum && { left }) };
    };
    const refused = async (): Promise<Taken> => {
      if (room === free) return taken(false);
      const isCounted = await waiting!.countAgain(project, start).catch(() => false);
      return isCounted ? take(quota, project, limit, wanted, mostWaiting) : { ...taken(false), isForWaiting: true };
    };
    if (count.reported + count.own + wanted > room) return refused();
    if (count.own === 0) count.since = now;
    count.own += wanted;
    const allowance = allowanceOf(quota, Math.min(limit, mostWaiting / COUNTED_DAYS));
    if (count.own < allowance && now - count.since < REPORT_AFTER_MS) return taken(true);
    const add = (sent: number) => usage.add(project, quota, start, sent);
    await report(count, add);
    if (count.reported <= room) return taken(true);
    // What is refused is not used.
    count.own -= wanted;
    await report(count, add);
    return refused();
  };

  const beyondMade = async (mostWaiting: number, project: string, start: number): Promise<number> =>
    waiting === undefined || mostWaiting === Infinity
      ? -Infinity
      : waiting.beyond(project, start).catch(() => -Infinity);
  return take;
}

/** Read once. Without an answer, what is used counts from the window's begin. */
function usedBefore(count: Count, read: () => Promise<number>): Promise<number> {
  count.before ??= read().catch(() => {
    count.before = undefined;
    return 0;
  });
  return count.before;
}

async function report(count: Count, add: (sent: number) => Promise<number>): Promise<void> {
  const sent = count.own;
  // At once, since others are counted while the report is on its way.
  count.own = 0;
  count.reported += sent;
  try {
    const sum = await add(sent);
    count.reported = sent < 0 ? sum : Math.max(count.reported, sum);
    count.isSum = true;
  } catch {
    count.reported -= sent;
    count.own += sent;
  }
}

/** Takes all or none. @returns the quota that has no room for the runs */
export async function takeRuns(
  take: TakeQuota,
  project: string,
  limitOf: (quota: QuotaName) => number,
  { count, bytes }: NewRuns,
): Promise<'stored_bytes' | 'runs_per_day' | 'waiting_runs' | undefined> {
  const takeBytes = async (more: number) =>
    more === 0 || (await take('stored_bytes', project, limitOf('stored_bytes'), more)).isWithin;
  if (!(await takeBytes(bytes))) return 'stored_bytes';
  const taken = await take('runs_per_day', project, limitOf('runs_per_day'), count, limitOf('waiting_runs'));
  if (taken.isWithin) return undefined;
  await takeBytes(-bytes);
  return taken.isForWaiting ? 'waiting_runs' : 'runs_per_day';
}

/** Takes from the quotas for runs, where the project itself is not at hand. */
export function createRunQuota(
  take: TakeQuota,
  config: Pick<ConfigReader, 'project'>,
  defaults: Quotas,
  clock: Pick<Clock, 'now'>,
): (project: string, runs: NewRuns) => Promise<boolean> {
  const own = new BoundedCache<Partial<Quotas>>(PROJECTS_KEPT, { ms: LIMIT_KEPT_MS, now: () => clock.now() });
  const read = async (project: string) => {
    const quotas = (await config.project(project))?.quotas ?? {};
    own.set(project, quotas);
    return quotas;
  };
  const isTaken = async (project: string, quotas: Partial<Quotas>, runs: NewRuns) =>
    (await takeRuns(take, project, (name) => quotaOf({ quotas }, name, defaults), runs)) === undefined;
  return async (project, runs) => {
    const known = own.get(project);
    if (await isTaken(project, known ?? (await read(project)), runs)) return true;
    // An admin may have raised the quota since it was read.
    return known !== undefined && isTaken(project, await read(project), runs);
  };
}
