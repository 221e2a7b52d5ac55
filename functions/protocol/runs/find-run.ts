import { retryRead } from '../../primitives/retry-read.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { Findings } from '../rules/attempt-decision.js';
import { seemsHeld } from '../rules/held-run.js';
import type { RunKey, RunPorts, StoredRun } from '../rules/ports.js';
import type { DeliverToken } from '../rules/token.js';
import { endLostRun, PayloadGoneError } from './lost-run.js';

/**
 * Reads definition, state and, if needed, dead letter of a run, strongly; reads again for a moment if nothing is there.
 * A run that can never be sent any more is ended.
 */
export async function findRun(ports: RunPorts, key: RunKey): Promise<Findings> {
  const look = () =>
    ports.runs.find(key).then((run) => ({ run, isWhole: run.definition !== undefined }), withoutPayload);
  const isThere = ({ run }: { readonly run: StoredRun }) => (run.definition ?? run.state) !== undefined;
  const { run, isWhole } = await retryRead(ports.clock, look, isThere);
  if (isWhole && run.state?.status !== 'dead_letter') return run;
  const deadLetter = await ports.deadLetters.find(key);
  if (!isWhole && isThere({ run }) && deadLetter === undefined) return endLostRun(ports, key, run);
  // The dead letter has the whole definition.
  const { definition, ...rest } = run;
  return { ...rest, ...(isWhole && definition && { definition }), ...(deadLetter && { deadLetter }) };
}

function withoutPayload(error: unknown): { readonly run: StoredRun; readonly isWhole: boolean } {
  if (!(error instanceof PayloadGoneError)) throw error;
  return { run: error.found, isWhole: false };
}

/**
 * The glimpse: a first read at half the price or less. Most tokens find an attempt that waits, and its claim verifies
 * what was seen. If no attempt waits, the run is read strongly. So is a run that seems to be held: it was released just
 * now, and a release changes its TTL without a new version.
 */
export async function glimpseRun(ports: RunPorts, token: DeliverToken): Promise<Findings> {
  const key = { project: token.project, run: token.run };
  const look = isFresh(token) ? untouched(ports, token) : ports.runs.glimpse(key);
  const { definition, state }: StoredRun = await look.catch((error) => {
    withoutPayload(error); // findRun handles this error
    return {};
  });
  const waits = state === undefined || state.status === 'pending' || state.status === 'retry_scheduled';
  if (definition === undefined || !waits || seemsHeld(definition, ports.clock.now())) return findRun(ports, key);
  return { definition, ...(state && { state }), glimpsed: true };
}

/** Most first tokens come once and find the definition alone. If a state exists after all, the claim is refused. */
function isFresh({ attempt, hop }: DeliverToken): boolean {
  return attempt === 1 && hop === 0;
}

async function untouched({ runs }: Pick<RunPorts, 'runs'>, { project, run }: DeliverToken): Promise<StoredRun> {
  const definition = await runs.definition({ project, run });
  return definition ? { definition } : {};
}

/** The definition; if it has expired, the dead letter's copy. */
export function runOf(found: Findings): RunDefinition {
  const run = found.definition ?? found.deadLetter?.run;
  if (run === undefined) throw new Error('impossible state: a state without definition or dead letter');
  return run;
}
