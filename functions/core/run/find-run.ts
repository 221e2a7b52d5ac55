import type { RunKey, RunPorts, StoredRun } from '../ports.js';
import type { Findings } from './attempt-decision.js';
import type { RunDefinition } from './task-run.js';

/** The definition is written right after its token is sent: it is usually there a moment later. */
const LOOK_AGAIN_MS = [20, 80, 200];

/** Everything the tables say about a run, read strongly; looks again for a moment when there is nothing. */
export async function findRun(ports: RunPorts, key: RunKey): Promise<Findings> {
  const run = await lookFor(ports, key);
  if (run.definition !== undefined && run.state?.status !== 'dead_letter') return run;
  const deadLetter = await ports.deadLetters.find(key);
  return { ...run, ...(deadLetter && { deadLetter }) };
}

async function lookFor(ports: RunPorts, key: RunKey): Promise<StoredRun> {
  let run = await ports.runs.find(key);
  for (const pause of LOOK_AGAIN_MS) {
    if (run.definition ?? run.state) break;
    await ports.clock.sleep(pause);
    run = await ports.runs.find(key);
  }
  return run;
}

/** What the run is; one whose definition has expired lives on in its dead letter. */
export function runOf(found: Findings): RunDefinition {
  const run = found.definition ?? found.deadLetter?.run;
  if (run === undefined) throw new Error('impossible state: a state without definition or dead letter');
  return run;
}
