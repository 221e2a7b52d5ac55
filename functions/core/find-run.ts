import type { Findings } from './attempt-decision.js';
import type { RunKey, RunPorts } from './ports.js';
import type { RunDefinition } from './task-run.js';

/** The definition is written right after its token is sent: it is usually there a moment later. */
const LOOK_AGAIN_MS = [50, 100, 150];

/** Everything the tables say about a run, read strongly; looks again for a moment when there is nothing. */
export async function findRun(ports: RunPorts, key: RunKey): Promise<Findings> {
  let found = await read(ports, key);
  for (const pause of LOOK_AGAIN_MS) {
    if (found.definition ?? found.state ?? found.deadLetter) break;
    await ports.clock.sleep(pause);
    found = await read(ports, key);
  }
  return found;
}

async function read(ports: RunPorts, key: RunKey): Promise<Findings> {
  const run = await ports.runs.find(key);
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
