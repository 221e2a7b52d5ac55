import { retryRead } from '../../primitives/retry-read.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { Findings } from '../rules/attempt-decision.js';
import { seemsHeld } from '../rules/held-run.js';
import type { RunKey, RunPorts, StoredRun } from '../rules/ports.js';
import type { DeliverToken } from '../rules/token.js';
import { endLostRun, PayloadGoneError } from './lost-run.js';

/**
 * Everything the tables say about a run, read strongly; looks again for a moment when there is nothing. One that can never
 * be sent any more is ended.
 */
export async function findRun(ports: RunPorts, key: RunKey): Promise<Findings> {
  const look = () =>
    ports.runs.find(key).then((run) => ({ run, isWhole: run.definition !== undefined }), withoutPayload);
  const isThere = ({ run }: { readonly run: StoredRun }) => (run.definition ?? run.state) !== undefined;
  const { run, isWhole } = await retryRead(ports.clock, look, isThere);
  if (isWhole && run.state?.status !== 'dead_letter') return run;
  const deadLetter = await ports.deadLetters.find(key);
  if (!isWhole && isThere({ run }) && deadLetter === undefined) return endLostRun(ports, key, run);
  // What the letter has of the run is whole.
  const { definition, ...rest } = run;
  return { ...rest, ...(isWhole && definition && { definition }), ...(deadLetter && { deadLetter }) };
}

function withoutPayload(error: unknown): { readonly run: StoredRun; readonly isWhole: boolean } {
  if (!(error instanceof PayloadGoneError)) throw error;
  return { run: error.found, isWhole: false };
}

/**
 * A first look, at half the price or less: most tokens find an attempt that waits, and its claim fails on anything but what
 * was seen. Where no attempt waits it is no more than a hint, and so it is of a run that seems to be held: it has just been
 * let go, and its end was changed without a new version.
 */
export async function glimpseRun(ports: RunPorts, token: DeliverToken): Promise<Findings> {
  const key = { project: token.project, run: token.run };
  const look = isFresh(token) ? untouched(ports, token) : ports.runs.glimpse(key);
  const { definition, state }: StoredRun = await look.catch((error) => {
    withoutPayload(error); // findRun sees to that
    return {};
  });
  const waits = state === undefined || state.status === 'pending' || state.status === 'retry_scheduled';
  if (definition === undefined || !waits || seemsHeld(definition, ports.clock.now())) return findRun(ports, key);
  return { definition, ...(state && { state }), glimpsed: true };
}

/** Most first tokens come once, and find nothing but the run's definition. The claim of one that does not is refused. */
function isFresh({ attempt, hop }: DeliverToken): boolean {
  return attempt === 1 && hop === 0;
}

async function untouched({ runs }: Pick<RunPorts, 'runs'>, { project, run }: DeliverToken): Promise<StoredRun> {
  const definition = await runs.definition({ project, run });
  return definition ? { definition } : {};
}

/** What the run is; one whose definition has expired lives on in its dead letter. */
export function runOf(found: Findings): RunDefinition {
  const run = found.definition ?? found.deadLetter?.run;
  if (run === undefined) throw new Error('impossible state: a state without definition or dead letter');
  return run;
}
