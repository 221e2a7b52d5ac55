import type { StageSettings } from '../../../lib/config.js';
import { type Load, MESSAGES_PER_INVOCATION } from './load.js';
import { growthOf } from './recovery.js';

/** A limit of deliveries. */
export interface Limit {
  readonly name: string;
  /** Most per second (or at the same time). */
  readonly most: number;
  /** The share of the limit that one delivery per second takes. */
  readonly perDelivery: number;
  /** The setting or request that raises the limit. */
  readonly lift: string;
}

/** Writes of a run in its partition of the table, when it is delivered: claim and verdict. */
export const DELIVERY_WRITES = 2;
/** With its definition. */
const RUN_WRITES = DELIVERY_WRITES + 1;

/** Writes a second of one partition, and of a new table (DynamoDB's guide: partition key design; warm throughput). */
export const PARTITION_WRITES = 1_000;
export const NEW_TABLE_WRITES = 4_000;
/** Invocations at a time of an account (Lambda's quotas), and a second (EventBridge Scheduler's quotas). */
export const ACCOUNT_CONCURRENCY = 1_000;
export const SCHEDULER_INVOCATIONS = 1_000;

/**
 * AWS's limits for a new account, us-east-1, November 2026 (Service Quotas; the developer guides), and our own
 * settings, in the order in which a delivery meets them.
 */
export function limitsOf(settings: StageSettings, { atTen, delivererSeconds, apiSeconds }: Load): Limit[] {
  const deliverers = delivererSeconds / MESSAGES_PER_INVOCATION;
  return [
    {
      name: 'the stage’s throttle of the HTTP API',
      most: settings.apiRequestsPerSecond,
      perDelivery: atTen.apiRequests,
      lift: '`apiRequestsPerSecond`, `apiBurst` in `punctual.config.ts`; tasks in batches',
    },
    {
      name: 'HTTP API requests of the account',
      most: 10_000,
      perDelivery: atTen.apiRequests,
      lift: 'quota request (API Gateway, throttle rate); tasks in batches',
    },
    {
      name: 'reads of one API key',
      most: 3_000,
      perDelivery: atTen.apiRequests,
      lift: 'several keys; tasks in batches: each request reads its key',
    },
    {
      name: 'one project of one shard',
      most: PARTITION_WRITES,
      perDelivery: RUN_WRITES,
      lift: 'the project’s `shards`: 4 for 1,300 a second',
    },
    {
      name: 'a new table’s writes',
      most: NEW_TABLE_WRITES,
      perDelivery: atTen.writeUnits,
      lift: 'warm throughput of the runs table, a day ahead; by itself it doubles within half an hour',
    },
    {
      name: 'writes of a table',
      most: 40_000,
      perDelivery: atTen.writeUnits,
      lift: 'quota request (DynamoDB, table-level write throughput)',
    },
    {
      name: 'concurrency of the fast lane',
      most: growthOf(settings.fastLaneConcurrency, settings.fastLanePollers).mostBatches,
      perDelivery: deliverers,
      lift: '`fastLaneConcurrency` in `punctual.config.ts`, to 1,000',
    },
    {
      name: 'concurrency of one event source mapping',
      most: 1_000,
      perDelivery: deliverers,
      lift: '`fastLanePollers` in place of the maximum concurrency; more lanes, by endpoint',
    },
    {
      name: 'Lambda concurrency of the account',
      most: ACCOUNT_CONCURRENCY,
      perDelivery: deliverers + apiSeconds * atTen.apiRequests,
      lift: 'quota request (Lambda, concurrent executions)',
    },
    {
      name: 'messages in flight of a queue',
      most: 120_000,
      perDelivery: delivererSeconds,
      lift: 'more lanes, by endpoint (AWS raises it on request, too)',
    },
    {
      name: 'Scheduler invocations, were every task due later than in 15 minutes',
      most: SCHEDULER_INVOCATIONS,
      perDelivery: 1,
      lift: 'quota request (EventBridge Scheduler, invocations); they are spread over 12 minutes already',
    },
    {
      name: 'Scheduler creations, were every task due later than in 15 minutes',
      most: 5_000,
      perDelivery: 1,
      lift: 'quota request (EventBridge Scheduler, CreateSchedule)',
    },
  ];
}

/** Deliveries per second at which the limit binds. */
export function bindsAt({ most, perDelivery }: Limit): number {
  return perDelivery === 0 ? Number.POSITIVE_INFINITY : most / perDelivery;
}
