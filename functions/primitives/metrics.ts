/** Counted events; the names are the names of the metrics. */
export type Counted =
  /** Task runs and events that the API has accepted. */
  | 'accepted'
  /** Runs that succeeded. */
  | 'delivered'
  | 'failed_attempts'
  /** Failed attempts that are followed by another attempt. */
  | 'retried'
  | 'dead_lettered'
  /** Messages put back for later: too early, or stopped by a lease, a lock or a limit. */
  | 'deferred'
  /** Runs held at their endpoint, which is paused or busy. */
  | 'held'
  /** Messages of a project over its share of a lane, passed on to the crowded lane. */
  | 'crowded'
  | 'skipped'
  /** Messages whose handling failed unexpectedly, and that come back. */
  | 'failed_messages'
  /** Messages that have failed for longer than a brief disturbance lasts. */
  | 'stuck_messages'
  /** Messages and rows in a format of a later release, which wait for it. */
  | 'unknown_messages'
  /** Lost messages that the reconciler sent again. */
  | 'rearmed'
  /** Rounds of the reconciler that have checked every project. */
  | 'swept'
  /** Rows and projects that a round could not check, and that the next round checks again. */
  | 'sweep_failures'
  /** Messages that were sent back to their queue from its DLQ. */
  | 'redriven'
  /** Messages that were put back so often that no known reason explains it, and that now come less often. */
  | 'hop_cap_reached'
  /** Messages that kept failing, and whose runs were therefore ended. */
  | 'poison_buried'
  /** Messages of the intake queue that can never become a task or an event as they are. */
  | 'refused_messages'
  /** Sign-ins with a wrong key, and those that were refused after them. */
  | 'sign_ins_failed';

/**
 * Milliseconds: the duration of a call; and how long after its due moment it started, of calls that no rule of their
 * project made wait.
 */
export type Measured = 'latency_ms' | 'lateness_ms';

/** A failed attempt, or a run that died without an attempt: ids and codes for the log, never content. */
export interface Unsuccessful {
  readonly project: string;
  readonly run: string;
  readonly attempt?: string;
  readonly status: string;
  /** The dead letter's reason, or else the code of the attempt's error. */
  readonly because: string;
}

/** Receives the functions' counts and measurements, for CloudWatch. No decision depends on metrics. */
export interface Metrics {
  count(what: Counted, times?: number): void;
  measure(what: Measured, value: number): void;
  note(unsuccessful: Unsuccessful): void;
}
