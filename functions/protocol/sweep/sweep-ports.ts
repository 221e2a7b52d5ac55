import type { Metrics } from '../../primitives/metrics.js';
import type { Page } from '../../primitives/newest-first.js';
import type { BulkJob } from '../../subjects/dead-letters/dead-letter.js';
import type { Endpoint, Lane } from '../../subjects/endpoints/endpoint.js';
import type { StoredEvent } from '../../subjects/events/event.js';
import type { Project } from '../../subjects/projects/project.js';
import type { ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { ListedRun, RunLists } from '../../subjects/task-runs/task-run-lists.js';
import type { RunPorts } from '../rules/ports.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A stretch of time: after `from`, up to and with `until` (Unix milliseconds). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** By so much a queue has gone on beyond a message that never came, before it counts as lost. */
export const MISSED_MS = 10 * MINUTE_MS;

/** A copy of a message that failed comes back within this (`failedAgainMostSeconds` in lib/config.ts). */
export const COPY_WAITS_MS = 15 * MINUTE_MS;

/** Lists of what to look at later are kept by stretches of so much. */
const BUCKET_MS = 5 * MINUTE_MS;

/**
 * What should have come at `moment` is missed for the first time after ten minutes, then after an hour, two, four and so
 * on: the first of these moments after `at`. They follow from `moment` alone, so nothing has to remember what was sent
 * again, and a message that fails over and over is joined by ten copies at most in fourteen days.
 */
export function nextMiss(moment: number, at: number): number {
  if (at < moment + MISSED_MS) return moment + MISSED_MS;
  const hours = Math.max(0, Math.floor(Math.log2((at - moment) / HOUR_MS)) + 1);
  return moment + HOUR_MS * 2 ** hours;
}

/** Whether it is missed (again) in this stretch of its queue's time. */
export function isMissed(moment: number, { from, until }: Span): boolean {
  return nextMiss(moment, from) <= until;
}

/** Nothing lies in between. */
export function isEmpty({ from, until }: Span): boolean {
  return from >= until;
}

/** The end of the stretch whose list has what is to be looked at when the queue has got to `at`. */
export function bucketOf(at: number): number {
  return Math.ceil(at / BUCKET_MS) * BUCKET_MS;
}

export type QueueName = Lane | 'wake-ups';
export const QUEUES: readonly QueueName[] = ['fast', 'slow', 'wake-ups'];

/** A moment in the time of each queue: until when it is worked off (Unix milliseconds). */
export type QueueTimes = Readonly<Record<QueueName, number>>;

/** Which messages went before: a queue's, or those of a group among whom a lane is shared fairly. */
export interface Stretch {
  readonly queue: QueueName;
  readonly group?: string | undefined;
}

/** Small messages that say, when they have come through a queue, that all before them have. */
export interface QueueClocks {
  probe(stretch: Stretch, sentAt: number): Promise<void>;
  /** When the last probe that came through was sent; 0 if none did. */
  workedOff(stretch: Stretch): Promise<number>;
}

/**
 * How far the sweep has come: with the runs and events that were made, by the clock on the wall, and with what should have
 * come through each queue, by that queue's own time. `listed` is the same for what lies on lists.
 */
export interface Position {
  readonly made: number;
  readonly due: QueueTimes;
  readonly listed: QueueTimes;
  /** Where the look through what is due goes on; absent: at its start. */
  readonly walk?: { readonly part: 'waiting' | 'clocks'; readonly before?: string | undefined };
}

/** A round over all projects, which may take several invocations. */
export interface Round {
  /** Raised by every write; a write names the one it has read. */
  readonly version: number;
  /** Every project was looked at. */
  readonly isOver: boolean;
  readonly from: Position;
  readonly until: Position;
  /** The last project that is done, in their order. */
  readonly after?: string;
  /** Projects that have not got to where the others are, and how far they are. */
  readonly behind: Readonly<Record<string, Position>>;
}

/** What to look at when its queue's time has come; see `sweep-project.ts`. */
export interface LaterList {
  readonly queue: QueueName;
  /** In the queue's time; a bucket's end. */
  readonly at: number;
  /** The same again replaces it. */
  readonly name: string;
  readonly entries: readonly string[];
}

export interface SweepStore {
  /** Strongly consistent. */
  round(): Promise<Round | undefined>;
  /** Replaces the round of the version before, or puts the first one. */
  putRound(round: Round): Promise<boolean>;
  putLater(project: string, list: LaterList): Promise<void>;
  /** In the order of their moments. */
  later(project: string, queue: QueueName, span: Span): AsyncIterable<LaterList>;
}

/** Of what was made after a moment: what may still have to go out. */
export interface Made {
  /** Ids of runs that are not over, and not known to wait for a retry. */
  readonly runs: readonly string[];
  /** Events that are not fanned out, or of which a run that was decided is not there. */
  readonly events: readonly StoredEvent[];
  /** All that was made up to here was looked at: the end of what was asked for, or as far as one look goes. */
  readonly until: number;
}

/** What the sweep looks through. None of it decides anything: what is found is read again, strongly. */
export interface SweepLists extends Pick<RunLists, 'byIds'> {
  /** Newest first; also the deleted ones, whose task runs are still delivered. */
  projects(): Promise<Project[]>;
  madeIn(project: Project, span: Span): Promise<Made>;
  /** Runs whose retry is waiting or being made, and those that were replayed; newest first. */
  waiting(project: Project, before: string | undefined): Promise<Page<ListedRun>>;
  /** Active schedules whose position is not after `until`; newest first. */
  lateClocks(project: string, until: number, before: string | undefined): Promise<Page<ScheduleClock>>;
  endpoints(project: string): Promise<readonly Endpoint[]>;
  runningJobs(project: string): Promise<readonly BulkJob[]>;
}

/** What could not be done, by its ids, and is tried again in the next round. */
export interface Failed {
  readonly project?: string;
  readonly row?: string;
  readonly queue?: QueueName;
  /** Of a message: nothing of it may be shown but the ids in it. */
  readonly body?: string;
}

export interface SweepPorts extends RunPorts {
  readonly sweep: SweepStore;
  readonly lists: SweepLists;
  readonly queueClocks: QueueClocks;
  readonly metrics: Pick<Metrics, 'count'>;
  onFailure(what: Failed, error: unknown): void;
}
