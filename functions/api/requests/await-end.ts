import type { ApiPorts } from '../../runtime/api-ports.js';
import { endClaim, takeClaim } from '../../subjects/projects/claims.js';
import { isFinal, type RunDefinition } from '../../subjects/task-runs/task-run.js';

/**
 * Requests of a project that wait at the same time: each keeps an execution environment from all others. One more is
 * answered at once.
 */
const AT_ONCE = 5;
const FIRST_LOOK_MS = 100;
const LAST_LOOKS_MS = 500;

type Ports = Pick<ApiPorts, 'claims' | 'clock' | 'runLists'>;

/** Waits until the run has ended, at most so long, and not at all while the project waits for others. */
export async function awaitEnd(ports: Ports, run: RunDefinition, waiter: string, waitMs: number): Promise<void> {
  const { claims, clock } = ports;
  const wanted = { id: waiter, name: waiter, until: clock.now() + waitMs + LAST_LOOKS_MS };
  const isOver = (held: { readonly until: number }) => held.until <= clock.now();
  if (!(await takeClaim(claims, run.project_id, 'waits', wanted, AT_ONCE, isOver))) return;
  try {
    await lookUntil(ports, run, waitMs);
  } finally {
    await endClaim(claims, run.project_id, 'waits', wanted).catch(() => {}); // it ends by itself
  }
}

/** Each look is twice as far from the look before, up to half a second. */
async function lookUntil({ clock, runLists }: Ports, { id, project_id }: RunDefinition, waitMs: number): Promise<void> {
  const until = clock.now() + waitMs; // looks take time, too
  for (let waited = 0, pause = FIRST_LOOK_MS; waited < waitMs && clock.now() < until; ) {
    await clock.sleep(Math.min(pause, waitMs - waited));
    const [run] = await runLists.byIds(project_id, [id]);
    if (run === undefined || isFinal(run.state.status)) return;
    waited += pause;
    pause = Math.min(2 * pause, LAST_LOOKS_MS);
  }
}
