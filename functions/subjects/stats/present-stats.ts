import { isoTime } from '../../primitives/moments.js';
import { addStats, type Histogram, type HourStats, noStats, percentile, worst } from './hour-stats.js';
import type { ReadHour } from './read-hours.js';
import type { ShownStats } from './stats-answers.js';
import { HOUR_MS } from './stats-ports.js';

const WORST_SHOWN = 10;

/** The answer for consecutive hours, oldest first. */
export function presentStats(hours: readonly ReadHour[]): ShownStats {
  const totals = noStats();
  for (const { stats } of hours) addStats(totals, stats, 1);
  return {
    from: isoTime(hours[0]!.hour),
    to: isoTime(hours.at(-1)!.hour + HOUR_MS),
    hours: hours.map(({ hour, stats, isComplete, isSampled }) => ({
      start: isoTime(hour),
      ...presentCounts(stats),
      complete: isComplete,
      sampled: isSampled,
    })),
    totals: presentCounts(totals),
  };
}

function presentCounts(stats: HourStats): ShownStats['totals'] {
  const counts = Object.fromEntries(Object.entries(stats.outcomes).map(([name, count]) => [name, Math.round(count)]));
  return {
    ...(counts as HourStats['outcomes']),
    latency_ms: percentiles(stats.latency),
    lateness_ms: percentiles(stats.lateness),
    failing: worst(stats, WORST_SHOWN).map(([endpoint_id, failures]) => ({
      endpoint_id,
      failures: Math.round(failures),
    })),
  };
}

function percentiles(histogram: Histogram) {
  return { p50: percentile(histogram, 0.5), p90: percentile(histogram, 0.9), p99: percentile(histogram, 0.99) };
}
