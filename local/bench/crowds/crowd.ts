import { CLAIM_LEAD_MS } from '../../../functions/deliverer/deliver.js';
import { delayAfter } from '../../../functions/primitives/failed-message.js';
import { FIRE_LEAD_MS } from '../../../functions/protocol/schedules/schedule-chain.js';
import { HOLD_MARGIN_MS, LEAD_MS, SPREAD_MS } from '../../../functions/queues/wake-ups.js';
import { INVOCATIONS_OF_A_POLLER } from '../../../lib/concurrency.js';
import type { Pollers, StageSettings } from '../../../lib/config.js';
import { dispatcherSeconds, type Load } from '../plan/load.js';
import {
  ACCOUNT_CONCURRENCY,
  DELIVERY_WRITES,
  NEW_TABLE_WRITES,
  PARTITION_WRITES,
  SCHEDULER_INVOCATIONS,
} from '../plan/quotas.js';
import { batchesAfter, growthOf, RECEIVES_OF_A_POLLER } from '../plan/recovery.js';
import { type Arrival, type Outcome, type Stage, share, simulate, spread, type World } from './simulate.js';

/** What was done to have a crowd called in time. */
export interface Levers {
  readonly jitterSeconds?: number;
  readonly projects?: number;
  /** Of each project. */
  readonly shards?: number;
  /** Writes a second for which the runs table was prepared. */
  readonly warmWrites?: number;
  readonly fastLanePollers?: Pollers;
  readonly wakeUpPollers?: Pollers;
  /** Invocations a second of EventBridge Scheduler, if AWS has raised the quota. */
  readonly schedulerInvocations?: number;
}

/** Runs that are due at the same moment. */
export interface Crowd extends Levers {
  readonly runs: number;
  /** Runs of schedules are made seconds before they are due; tasks were made long before. */
  readonly of: 'tasks' | 'schedules';
  /** Whether Lambda adds its batches evenly over each minute; by default it adds them at each minute's end. */
  readonly evenly?: boolean;
  /** How messages come back whose write was refused; by default as the functions send them. */
  readonly comesBackAfter?: World['comesBackAfter'];
}

/** The measured loads by which the functions' times go. */
export interface Measured {
  readonly single: Load;
  readonly cron: Load;
}

/**
 * The SDK tries a refused write twice more, after pauses of up to half a second and up to a second, of any length (its
 * standard retries of a throttled call): 0.75 s in the middle.
 */
const PATIENCE_SECONDS = 0.75;
/** Most groups of a crowd. */
const GROUPS = 2_000;

/** How late the runs of the crowd are called. */
export function follow(crowd: Crowd, settings: StageSettings, measured: Measured): Outcome {
  return simulate(worldOf(crowd, settings, measured), arrivalsOf(crowd));
}

function worldOf(crowd: Crowd, settings: StageSettings, { single, cron }: Measured): World {
  const { projects = 1, shards = 1, warmWrites = NEW_TABLE_WRITES } = crowd;
  const deliverer: Stage = {
    ...pace(settings.fastLaneConcurrency, crowd.fastLanePollers ?? settings.fastLanePollers, crowd),
    batchSize: settings.fastLaneBatchSize,
    batchSeconds: single.delivererSeconds,
    asksAhead: CLAIM_LEAD_MS / 1000,
    // Claim and verdict are granted together: a verdict is tried for longer, so new claims do not take its place.
    // By default runs of one schedule must not overlap: each takes the lock of its schedule's clock.
    writes: { runs: DELIVERY_WRITES, ...(crowd.of === 'schedules' && { clocks: 1 }) },
  };
  const dispatcher: Stage = {
    ...pace(settings.wakeUpConcurrency, crowd.wakeUpPollers ?? settings.wakeUpPollers, crowd),
    batchSize: settings.wakeUpBatchSize,
    batchSeconds: dispatcherSeconds(cron),
    writes: { runs: 1, clocks: 1 },
    passesOn: inLane,
  };
  return {
    stepSeconds: single.delivererSeconds / 10,
    budgets: {
      runs: Math.min(projects * shards * PARTITION_WRITES, warmWrites),
      // All clocks of a project are in one partition of the configuration's table, whatever its shards.
      clocks: Math.min(projects * PARTITION_WRITES, NEW_TABLE_WRITES),
    },
    stages: crowd.of === 'tasks' ? [deliverer] : [dispatcher, deliverer],
    patience: PATIENCE_SECONDS,
    comesBackAfter: crowd.comesBackAfter ?? ((refusals) => delayOf(refusals, settings)),
  };
}

/** Batches and receives of a queue. */
function pace(
  maxConcurrency: number,
  pollers: Pollers | undefined,
  { evenly = false }: Crowd,
): Pick<Stage, 'batches' | 'receives'> {
  const growth = growthOf(maxConcurrency, pollers);
  const batches = (seconds: number) => batchesAfter(evenly ? seconds / 60 : Math.floor(seconds / 60), growth);
  return {
    batches: (seconds) => Math.min(ACCOUNT_CONCURRENCY, batches(seconds)),
    receives: (seconds) => (pollers ? (batches(seconds) / INVOCATIONS_OF_A_POLLER) * RECEIVES_OF_A_POLLER : Infinity),
  };
}

/** Of the copy that functions/runtime/failed-messages.ts sends. */
function delayOf(refusals: number, settings: StageSettings): number {
  const delayMs = delayAfter(refusals, {
    againMs: settings.failedAgainSeconds * 1000,
    againMostMs: settings.failedAgainMostSeconds * 1000,
    poisonMs: settings.poisonAfterSeconds * 1000,
  });
  return delayMs / 1000;
}

/** A token reaches its lane one to two seconds before it is due: SQS delays by whole seconds. */
function inLane(now: number, due: number): number {
  return now + Math.max(0, Math.floor(due - now - HOLD_MARGIN_MS / 1000));
}

/**
 * What arrives at the first queue. EventBridge Scheduler sends the wake-ups of one moment spread over the minutes before
 * it, as many a second as its quota allows; what comes early is put back until its second.
 */
export function arrivalsOf(crowd: Crowd): Arrival[] {
  const { runs, of, jitterSeconds = 0, schedulerInvocations = SCHEDULER_INVOCATIONS } = crowd;
  const ahead = SPREAD_MS / 1000;
  const perSecond = Math.min(schedulerInvocations, runs / ahead);
  const lead = of === 'schedules' ? FIRE_LEAD_MS / 1000 : 0;
  const groups = Math.min(runs, GROUPS);
  let sent = 0;
  return Array.from({ length: groups }, (_, index) => {
    const count = share(runs, groups, index);
    const sentAt = sent / perSecond - ahead - LEAD_MS / 1000 - lead;
    sent += count;
    const due = jitterSeconds * spread(index);
    // Somewhere in the second for which SQS delays; a schedule's fire does not know of the jitter.
    const inSecond = (index + 0.5) / groups;
    const expected = of === 'schedules' ? -lead + inSecond : -HOLD_MARGIN_MS / 1000 - 1 + inSecond;
    return { at: Math.max(sentAt, expected), due, refusals: 0, count };
  });
}
