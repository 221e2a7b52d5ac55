import type { components } from '../../api/schema.js';

type Attempt = components['schemas']['DeliveryAttempt'];

/** As much of an attempt as is counted. */
export type CountedAttempt = Pick<Attempt, 'status' | 'http_status' | 'latency_ms' | 'started_at' | 'error'>;

export interface RecentError {
  readonly message: string;
  readonly count: number;
  /** Start of the newest attempt that had it. */
  readonly last: string;
}

/** What the newest attempts of an endpoint say about it. */
export interface RecentAttempts {
  readonly count: number;
  readonly success: number;
  /** Milliseconds; null without an attempt. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** By message, the newest first. */
  readonly errors: readonly RecentError[];
  /** Calls a second, on average over the last minute. */
  readonly rate: number;
}

const MINUTE_MS = 60_000;

/** Counts attempts, which come newest first. */
export function recentAttempts(attempts: readonly CountedAttempt[], now: number): RecentAttempts {
  const latencies = attempts.map(({ latency_ms }) => latency_ms).sort((a, b) => a - b);
  return {
    count: attempts.length,
    success: attempts.filter(({ status }) => status === 'success').length,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    errors: errorsOf(attempts),
    rate: attempts.filter(({ started_at }) => now - Date.parse(started_at) < MINUTE_MS).length / (MINUTE_MS / 1000),
  };
}

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function errorsOf(attempts: readonly CountedAttempt[]): RecentError[] {
  const errors = new Map<string, RecentError>();
  for (const { error, status, started_at } of attempts) {
    if (status === 'success') continue;
    const message = error?.message ?? status.replaceAll('_', ' ');
    const known = errors.get(message);
    errors.set(message, { message, count: (known?.count ?? 0) + 1, last: known?.last ?? started_at });
  }
  return [...errors.values()];
}
