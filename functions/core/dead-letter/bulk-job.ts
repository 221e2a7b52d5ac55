import type { Page } from '../newest-first.js';
import type { Project } from '../project/project.js';
import type { DeadLetter } from './dead-letter.js';

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
