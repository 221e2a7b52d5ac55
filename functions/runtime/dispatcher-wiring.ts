import { createBulkStore } from '../adapters/dynamodb/bulk-store.js';
import { createDeadLetterLists } from '../adapters/dynamodb/dead-letter-lists.js';
import { createWorkedOff } from '../adapters/dynamodb/worked-off.js';
import { queuesEnv, readEnv, stageEnv } from './env.js';
import { sharingReads } from './shared-reads.js';
import { days, documents, tables, wireRuns } from './wiring.js';

/** All that the dispatcher works with. */
export function wireDispatcher() {
  return {
    wakeUpQueueArn: readEnv(queuesEnv).WAKE_UP_QUEUE_ARN,
    keepMs: days(readEnv(stageEnv).RETENTION_DAYS),
    workedOff: createWorkedOff(documents, tables.RUNS_TABLE),
    ports: {
      ...sharingReads(wireRuns()),
      bulkJobs: createBulkStore(documents, tables.RUNS_TABLE),
      deadLetterLists: createDeadLetterLists(documents, tables.DEAD_LETTERS_TABLE),
    },
  };
}
