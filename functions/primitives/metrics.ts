/** What happens often enough to be counted; the names are those of the metrics. */
export type Counted =
  /** Task runs and events that the API has taken. */
  | 'accepted'
  /** Runs that succeeded. */
  | 'delivered'
  | 'failed_attempts'
  /** Failed attempts that another one follows. */
  | 'retried'
  | 'dead_lettered'
  /** Messages put back for later: too early, a lease, a lock or a limit in the way. */
  | 'deferred'
  /** Runs laid down at their endpoint, which is paused or busy. */
  | 'held'
  | 'skipped'
  /** Messages whose handling failed unforeseen, and that come back. */
  | 'failed_messages'
  /** Those of them that have failed for longer than a hiccup lasts. */
  | 'stuck_messages'
  /** Messages and rows in a format of a later release, which wait for it. */
  | 'unknown_messages'
  /** Lost messages that the reconciler sent again. */
  | 'rearmed'
  /** Rounds of the reconciler that have looked at every project. */
  | 'swept'
  /** Rows and projects that a round could not look at, and that the next one looks at again. */
  | 'sweep_failures'
  /** Messages that were sent back to their queue from its DLQ. */
  | 'redriven'
  /** Messages put back more often than anything explains, and slowed down since. */
  | 'hop_cap_reached'
  /** Messages that kept failing, and whose runs were therefore ended. */
  | 'poison_buried';

/** Milliseconds: how long a call took, and how long after its due moment it started. */
export type Measured = 'latency_ms' | 'lateness_ms';

/** An attempt that failed, or a run that died without one: ids and codes for the log, never what was sent. */
export interface Unsuccessful {
  readonly project: string;
  readonly run: string;
  readonly attempt?: string;
  readonly status: string;
  /** Why: a dead letter's reason, or else the code of the attempt's error. */
  readonly because: string;
}

/** Receives what the functions count and measure, for CloudWatch. No decision depends on metrics. */
export interface Metrics {
  count(what: Counted, times?: number): void;
  measure(what: Measured, value: number): void;
  note(unsuccessful: Unsuccessful): void;
}
