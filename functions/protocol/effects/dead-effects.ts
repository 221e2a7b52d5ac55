import { siblingId } from '../../primitives/ids.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { RunPorts } from '../rules/ports.js';
import { announceOutcome } from './announce.js';
import { lastAttemptOf } from './last-attempt.js';

/**
 * What follows from a run's death: a copy in the `dead-letters` queue, for the person in the AWS console, a notification
 * for those who listen, and *last* the dead letter in the table, whose being there means that everything before it was
 * done. Safe to repeat; a repeat after a crash may put a second copy into the queue.
 */
export async function performDeadEffects(
  ports: RunPorts,
  run: RunDefinition,
  state: RunState,
  as: Pick<DeadLetter, 'status' | 'note'> = { status: 'open' },
): Promise<void> {
  const now = ports.clock.now();
  const lastAttempt = await lastAttemptOf(ports, run, state);
  const id = siblingId('dl', run.id);
  const reason = state.reason ?? 'worker_failure';
  await ports.deadLetterQueue.send(
    {
      project: run.project_id,
      dead_letter: id,
      task: run.id,
      endpoint: run.endpoint_id ?? null,
      reason,
      epoch: state.epoch,
    },
    state.last_status === undefined ? (state.last_error?.code ?? 'none') : String(state.last_status),
  );
  await announceOutcome(ports, run, state);
  await ports.deadLetters.bury({
    id,
    project_id: run.project_id,
    run,
    epoch: state.epoch,
    attempt: state.attempt,
    reason,
    ...as,
    ...(lastAttempt && { last_attempt: lastAttempt }),
    created_at: now,
    updated_at: now,
  });
}
