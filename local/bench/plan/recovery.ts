/** The capacity that works off a backlog, in deliveries per second. */
export interface Capacity {
  readonly batchesAtFirst: number;
  readonly batchesMoreEachMinute: number;
  readonly mostBatches: number;
  /** Capacity of one batch at a time. */
  readonly perBatch: number;
  /** Capacity under all other limits. */
  readonly most: number;
}

/** Lambda starts with five batches of a queue at a time, and adds 300 a minute. */
export const POLLERS = { batchesAtFirst: 5, batchesMoreEachMinute: 300 } as const;

const MOST_MINUTES = 14 * 24 * 60;

/**
 * Minutes until a backlog of `messages` is gone while `arriving` more come each second; undefined if it never is within
 * the fourteen days that a message lasts.
 */
export function minutesToRecover(messages: number, arriving: number, capacity: Capacity): number | undefined {
  let left = messages;
  for (let minute = 0; minute < MOST_MINUTES; minute++) {
    const batches = Math.min(capacity.mostBatches, capacity.batchesAtFirst + minute * capacity.batchesMoreEachMinute);
    const surplus = (Math.min(capacity.most, batches * capacity.perBatch) - arriving) * 60;
    if (surplus >= left) return minute + left / surplus;
    left -= surplus;
  }
  return undefined;
}
