/** The sections of a file, in the order in which their objects need each other. */
export const SECTIONS = ['retry_policies', 'endpoints', 'schedules'] as const;
export type Section = (typeof SECTIONS)[number];

export type Fields = Readonly<Record<string, unknown>>;
/** Objects by name. */
export type Named = Readonly<Record<string, Fields>>;
export type Definitions = Readonly<Record<Section, Named>>;

/** What an object is called in a sentence. */
export const SINGULAR: Readonly<Record<Section, string>> = {
  retry_policies: 'retry policy',
  endpoints: 'endpoint',
  schedules: 'schedule',
};

const CALL = { method: 'POST', headers: {}, timeout_ms: 10_000 };

/** What a field has that the file does not name. `status` is not here: what was paused by hand stays paused. */
export function defaultsOf(section: Section, fields: Fields): Fields {
  if (section === 'endpoints')
    return { ...CALL, retry_policy: null, event_filters: [], rate_limit_per_second: null, max_concurrency: null };
  if (section === 'retry_policies') return policyDefaults(fields);
  return {
    labels: {},
    cron: null,
    timezone: 'UTC',
    run_at: null,
    endpoint: null,
    target: null,
    payload: null,
    overlap_policy: 'skip',
    misfire_policy: 'fire_once',
    misfire_grace_seconds: 60,
    start_at: null,
    end_at: null,
    max_runs: null,
    jitter_seconds: null,
    retry_policy: null,
  };
}

function policyDefaults({ strategy = 'custom', base_delay_seconds = 30, delays_seconds }: Fields): Fields {
  const delays = (delays_seconds ?? (strategy === 'custom' ? [30, 120, 600, 3_600, 21_600] : [])) as number[];
  return {
    strategy,
    base_delay_seconds: 30,
    delays_seconds: delays,
    max_delay_seconds: Math.max(21_600, base_delay_seconds as number, ...delays),
    max_attempts: strategy === 'custom' ? delays.length + 1 : 6,
    jitter: 'none',
    retry_on_statuses: null,
    honor_retry_after: true,
  };
}

/** An inline target with what its file leaves out. */
export const wholeTarget = (target: unknown): unknown => (target ? { ...CALL, ...(target as object) } : target);
