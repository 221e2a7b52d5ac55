import type { RunLists } from '../task-runs/task-run-lists.js';
import type { HourStats } from './hour-stats.js';

export const HOUR_MS = 3_600_000;

export const hourOf = (at: number): number => at - (at % HOUR_MS);

/**
 * Where the counting of an hour goes on: through the runs made in it, the attempts from the second on, then the runs that
 * hours before it left open. `after` is the last id, or name of a list, that was looked at.
 */
export interface Position {
  readonly part: 'created' | 'retried' | 'carried';
  readonly after?: string | undefined;
}

/** An hour of a project, as far as it is counted. `hour` is its start in Unix milliseconds. */
export interface HourRecord {
  readonly hour: number;
  /** Raised by every write; a write names the one it has read. 0: not written yet. */
  readonly version: number;
  readonly stats: HourStats;
  /** Every so many-th shard was looked at: what was counted stands for so much. */
  readonly factor: number;
  /** Absent: the hour is counted. */
  readonly position?: Position | undefined;
}

/** Runs that an hour left open, to look at again in another one. */
export interface CarriedRuns {
  /** Names the list within the hour that it was carried into. */
  readonly name: string;
  /** The end of the hour that left them open (Unix milliseconds). */
  readonly since: number;
  readonly ids: readonly string[];
}

export interface StatsStore {
  /** The last hour that was begun, strongly consistent. */
  newest(project: string): Promise<HourRecord | undefined>;
  /** Replaces the record of the version before, or makes the first one. */
  put(project: string, record: HourRecord): Promise<boolean>;
  /** Of the hours that start in between, those that were begun, oldest first. */
  between(project: string, from: number, until: number): Promise<HourRecord[]>;
  /** Keeps a list of runs for the hour `into`. The same name again replaces it. */
  carry(project: string, into: number, runs: CarriedRuns): Promise<void>;
  /** The list that follows the one named `after`. */
  carried(project: string, into: number, after: string | undefined): Promise<CarriedRuns | undefined>;
}

/** What counting looks at. */
export interface StatsReader {
  readonly stats: Pick<StatsStore, 'carried'>;
  readonly runLists: Pick<RunLists, 'runs' | 'laterAttempts' | 'byIds'>;
}
