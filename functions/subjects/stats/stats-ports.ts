import type { RunLists } from '../task-runs/task-run-lists.js';
import type { HourStats } from './hour-stats.js';

export const HOUR_MS = 3_600_000;

export const hourOf = (at: number): number => at - (at % HOUR_MS);

/**
 * Where the counting of an hour continues: the runs made in it, the attempts from the second on, then the runs that
 * earlier hours left open. `after` is the id of the last row, or the name of the last list, that was read.
 */
export interface Position {
  readonly part: 'created' | 'retried' | 'carried';
  readonly after?: string | undefined;
}

/** An hour of a project, counted up to `position`. `hour` is its start in Unix milliseconds. */
export interface HourRecord {
  readonly hour: number;
  /** Raised by every write; a write is conditional on the version that was read. 0: not written yet. */
  readonly version: number;
  readonly stats: HourStats;
  /** All shards divided by counted shards: every count stands for this many. */
  readonly factor: number;
  /** Absent: the hour is counted. */
  readonly position?: Position | undefined;
}

/** Runs that an hour left open, to be read again in a later hour. */
export interface CarriedRuns {
  /** Names the list within the hour that it is carried to. */
  readonly name: string;
  /** The end of the hour that left the runs open (Unix milliseconds). */
  readonly since: number;
  readonly ids: readonly string[];
}

export interface StatsStore {
  /** The latest hour whose counting has begun, strongly consistent. */
  newest(project: string): Promise<HourRecord | undefined>;
  /** Replaces the record of the version before, or puts the first one. */
  put(project: string, record: HourRecord): Promise<boolean>;
  /** The hours between `from` and `until` whose counting has begun, oldest first. */
  between(project: string, from: number, until: number): Promise<HourRecord[]>;
  /** Puts a list of runs for the hour `into`. A list with the same name replaces it. */
  carry(project: string, into: number, runs: CarriedRuns): Promise<void>;
  /** The list that follows the one named `after`. */
  carried(project: string, into: number, after: string | undefined): Promise<CarriedRuns | undefined>;
}

/** The stores that counting reads. */
export interface StatsReader {
  readonly stats: Pick<StatsStore, 'carried'>;
  readonly runLists: Pick<RunLists, 'runs' | 'laterAttempts' | 'byIds'>;
}
