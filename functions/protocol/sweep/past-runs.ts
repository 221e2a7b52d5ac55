import { mapBounded } from '../../primitives/map-bounded.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { RunPorts } from '../rules/ports.js';
import { createRun } from '../runs/run-operations.js';
import { bucketOf, freedEntry, MISSED_MS, type SweepStore } from './sweep-ports.js';

const AT_ONCE = 10;

/**
 * Creates runs of past occurrences of one schedule, whose calls are made at once. Their ids are as old as their
 * occurrences, and the reconciler looks through new ids only. So the runs are put on one of its lists first.
 * @param name the same in a repeat
 */
export async function createPastRuns(
  ports: Pick<RunPorts, 'clock' | 'config' | 'runs' | 'wakeUps'> & { readonly sweep: Pick<SweepStore, 'putLater'> },
  project: string,
  runs: readonly RunDefinition[],
  name: string,
): Promise<void> {
  const now = ports.clock.now();
  const entries = runs.map(({ id }) => freedEntry(id, now));
  await ports.sweep.putLater(project, { queue: 'fast', at: bucketOf(now + MISSED_MS), name, entries });
  await mapBounded(runs, AT_ONCE, (run) => createRun(ports, run, undefined, now));
}
