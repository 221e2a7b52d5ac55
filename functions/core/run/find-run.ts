import { lookAgain } from '../look-again.js';
import type { RunKey, RunPorts } from '../ports.js';
import type { Findings } from './attempt-decision.js';
import type { RunDefinition } from './task-run.js';

/** Everything the tables say about a run, read strongly; looks again for a moment when there is nothing. */
export async function findRun(ports: RunPorts, key: RunKey): Promise<Findings> {
  const run = await lookAgain(
    ports.clock,
    () => ports.runs.find(key),
    ({ definition, state }) => (definition ?? state) !== undefined,
  );
  if (run.definition !== undefined && run.state?.status !== 'dead_letter') return run;
  const deadLetter = await ports.deadLetters.find(key);
  return { ...run, ...(deadLetter && { deadLetter }) };
}

/** What the run is; one whose definition has expired lives on in its dead letter. */
export function runOf(found: Findings): RunDefinition {
  const run = found.definition ?? found.deadLetter?.run;
  if (run === undefined) throw new Error('impossible state: a state without definition or dead letter');
  return run;
}
