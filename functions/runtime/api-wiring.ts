import { systemClock } from '../adapters/clock.js';
import { createBulkStore } from '../adapters/dynamodb/bulk-store.js';
import { createDeadLetterLists } from '../adapters/dynamodb/dead-letter-lists.js';
import { createEventLists } from '../adapters/dynamodb/event-lists.js';
import { createIdempotencyStore } from '../adapters/dynamodb/idempotency-store.js';
import { createRunLists } from '../adapters/dynamodb/run-lists.js';
import { createSeenSignatures } from '../adapters/dynamodb/seen-signatures.js';
import { countedIntake } from '../core/counted-ports.js';
import { hotConfig } from '../core/hot-reads.js';
import { createLiveHours } from '../core/stats/live-hours.js';
import type { ApiPorts } from './api-ports.js';
import { apiEnv, readEnv, stageEnv } from './env.js';
import { metrics } from './metrics.js';
import { wireSecrets } from './secrets-wiring.js';
import { auditTrail, days, documents, tables, wireRuns, wireStats } from './wiring.js';

/** All that the API works with. */
export function wireApi(): ApiPorts {
  const stage = readEnv(stageEnv);
  const { config, ...runPorts } = countedIntake(wireRuns(), metrics);
  const runLists = createRunLists(documents, tables.RUNS_TABLE, systemClock);
  const stats = wireStats();
  return {
    ...runPorts,
    config,
    configStore: config,
    intakeConfig: hotConfig(config, Date.now),
    runLists,
    deadLetterLists: createDeadLetterLists(documents, tables.DEAD_LETTERS_TABLE),
    eventLists: createEventLists(documents, tables.RUNS_TABLE, systemClock),
    bulkJobs: createBulkStore(documents, tables.RUNS_TABLE, systemClock),
    idempotency: createIdempotencyStore(documents, tables.RUNS_TABLE, systemClock),
    seenSignatures: createSeenSignatures(documents, tables.RUNS_TABLE, systemClock),
    auditTrail,
    stats,
    liveHours: createLiveHours({ runLists, stats }, systemClock),
    secrets: wireSecrets(),
    settings: {
      version: stage.VERSION,
      keepMs: days(stage.RETENTION_DAYS),
      allowHttp: stage.ALLOW_HTTP,
      allowLoopback: stage.ALLOW_LOOPBACK,
      requestLeaseMs: readEnv(apiEnv).REQUEST_LEASE_SECONDS * 1000,
    },
  };
}
