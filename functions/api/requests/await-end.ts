import { lookAgain } from '../../primitives/look-again.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { endClaim, takeClaim } from '../../subjects/projects/claims.js';
import { isFinal, type RunDefinition } from '../../subjects/task-runs/task-run.js';

/**
 * Requests of a project that wait at the same time: each keeps an execution environment from all others. One more is
 * answered at once.
 */
const AT_ONCE = 5;
/** An answer that takes five seconds counts as slow (`SLOW_ANSWER_MS` of the alarms): waits must not ring for it. */
export const MAX_WAIT_SECONDS = 4;
/** A waiter's claim outlasts its wait by this, for the answer. */
const CLAIM_MARGIN_MS = 500;

type Ports = Pick<ApiPorts, 'claims' | 'clock' | 'runLists'>;

/** Waits until the run has ended, at most so long. */
export function awaitEnd(ports: Ports, { id, project_id }: RunDefinition, waiter: string, waitMs: number) {
  return lookUntil(ports, project_id, waiter, waitMs, async () => {
    const [run] = await ports.runLists.byIds(project_id, [id]);
    return run === undefined || isFinal(run.state.status);
  });
}

/** Looks again and again, at most so long, and not at all while the project waits for others. */
export async function lookUntil(
  { claims, clock }: Pick<Ports, 'claims' | 'clock'>,
  project: string,
  waiter: string,
  waitMs: number,
  isSeen: () => Promise<boolean>,
): Promise<void> {
  const wanted = { id: waiter, name: waiter, until: clock.now() + waitMs + CLAIM_MARGIN_MS };
  const isOver = (held: { readonly until: number }) => held.until <= clock.now();
  if (!(await takeClaim(claims, project, 'waits', wanted, AT_ONCE, isOver))) return;
  try {
    await lookAgain(clock, waitMs, isSeen);
  } finally {
    await endClaim(claims, project, 'waits', wanted).catch(() => {}); // it ends by itself
  }
}
