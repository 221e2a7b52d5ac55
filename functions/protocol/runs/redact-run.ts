import { ConflictError } from '../../primitives/faults.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import { isFinal, type RunState, redactedAttempt, redactedRun } from '../../subjects/task-runs/task-run.js';
import type { RunKey, RunPorts } from '../rules/ports.js';
import { redacted } from '../rules/transitions.js';

/** From then on no worker is at work that could write an attempt again as it was; a function runs 330 s at most. */
export const SETTLED_MS = 6 * 60_000;

/**
 * Removes from an ended run, and from its dead letter, what was sent and answered. The definition's mark is written
 * last: if it is there, all is removed. A repeat removes the rest.
 * @throws ConflictError if the run may still be sent, or has ended only just now
 */
export async function redactRun(
  ports: Pick<RunPorts, 'clock' | 'deadLetters' | 'runs'>,
  key: RunKey,
  state: RunState,
): Promise<void> {
  const now = ports.clock.now();
  const letter = await ports.deadLetters.find(key);
  assertEnded(state, letter, now);
  const later = await ports.runs.attempts(key.project, state.later_attempts);
  for (const attempt of later) await ports.runs.putAttempt(redactedAttempt(attempt), state.expires_at);
  if (letter) await ports.deadLetters.redact(redactedLetter(letter, now));
  const found = await ports.runs.find(key);
  if (found.state && found.state.epoch !== state.epoch) throw changed();
  if (found.state && !(await ports.runs.advance(key, found.state, redacted(found.state)))) throw changed();
  if (found.definition) await ports.runs.redact(redactedRun(found.definition, now));
}

const changed = () => new ConflictError('The task run has changed at the same time; try again.');

function assertEnded(
  { status, attempt, epoch, finished_at }: RunState,
  letter: DeadLetter | undefined,
  now: number,
): void {
  if (!isFinal(status)) throw new ConflictError(`The task run is ${status}; only an ended task run can be redacted.`);
  if (letter?.status === 'open')
    throw new ConflictError('Its dead letter is open, and a replay needs the payload. Resolve the dead letter first.');
  if (letter?.status === 'replayed' && letter.epoch === epoch)
    throw new ConflictError('The dead letter is being replayed, and the replay needs the payload.');
  if (attempt > 0 && (finished_at ?? 0) > now - SETTLED_MS)
    throw new ConflictError('The task run has ended only just now; it can be redacted six minutes after its end.');
}

export function redactedLetter(letter: DeadLetter, now: number): DeadLetter {
  const { last_attempt } = letter;
  return {
    ...letter,
    run: redactedRun(letter.run, now),
    ...(last_attempt && { last_attempt: redactedAttempt(last_attempt) }),
  };
}
