import { BoundedCache } from '../../primitives/bounded-cache.js';
import type { Clock } from '../../primitives/clock.js';
import { type UsageStore, WINDOWS, windowAt } from '../../subjects/projects/quotas.js';

const PROJECTS_KEPT = 1_000;
/** The runs of a project are counted again at most this often. */
const COUNT_APART_MS = 60_000;

/** At `at`, so many runs of a project waited beyond those that were made on the day. */
interface Known {
  readonly at: number;
  readonly beyond: number;
}

/**
 * The most runs of a project that wait: those that were counted, and all that were made since. What has ended since is
 * missing, so the sum is too high and never too low, and a sum within the quota needs no count.
 */
export interface WaitingRuns {
  /** What the sum has beyond the runs made on the day that begins at `start`. Read once a day, or counted. */
  beyond(project: string, start: number): Promise<number>;
  /** Counts again, at most once a minute. @returns whether `beyond` may be another now */
  countAgain(project: string, start: number): Promise<boolean>;
}

type Usage = Pick<UsageStore, 'counted' | 'putCounted' | 'used'>;

/** @param count reads the tables: how many runs of the project wait */
export function createWaitingRuns(
  usage: Usage,
  count: (project: string) => Promise<number>,
  clock: Pick<Clock, 'now'>,
): WaitingRuns {
  const kept = new BoundedCache<Promise<Known>>(PROJECTS_KEPT);

  function known(project: string, start: number): Promise<Known> {
    return kept.get(`${project} ${start}`) ?? readSince(project, start, 0);
  }

  /** From a count that is not older than `since`. */
  function readSince(project: string, start: number, since: number): Promise<Known> {
    const reading = read(project, start, since);
    const key = `${project} ${start}`;
    kept.set(key, reading);
    reading.catch(() => kept.remove(key, reading));
    return reading;
  }

  /** The day's runs are read first: those that are made during the count are in both. */
  async function counted(project: string, start: number): Promise<Known> {
    const at = clock.now();
    const made = await usage.used(project, 'runs_per_day', start);
    const waiting = await count(project);
    await usage.putCounted(project, { start, at, made, waiting });
    return { at, beyond: waiting - made };
  }

  /** From the last count of any environment, if that is of this day or of the day before. */
  async function read(project: string, start: number, since: number): Promise<Known> {
    const last = await usage.counted(project);
    if (last === undefined || last.at < since || last.start < start - WINDOWS.runs_per_day.ms)
      return counted(project, start);
    const before = last.start < start ? await usage.used(project, 'runs_per_day', last.start) : 0;
    return { at: last.at, beyond: last.waiting - last.made + before };
  }

  return {
    beyond: async (project, start) => (await known(project, start)).beyond,
    async countAgain(project, start) {
      const since = clock.now() - COUNT_APART_MS;
      const before = known(project, start);
      if ((await before).at > since) return false;
      // Of several requests at the same time one counts.
      await (known(project, start) === before ? readSince(project, start, since + 1) : known(project, start));
      return true;
    },
  };
}

/** How many runs of a project wait, counted within the last minute or so. */
export async function waitingNow(waiting: WaitingRuns, usage: Usage, project: string, now: number): Promise<number> {
  const { start } = windowAt('runs_per_day', now);
  await waiting.countAgain(project, start);
  const [beyond, made] = await Promise.all([
    waiting.beyond(project, start),
    usage.used(project, 'runs_per_day', start),
  ]);
  return Math.max(0, beyond + made);
}
