type BulkAction = 'replay' | 'resolve' | 'cancel';

/** What a bulk job is about: what fits every given field, or what has one of the ids. Times are Unix milliseconds. */
export interface BulkFilter {
  readonly ids?: readonly string[] | undefined;
  readonly endpoint_id?: string | undefined;
  /** Of dead letters. `since` and `until` are about their death, and of task runs about their creation. */
  readonly reason?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Of task runs. */
  readonly schedule_id?: string | undefined;
  readonly event_id?: string | undefined;
  readonly event_key?: string | undefined;
  readonly label?: string[] | undefined;
}

/** Replays or resolves dead letters, or cancels task runs, in the background: what it is about, and how far it has come. */
export interface BulkJob extends BulkFilter {
  readonly id: string;
  readonly project_id: string;
  /** Absent: `replay`. */
  readonly action?: Exclude<BulkAction, 'replay'> | undefined;
  /** Why the dead letters are resolved. */
  readonly note?: string | undefined;
  /** What came after this moment is left alone; at the latest the moment of the request. */
  readonly until: number;
  readonly status: 'running' | 'completed';
  /** Id of the last dead letter or task run that was handled; '' at the start. */
  readonly cursor: string;
  readonly done: number;
  readonly created_at: number;
  /** When the last page was done. */
  readonly updated_at?: number;
  readonly expires_at: number;
}

export interface BulkStore {
  find(project: string, id: string): Promise<BulkJob | undefined>;
  /** Puts the job if it is absent. */
  create(job: BulkJob): Promise<void>;
  /** Replaces `seen` by `next`, if the cursor is still that of `seen`. */
  advance(seen: BulkJob, next: BulkJob): Promise<boolean>;
}
