import type { Counted, Measured, Metrics, Unsuccessful } from '../../functions/primitives/metrics.js';

/** Metrics that show what they were given. */
export function countedMetrics() {
  const counts: Partial<Record<Counted, number>> = {};
  const values: Partial<Record<Measured, number[]>> = {};
  const notes: Unsuccessful[] = [];
  const metrics: Metrics = {
    count: (what, times = 1) => {
      counts[what] = (counts[what] ?? 0) + times;
    },
    measure: (what, value) => {
      values[what] = [...(values[what] ?? []), value];
    },
    note: (unsuccessful) => void notes.push(unsuccessful),
  };
  return { ...metrics, counts, values, notes };
}
