import { systemClock } from '../primitives/clock.js';
import { createBulkStore } from '../storage/bulk-store.js';
import { createDeadLetterLists } from '../storage/dead-letter-lists.js';
import { createRunLists } from '../storage/run-lists.js';
import { createWorkedOff } from '../storage/sweep-store.js';
import { queuesEnv, readEnv, replayEnv } from './env.js';
import { failureSettings, workedQueue } from './failure-wiring.js';
import { sharingReads } from './shared-reads.js';
import { documents, tables, wireQuotas, wireRuns } from './wiring.js';

/** The adapters and settings of the dispatcher. */
export function wireDispatcher() {
  const { WAKE_UP_QUEUE_ARN, WAKE_UP_QUEUE_URL } = readEnv(queuesEnv);
  const runPorts = wireRuns();
  return {
    wakeUpQueueArn: WAKE_UP_QUEUE_ARN,
    wakeUps: workedQueue(WAKE_UP_QUEUE_URL),
    replays: workedQueue(readEnv(replayEnv).REPLAY_QUEUE_URL),
    failures: failureSettings(),
    workedOff: createWorkedOff(documents, tables.RUNS_TABLE),
    ports: {
      ...sharingReads(runPorts),
      takeRuns: wireQuotas(runPorts.config).takeRuns,
      bulkJobs: createBulkStore(documents, tables.RUNS_TABLE, systemClock),
      deadLetterLists: createDeadLetterLists(documents, tables.DEAD_LETTERS_TABLE),
      runLists: createRunLists(documents, tables.RUNS_TABLE, systemClock),
    },
  };
}
