import type { Payload } from '../../formats/format.js';

/** What a project may have or use. The stage has a default for each quota, and an admin may give a project another. */
export const QUOTAS = [
  'requests_per_minute',
  'runs_per_day',
  'waiting_runs',
  'stored_bytes',
  'endpoints',
  'schedules',
  'bulk_jobs',
  'endpoint_tests',
] as const;
export type QuotaName = (typeof QUOTAS)[number];
export type Quotas = Readonly<Record<QuotaName, number>>;

/** @param project its own quotas, as far as they differ from the stage's */
export function quotaOf({ quotas }: { readonly quotas?: Partial<Quotas> }, name: QuotaName, defaults: Quotas): number {
  return quotas?.[name] ?? defaults[name];
}

/**
 * The quotas of a time window, which begins at a multiple of its length. `environments`: most execution environments
 * that serve one project within a window. An environment of the API answers some 17 requests a second, so 60 of them
 * answer a thousand. In a day, environments are replaced several times.
 */
export const WINDOWS = {
  requests_per_minute: { ms: 60_000, environments: 60 },
  runs_per_day: { ms: 86_400_000, environments: 1_000 },
  stored_bytes: { ms: 86_400_000, environments: 1_000 },
} as const satisfies Partial<Record<QuotaName, { readonly ms: number; readonly environments: number }>>;
export type WindowQuota = keyof typeof WINDOWS;

/** A quota of all windows within the retention: what a day has used leaves the sum when its runs may have expired. */
export function isSummed(quota: QuotaName): boolean {
  return quota === 'stored_bytes';
}

/** The start and end (Unix milliseconds) of the window at `now`. */
export function windowAt(quota: WindowQuota, now: number): { readonly start: number; readonly end: number } {
  const { ms } = WINDOWS[quota];
  const start = now - (now % ms);
  return { start, end: start + ms };
}

/**
 * How many an environment may count before it reports them. All environments together then have at most a tenth of the
 * quota unreported, so the quota is passed by at most a tenth. Of a small quota each one is reported before it counts.
 */
export function allowanceOf(quota: WindowQuota, limit: number): number {
  return Math.max(1, Math.floor(limit / 10 / WINDOWS[quota].environments));
}

/** What new runs take of their project's quotas. */
export interface NewRuns {
  readonly count: number;
  /** Of the payloads that are stored for them. */
  readonly bytes: number;
}

export function bytesOf(payload: Payload | undefined): number {
  return payload ? Buffer.byteLength(payload.body) : 0;
}

/** A count of the runs that wait. */
export interface CountedRuns {
  /** The begin of the count's day, and when the count began (Unix milliseconds). */
  readonly start: number;
  readonly at: number;
  /** The runs that were made on that day until then. */
  readonly made: number;
  readonly waiting: number;
}

export interface UsageStore {
  /** Adds to what the project has used in the window that begins at `start`, and answers the sum. */
  add(project: string, quota: WindowQuota, start: number, count: number): Promise<number>;
  /** What was reported of the window that begins at `start`. */
  used(project: string, quota: WindowQuota, start: number): Promise<number>;
  /** What was reported of the windows within the retention before the one that begins at `start`. */
  before(project: string, quota: WindowQuota, start: number): Promise<number>;
  /** The last count of the project's waiting runs. */
  counted(project: string): Promise<CountedRuns | undefined>;
  putCounted(project: string, counted: CountedRuns): Promise<void>;
  /** How many the project has now; stops counting at `most`. */
  having(project: string, what: 'endpoints' | 'schedules', most: number): Promise<number>;
}
