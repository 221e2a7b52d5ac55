import type { Page } from '../../primitives/newest-first.js';
import type { Project } from '../projects/project.js';
import type { Attempt, DeadReason, RunDefinition } from '../task-runs/task-run.js';

/**
 * A task run that will not be tried again by itself, with a copy of everything that a replay needs: it outlives the
 * run. One per run; a run that dies again after a replay raises the `epoch`. Times are Unix milliseconds.
 */
export interface DeadLetter {
  readonly id: string;
  readonly project_id: string;
  readonly run: RunDefinition;
  readonly epoch: number;
  /** The number of attempts before the death. */
  readonly attempt: number;
  readonly reason: DeadReason;
  readonly status: 'open' | 'replayed' | 'resolved';
  readonly last_attempt?: Attempt;
  readonly note?: string;
  /** The bulk replay that marked it, so that a repeat of the same job replays it again. */
  readonly bulk_id?: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** `since` and `until` (inclusive, Unix milliseconds) are about the death; the id's time is the run's creation. */
export interface DeadLetterFilter {
  readonly endpoint_id?: string | undefined;
  readonly reason?: string | undefined;
  readonly status?: DeadLetter['status'] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface DeadLetterLists {
  /** At most `limit` dead letters of these projects, newest first by id, strictly before `before`. */
  list(
    projects: readonly Project[],
    filter: DeadLetterFilter,
    before: string | undefined,
    limit: number,
  ): Promise<Page<DeadLetter>>;
}
