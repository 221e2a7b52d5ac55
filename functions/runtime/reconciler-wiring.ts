import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../primitives/clock.js';
import type { Failed } from '../protocol/sweep/sweep-ports.js';
import { createProbes, createQuarantine } from '../queues/quarantine.js';
import { createAuditExports } from '../storage/audit-exports.js';
import { createDeadLetterLists } from '../storage/dead-letter-lists.js';
import { createEventLists } from '../storage/event-lists.js';
import { createProjectRows } from '../storage/project-rows.js';
import { createRunLists } from '../storage/run-lists.js';
import { createSealedRows } from '../storage/sealed-rows.js';
import { createSweepLists } from '../storage/sweep-lists.js';
import { createSweepStore, createWorkedOff } from '../storage/sweep-store.js';
import { auditExportEnv, dlqsEnv, queuesEnv, readEnv, removalEnv, secretsEnv } from './env.js';
import { idsIn } from './ids-in.js';
import { keepSecrets } from './kept-secrets.js';
import { logger } from './logger.js';
import { metrics } from './metrics.js';
import { wireSecrets } from './secrets-wiring.js';
import { documents, requestHandler, sqs, tables, wireRuns, wireStats } from './wiring.js';

/** The adapters of the reconciler. */
export function wireReconciler() {
  const runPorts = wireRuns();
  const queues = readEnv(queuesEnv);
  const dlqs = readEnv(dlqsEnv);
  const urls = { fast: queues.FAST_LANE_URL, slow: queues.SLOW_LANE_URL, 'wake-ups': queues.WAKE_UP_QUEUE_URL };
  const { AUDIT_EXPORT_BUCKET: bucket, AUDIT_TABLE_ARN: tableArn } = readEnv(auditExportEnv);
  const swept = { client: documents, runs: tables.RUNS_TABLE, config: tables.CONFIG_TABLE, clock: systemClock };
  return {
    ...runPorts,
    metrics,
    sweep: createSweepStore(documents, tables.RUNS_TABLE),
    lists: createSweepLists(swept, runPorts.config),
    queueClocks: { ...createProbes(sqs, urls), ...createWorkedOff(documents, tables.RUNS_TABLE) },
    quarantines: [
      createQuarantine(sqs, 'fast', dlqs.FAST_LANE_DLQ_URL, urls.fast),
      createQuarantine(sqs, 'slow', dlqs.SLOW_LANE_DLQ_URL, urls.slow),
      createQuarantine(sqs, 'wake-ups', dlqs.WAKE_UP_DLQ_URL, urls['wake-ups']),
      createQuarantine(sqs, 'crowded', dlqs.CROWDED_LANE_DLQ_URL, dlqs.CROWDED_LANE_URL),
    ],
    onFailure({ body, ...what }: Failed, error: unknown) {
      metrics.count('sweep_failures');
      logger.error('not looked at', { ...what, ...idsIn(body ?? ''), error: error as Error });
    },
    projectRows: createProjectRows(documents, {
      config: tables.CONFIG_TABLE,
      runs: tables.RUNS_TABLE,
      deadLetters: tables.DEAD_LETTERS_TABLE,
    }),
    ...(bucket && tableArn && { auditExports: createAuditExports(documents, tables.RUNS_TABLE, { tableArn, bucket }) }),
    quietMs: readEnv(removalEnv).REMOVAL_QUIET_SECONDS * 1000,
    secrets: wireSecrets(),
    keepSecrets: () => keepSecrets(new SecretsManagerClient({ requestHandler }), readEnv(secretsEnv).MASTER_SECRET_ARN),
    sealedRows: createSealedRows(swept),
    stats: wireStats(),
    deadLetterLists: createDeadLetterLists(documents, tables.DEAD_LETTERS_TABLE),
    eventLists: createEventLists(documents, tables.RUNS_TABLE, systemClock),
    runLists: createRunLists(documents, tables.RUNS_TABLE, systemClock),
  };
}
