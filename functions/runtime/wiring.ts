import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { CallRules } from '../destinations/kind.js';
import { systemClock } from '../primitives/clock.js';
import { onFirstUse } from '../primitives/once.js';
import { createQuotaCounts, createRunQuota } from '../protocol/limits/quota-counts.js';
import { createWaitingRuns } from '../protocol/limits/waiting-runs.js';
import { countedPorts } from '../protocol/rules/counted-ports.js';
import type { RunPorts } from '../protocol/rules/ports.js';
import { createDeadLetterQueue } from '../queues/dead-letter-queue.js';
import { createWakeUps } from '../queues/wake-ups.js';
import { createAuditTrail } from '../storage/audit-trail.js';
import { type ConfigStore, createConfigStore } from '../storage/config-store.js';
import { createDeadLetterStore } from '../storage/dead-letter-store.js';
import { createDocumentClient } from '../storage/document-client.js';
import { createEventStore } from '../storage/event-store.js';
import { createHeldRunStore } from '../storage/held-run-store.js';
import { createLimitStore } from '../storage/limit-store.js';
import { createListeners } from '../storage/listeners.js';
import { createRunStore, type DynamoRunStore } from '../storage/run-store.js';
import { createScheduleStore } from '../storage/schedule-store.js';
import { createStatsStore } from '../storage/stats-store.js';
import { createUsageStore } from '../storage/usage-store.js';
import { createWaitingCount } from '../storage/waiting-count.js';
import type { ConfigReader } from '../subjects/endpoints/config-reader.js';
import type { StatsStore } from '../subjects/stats/stats-ports.js';
import { boundCalls } from './bounded-calls.js';
import { queuesEnv, quotasEnv, readEnv, stageEnv, storageEnv } from './env.js';
import { metrics } from './metrics.js';

/** AWS answers in milliseconds; a connection that hangs is closed, and the SDK retries on another connection. */
export const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000 };
/** As many as the SDK gives a client. */
const SOCKETS = 50;

/**
 * The endpoint decides where calls go, even if a queue's URL names another host, as after an emulator's restart. The
 * SDK resolves its middleware once per operation: resolving it per call took a quarter of a call's processor time.
 */
export const sqs = boundCalls(
  new SQSClient({ requestHandler, useQueueUrlAsEndpoint: false, cacheMiddleware: true }),
  SOCKETS,
);
/** Loaded on first use: only wake-ups more than 15 minutes ahead need it. */
const scheduler = onFirstUse(() => boundCalls(new SchedulerClient({ requestHandler }), SOCKETS));
export const tables = readEnv(storageEnv);
const dynamodb = boundCalls(new DynamoDBClient({ requestHandler }), SOCKETS);
// The logger middleware prepares a log line at every call, and there is no logger.
for (const { middlewareStack } of [sqs, dynamodb]) middlewareStack.remove('loggerMiddleware');
export const documents = createDocumentClient(dynamodb);

export const auditTrail = createAuditTrail(documents, tables.AUDIT_TABLE, systemClock);

/** The deliverers obey it, and the API refuses targets that they would not call. */
export function callRules(): CallRules {
  const env = readEnv(stageEnv);
  return {
    allowHttp: env.ALLOW_HTTP,
    allowLoopback: env.ALLOW_LOOPBACK,
    allowedPrivateRanges: env.ALLOWED_PRIVATE_RANGES,
    allowedTargets: env.ALLOWED_TARGETS,
    ownStack: env.OWN_STACK,
  };
}

/** The adapters of every function, made once per execution environment. */
export function wireRuns(): RunPorts & { readonly config: ConfigStore; readonly runs: DynamoRunStore } {
  const env = readEnv(queuesEnv);
  const lanes = {
    fast: { url: env.FAST_LANE_URL, arn: env.FAST_LANE_ARN },
    slow: { url: env.SLOW_LANE_URL, arn: env.SLOW_LANE_ARN },
  };
  const wakeUpSettings = {
    lanes,
    wakeUpQueueUrl: env.WAKE_UP_QUEUE_URL,
    wakeUpQueueArn: env.WAKE_UP_QUEUE_ARN,
    scheduleGroup: env.SCHEDULE_GROUP,
    schedulerRoleArn: env.SCHEDULER_ROLE_ARN,
    schedulerDlqArn: env.SCHEDULER_DLQ_ARN,
  };
  const ports = {
    runs: createRunStore(documents, tables.RUNS_TABLE, systemClock),
    deadLetters: createDeadLetterStore(documents, tables.DEAD_LETTERS_TABLE),
    config: createConfigStore(documents, tables.CONFIG_TABLE, systemClock),
    schedules: createScheduleStore(documents, tables.CONFIG_TABLE, systemClock),
    events: createEventStore(documents, tables.RUNS_TABLE, systemClock),
    listeners: createListeners(documents, tables.CONFIG_TABLE, systemClock),
    wakeUps: createWakeUps(sqs, scheduler, wakeUpSettings, systemClock),
    deadLetterQueue: createDeadLetterQueue(sqs, env.DEAD_LETTERS_QUEUE_URL),
    heldRuns: createHeldRunStore(documents, tables.RUNS_TABLE),
    limits: createLimitStore(documents, tables.RUNS_TABLE),
    ...(readEnv(stageEnv).AUDIT_DELIVERIES && { auditTrail }),
    keepMs: days(readEnv(stageEnv).RETENTION_DAYS),
    clock: systemClock,
  };
  return countedPorts(ports, metrics);
}

/** The counts of what projects use, made once per execution environment. */
export function wireQuotas(config: ConfigReader) {
  const { QUOTAS: quotas } = readEnv(quotasEnv);
  const usage = createUsageStore(
    documents,
    tables.RUNS_TABLE,
    tables.CONFIG_TABLE,
    days(readEnv(stageEnv).RETENTION_DAYS),
  );
  const runs = { client: documents, table: tables.RUNS_TABLE, clock: systemClock };
  const waitingRuns = createWaitingRuns(usage, createWaitingCount(runs, wireStats(), config), systemClock);
  const takeQuota = createQuotaCounts(usage, systemClock, waitingRuns);
  return { quotas, usage, waitingRuns, takeQuota, takeRuns: createRunQuota(takeQuota, config, quotas, systemClock) };
}

/** The counted hours of projects. */
export function wireStats(): StatsStore {
  return createStatsStore(documents, tables.RUNS_TABLE, days(readEnv(stageEnv).RETENTION_DAYS));
}

export function days(count: number): number {
  return count * 24 * 60 * 60 * 1000;
}
