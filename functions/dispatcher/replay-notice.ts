import { ConflictError } from '../core/faults.js';
import type { RunPorts } from '../core/ports.js';
import { replayDeadLetter } from '../core/run/run-operations.js';
import type { DeadLetterNotice } from '../core/run/token.js';

/**
 * An operator moved a dead letter's copy into the `replay` queue: replays it, unless it was replayed or resolved since, or
 * the copy speaks of an earlier death.
 */
export async function replayNotice(ports: RunPorts, notice: DeadLetterNotice, keepMs: number): Promise<void> {
  const letter = await ports.deadLetters.find({ project: notice.project, run: notice.task });
  if (letter?.status !== 'open' || letter.epoch !== notice.epoch) return;
  try {
    await replayDeadLetter(ports, letter, keepMs);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error; // somebody decided while we were about to
  }
}
