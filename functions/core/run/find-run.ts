import { seemsHeld } from '../endpoint/held-run.js';
import { lookAgain } from '../look-again.js';
import type { RunKey, RunPorts, StoredRun } from '../ports.js';
import type { Findings } from './attempt-decision.js';
import type { RunDefinition } from './task-run.js';
import type { DeliverToken } from './token.js';

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

/**
 * A first look, at half the price or less: most tokens find an attempt that waits, and its claim fails on anything but what
 * was seen. Where no attempt waits it is no more than a hint, and so it is of a run that seems to be held: it has just been
 * let go, and its end was changed without a new version.
 */
export async function glimpseRun(ports: RunPorts, token: DeliverToken): Promise<Findings> {
  const key = { project: token.project, run: token.run };
  const { definition, state } = isFresh(token) ? await untouched(ports, token) : await ports.runs.glimpse(key);
  const waits = state === undefined || state.status === 'pending' || state.status === 'retry_scheduled';
  if (definition === undefined || !waits || seemsHeld(definition, ports.clock.now())) return findRun(ports, key);
  return { definition, ...(state && { state }), glimpsed: true };
}

/** Most first tokens come once, and find nothing but the run's definition. The claim of one that does not is refused. */
function isFresh({ attempt, hop }: DeliverToken): boolean {
  return attempt === 1 && hop === 0;
}

async function untouched({ runs }: RunPorts, { project, run, page }: DeliverToken): Promise<StoredRun> {
  const definition = await runs.definition({ project, run, page });
  return definition ? { definition } : {};
}

/** What the run is; one whose definition has expired lives on in its dead letter. */
export function runOf(found: Findings): RunDefinition {
  const run = found.definition ?? found.deadLetter?.run;
  if (run === undefined) throw new Error('impossible state: a state without definition or dead letter');
  return run;
}
