import type { Attempt, DeadReason, RunDefinition } from '../run/task-run.js';

/**
 * A task run that will not be tried again by itself, with a copy of everything a replay needs: it outlives the run.
 * One per run; a run that dies again after a replay raises its `epoch`. Times are Unix milliseconds.
 */
export interface DeadLetter {
  readonly id: string;
  readonly project_id: string;
  readonly run: RunDefinition;
  readonly epoch: number;
  /** How many attempts had been made when it died. */
  readonly attempt: number;
  readonly reason: DeadReason;
  readonly status: 'open' | 'replayed' | 'resolved';
  readonly last_attempt?: Attempt;
  readonly note?: string;
  /** The bulk replay that marked it, so that the same job, repeated, takes it up again. */
  readonly bulk_id?: string;
  readonly created_at: number;
  readonly updated_at: number;
}
