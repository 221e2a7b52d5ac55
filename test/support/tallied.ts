import type { Counted, Measured, Tally, Unsuccessful } from '../../functions/core/tally.js';

/** A tally that shows what it was told. */
export function tallied() {
  const counts: Partial<Record<Counted, number>> = {};
  const values: Partial<Record<Measured, number[]>> = {};
  const notes: Unsuccessful[] = [];
  const tally: Tally = {
    count: (what, times = 1) => {
      counts[what] = (counts[what] ?? 0) + times;
    },
    measure: (what, value) => {
      values[what] = [...(values[what] ?? []), value];
    },
    note: (unsuccessful) => void notes.push(unsuccessful),
  };
  return { ...tally, counts, values, notes };
}
