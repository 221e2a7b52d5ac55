import type { BenchStack } from './bench-stack.js';
import { type Beat, fireSchedules } from './fires.js';
import { type Delivery, percentile } from './load.js';

/** Milliseconds between due moments and the starts of calls. */
export interface Lateness {
  readonly earliest: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly latest: number;
}

export interface LatenessReport {
  readonly firesPerSecond: number;
  readonly beat: Beat;
  readonly lateness: Lateness;
  /** Lateness in the first ten seconds, while the functions start. */
  readonly whileStarting: Lateness;
  readonly callsPerDelivery: Readonly<Record<string, number>>;
}

/** Lateness of schedules that fire this often a second: once with even fires, once with all at the second's start. */
export async function measureLateness(
  bench: BenchStack,
  { firesPerSecond, seconds }: { firesPerSecond: number; seconds: number },
): Promise<LatenessReport[]> {
  const reports: LatenessReport[] = [];
  for (const beat of ['spread', 'aligned'] as const) {
    const { starting, warm } = await fireSchedules(bench, { perSecond: firesPerSecond, seconds, beat });
    reports.push({
      firesPerSecond,
      beat,
      lateness: latenessOf(warm),
      whileStarting: latenessOf(starting),
      callsPerDelivery: bench.calls.per(starting.length + warm.length),
    });
  }
  return reports;
}

export function latenessOf(deliveries: readonly Delivery[]): Lateness {
  const values = deliveries.map(({ lateness_ms }) => lateness_ms);
  const at = (share: number) => percentile(values, share);
  return { earliest: at(0), p50: at(0.5), p90: at(0.9), p99: at(0.99), latest: at(1) };
}
