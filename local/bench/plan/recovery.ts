import { INVOCATIONS_OF_A_POLLER, mostInvocations } from '../../../lib/concurrency.js';
import type { Pollers } from '../../../lib/config.js';

/** How many batches of a queue are in progress at a time, while its messages wait. */
export interface Growth {
  readonly batchesAtFirst: number;
  readonly batchesMoreEachMinute: number;
  readonly mostBatches: number;
}

/** The capacity that works off a backlog, in deliveries per second. */
export interface Capacity extends Growth {
  /** Capacity of one batch at a time. */
  readonly perBatch: number;
  /** Capacity under all other limits. */
  readonly most: number;
}

/**
 * Lambda starts with five batches of a queue at a time, and adds 300 a minute. With provisioned pollers it adds 1,000, and
 * each poller has up to ten batches at a time, and receives up to ten times a second
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
 */
export const POLLERS = { batchesAtFirst: 5, batchesMoreEachMinute: 300 } as const;
export const RECEIVES_OF_A_POLLER = 10;
const MORE_BY_POLLERS = 1_000;

/** The growth under a maximum concurrency, or with provisioned pollers in its place. */
export function growthOf(maxConcurrency: number, pollers?: Pollers): Growth {
  if (!pollers) return { ...POLLERS, mostBatches: maxConcurrency };
  return {
    batchesAtFirst: pollers.minimum * INVOCATIONS_OF_A_POLLER,
    batchesMoreEachMinute: MORE_BY_POLLERS,
    mostBatches: mostInvocations(maxConcurrency, pollers),
  };
}

/** Batches at a time. AWS does not say when in a minute it adds them; whole minutes are the latest that it can be. */
export function batchesAfter(minutes: number, { batchesAtFirst, batchesMoreEachMinute, mostBatches }: Growth): number {
  return Math.min(mostBatches, batchesAtFirst + minutes * batchesMoreEachMinute);
}

const MOST_MINUTES = 14 * 24 * 60;

/**
 * Minutes until a backlog of `messages` is gone while `arriving` more come each second; undefined if it never is within
 * the fourteen days that a message lasts.
 */
export function minutesToRecover(messages: number, arriving: number, capacity: Capacity): number | undefined {
  let left = messages;
  for (let minute = 0; minute < MOST_MINUTES; minute++) {
    const surplus = (Math.min(capacity.most, batchesAfter(minute, capacity) * capacity.perBatch) - arriving) * 60;
    if (surplus >= left) return minute + left / surplus;
    left -= surplus;
  }
  return undefined;
}
