import { systemClock } from '../adapters/clock.js';
import { createRunLists } from '../adapters/dynamodb/run-lists.js';
import { peekQueue } from '../adapters/queues/queue-peek.js';
import type { Project } from '../core/project/project.js';
import { laneDlqsEnv, readEnv } from './env.js';
import { documents, sqs, tables, wireRuns, wireStats } from './wiring.js';

/** Messages looked at per DLQ and round; a fuller one is an incident that people already know of. */
const POISON_AT_ONCE = 1_000;

/** All that the reconciler works with. */
export function wireReconciler() {
  const runPorts = wireRuns();
  const dlqs = Object.values(readEnv(laneDlqsEnv));
  const lists = createRunLists(documents, tables.RUNS_TABLE, systemClock);
  return {
    ...runPorts,
    projects: runPorts.config.projects,
    stats: wireStats(),
    runLists: lists,
    endpoints: runPorts.config.endpoints,
    waiting: (project: Project, before: string | undefined, limit: number) =>
      lists.runs([project], { status: 'retry_scheduled' }, before, limit),
    async *poison() {
      for (const url of dlqs) yield* peekQueue(sqs, url, POISON_AT_ONCE);
    },
  };
}
