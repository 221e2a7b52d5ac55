import type { Page } from '../../primitives/newest-first.js';
import type { Project } from '../projects/project.js';
import type { Attempt, DeadReason, RunDefinition } from '../task-runs/task-run.js';

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

/** A bulk replay: which dead letters, and how far it has come. Times are Unix milliseconds. */
export interface BulkJob {
  readonly id: string;
  readonly project_id: string;
  readonly endpoint_id?: string;
  readonly reason?: string;
  readonly since?: number;
  /** Dead letters made later are left alone: at the latest the moment of the request. */
  readonly until: number;
  readonly status: 'running' | 'completed';
  /** The last dead letter handled; '' at the start. */
  readonly cursor: string;
  readonly replayed: number;
  readonly created_at: number;
  /** When the last page was done. */
  readonly updated_at?: number;
  readonly expires_at: number;
}

export interface BulkStore {
  find(project: string, id: string): Promise<BulkJob | undefined>;
  /** Puts the job if it is absent. */
  create(job: BulkJob): Promise<void>;
  /** Moves the job on from `seen`, if its cursor is still there. */
  advance(seen: BulkJob, next: BulkJob): Promise<boolean>;
}

/** `since` and `until` (both inclusive, Unix milliseconds) are about the death, the id's time about the run's creation. */
export interface DeadLetterFilter {
  readonly endpoint_id?: string | undefined;
  readonly reason?: string | undefined;
  readonly status?: DeadLetter['status'] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface DeadLetterLists {
  /** At most `limit` dead letters of these projects, newest first by id, strictly before the id `before`. */
  list(
    projects: readonly Project[],
    filter: DeadLetterFilter,
    before: string | undefined,
    limit: number,
  ): Promise<Page<DeadLetter>>;
}
