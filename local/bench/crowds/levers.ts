import { PRICES, PRICES_OF_ROOM } from '../costs/prices.js';
import { billOf, units } from '../costs/units.js';
import { DELIVERER_GB, type Load, MESSAGES_PER_INVOCATION } from '../plan/load.js';
import { NEW_TABLE_WRITES } from '../plan/quotas.js';
import type { Crowd } from './crowd.js';

/** A way to treat a crowd, under a name. */
export interface Treatment extends Omit<Crowd, 'runs'> {
  readonly name: string;
}

const TEN = { minimum: 10, maximum: 50 };
const FIFTY = { minimum: 50, maximum: 100 };
const HUNDRED = { minimum: 100, maximum: 100 };
const WARM = 40_000;
/** A quota that AWS grants on request (EventBridge Scheduler's quotas: to tens of thousands). */
const RAISED = 10_000;

export const TASKS: readonly Treatment[] = [
  { name: 'as `prod` ships', of: 'tasks' },
  { name: 'the same, if Lambda adds evenly over each minute', of: 'tasks', evenly: true },
  { name: '10 pollers', of: 'tasks', fastLanePollers: TEN },
  { name: '50 pollers', of: 'tasks', fastLanePollers: FIFTY },
  { name: 'warm throughput of 40,000', of: 'tasks', warmWrites: WARM },
  { name: '4 shards', of: 'tasks', shards: 4 },
  { name: '4 shards, 10 pollers', of: 'tasks', shards: 4, fastLanePollers: TEN },
  { name: '4 shards, 50 pollers', of: 'tasks', shards: 4, fastLanePollers: FIFTY },
  { name: '16 shards, 50 pollers, warm', of: 'tasks', shards: 16, fastLanePollers: FIFTY, warmWrites: WARM },
  {
    name: '40 shards, 100 pollers, warm, raised quota',
    of: 'tasks',
    shards: 40,
    fastLanePollers: HUNDRED,
    warmWrites: WARM,
    schedulerInvocations: RAISED,
  },
];

const READY = { of: 'schedules', fastLanePollers: TEN, wakeUpPollers: TEN } as const;

export const SCHEDULES: readonly Treatment[] = [
  { name: 'as `prod` ships', of: 'schedules' },
  { name: '`jitter_seconds` 60', of: 'schedules', jitterSeconds: 60 },
  { name: '`jitter_seconds` 600', of: 'schedules', jitterSeconds: 600 },
  { name: '10 + 10 pollers', ...READY },
  { name: '10 + 10 pollers, 4 shards', ...READY, shards: 4 },
  { name: '10 + 10 pollers, 4 projects', ...READY, projects: 4 },
  { name: '10 + 10 pollers, jitter 60', ...READY, jitterSeconds: 60 },
  { name: '10 + 10 pollers, jitter 600', ...READY, jitterSeconds: 600 },
  { name: '10 + 10 pollers, 4 projects, jitter 600', ...READY, projects: 4, jitterSeconds: 600 },
];

const MONTH_HOURS = 30 * 24;

/** Dollars for 30 days of the pollers that are kept. */
export function dollarsOfPollers({ fastLanePollers, wakeUpPollers }: Omit<Crowd, 'runs' | 'of'>): number {
  const kept = (fastLanePollers?.minimum ?? 0) + (wakeUpPollers?.minimum ?? 0);
  return kept * PRICES_OF_ROOM.pollerHour * MONTH_HOURS;
}

/** Dollars that are paid once for warm throughput. */
export function dollarsOnce({ warmWrites = NEW_TABLE_WRITES }: Omit<Crowd, 'runs' | 'of'>): number {
  return (warmWrites - NEW_TABLE_WRITES) * PRICES_OF_ROOM.warmWrite;
}

/** Dollars for a million pages of lists: each shard but the first is one more read, of half a unit at least. */
export function dollarsOfLists({ shards = 1 }: Omit<Crowd, 'runs' | 'of'>): number {
  return (shards - 1) * 0.5 * (PRICES.readUnits.dollars / PRICES.readUnits.per) * 1_000_000;
}

/**
 * Dollars for a million messages that come back: the copy is sent, received and deleted, its run is read strongly
 * (definition and state), and its invocation takes as long as any other.
 */
export function dollarsOfReturns({ delivererSeconds }: Load): number {
  const requests = 1 + 2 / MESSAGES_PER_INVOCATION;
  return billOf(
    units({
      sqsRequests: requests,
      fairRequests: requests,
      functionRequests: 1 / MESSAGES_PER_INVOCATION,
      gbSeconds: (delivererSeconds * DELIVERER_GB) / MESSAGES_PER_INVOCATION,
      readUnits: 2,
    }),
  );
}
