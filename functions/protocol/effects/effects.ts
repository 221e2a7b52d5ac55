import { siblingId } from '../../primitives/ids.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import { leaveSlot } from '../limits/held-runs.js';
import { outlive } from '../messages/life.js';
import { deliverToken, sendToRunsLane } from '../messages/send-run.js';
import type { RunPorts } from '../rules/ports.js';
import { announceOutcome } from './announce.js';
import { auditOutcome } from './audit-outcome.js';
import { keepLastAttempt, lastAttemptOf } from './last-attempt.js';

/** What follows from a recorded state. An effect is idempotent, and does nothing if the state does not call for it. */
type Effect = (ports: RunPorts, run: RunDefinition, state: RunState) => Promise<void>;

/**
 * The effects of a death. The dead letter in the table is the last one: if it is there, all effects before it were
 * performed.
 */
const OF_DEATH: readonly Effect[] = [queueDeadLetter, announceOutcome, fileDeadLetter];

/** The effects that the claim of the next attempt would hide. */
const OF_LAST_ATTEMPT: readonly Effect[] = [keepLastAttempt, announceOutcome];

/**
 * All effects of a recorded verdict. The next attempt's token is the last one: once that attempt is claimed, no worker
 * performs the effects of this attempt again.
 */
const OF_VERDICT: readonly Effect[] = [
  keepLastAttempt,
  auditOutcome,
  passSlotOn,
  queueDeadLetter,
  announceOutcome,
  fileDeadLetter,
  sendNextAttempt,
];

/** Performs all effects of a recorded verdict, in their order. A repeat after a crash performs all of them again. */
export const performEffects = inOrder(OF_VERDICT);

/**
 * Performs the effects of a waiting run's last attempt before a person's change hides them: the attempt's worker may
 * have died before them.
 */
export const performLastAttempt = inOrder(OF_LAST_ATTEMPT);

/** Performs the effects of a death that no attempt decided: a retry job is given up. */
export const performDeath = inOrder([keepLastAttempt, ...OF_DEATH]);

/** Performs the effects of a death that allows no replay: the dead letter is resolved from the start. */
export function performLoss(note: string): Effect {
  return inOrder([
    queueDeadLetter,
    announceOutcome,
    (ports, run, state) => file(ports, run, state, { status: 'resolved', note }),
  ]);
}

function inOrder(effects: readonly Effect[]): Effect {
  return async (ports, run, state) => {
    for (const perform of effects) await perform(ports, run, state);
  };
}

async function passSlotOn(ports: RunPorts, run: RunDefinition, state: RunState): Promise<void> {
  if (run.endpoint_id !== undefined)
    await leaveSlot(ports, { project: run.project_id, endpoint: run.endpoint_id }, state);
}

/** A copy in the `dead-letters` queue, for a person in the AWS console. A repeat may put a second copy. */
async function queueDeadLetter(
  ports: Pick<RunPorts, 'deadLetterQueue'>,
  run: RunDefinition,
  state: RunState,
): Promise<void> {
  if (state.status !== 'dead_letter') return;
  await ports.deadLetterQueue.send(
    {
      project: run.project_id,
      dead_letter: siblingId('dl', run.id),
      task: run.id,
      endpoint: run.endpoint_id ?? null,
      reason: reasonOf(state),
      epoch: state.epoch,
    },
    state.last_status === undefined ? (state.last_error?.code ?? 'none') : String(state.last_status),
  );
}

async function fileDeadLetter(
  ports: Pick<RunPorts, 'clock' | 'deadLetters' | 'runs'>,
  run: RunDefinition,
  state: RunState,
): Promise<void> {
  if (state.status === 'dead_letter') await file(ports, run, state, { status: 'open' });
}

async function file(
  ports: Pick<RunPorts, 'clock' | 'deadLetters' | 'runs'>,
  run: RunDefinition,
  state: RunState,
  as: Pick<DeadLetter, 'status' | 'note'>,
): Promise<void> {
  const now = ports.clock.now();
  const lastAttempt = await lastAttemptOf(ports, run, state);
  await ports.deadLetters.bury({
    id: siblingId('dl', run.id),
    project_id: run.project_id,
    run,
    epoch: state.epoch,
    attempt: state.attempt,
    reason: reasonOf(state),
    ...as,
    ...(lastAttempt && { last_attempt: lastAttempt }),
    created_at: now,
    updated_at: now,
  });
}

const reasonOf = ({ reason }: RunState): NonNullable<RunState['reason']> => reason ?? 'worker_failure';

async function sendNextAttempt(
  ports: Pick<RunPorts, 'clock' | 'config' | 'keepMs' | 'runs' | 'wakeUps'>,
  run: RunDefinition,
  state: RunState,
): Promise<void> {
  if (state.status !== 'retry_scheduled') return;
  await outlive(ports, run, state.due!, state);
  await sendToRunsLane(ports, run, deliverToken(run, state.attempt + 1, state.due!, ports.clock.now()), state.due!);
}
