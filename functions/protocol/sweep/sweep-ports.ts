import type { Metrics } from '../../primitives/metrics.js';
import type { Page } from '../../primitives/newest-first.js';
import type { BulkJob } from '../../subjects/bulk-jobs/bulk-job.js';
import type { Endpoint, Lane } from '../../subjects/endpoints/endpoint.js';
import type { StoredEvent } from '../../subjects/events/event.js';
import type { Project } from '../../subjects/projects/project.js';
import type { ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { ListedRun, RunLists } from '../../subjects/task-runs/task-run-lists.js';
import type { RunPorts } from '../rules/ports.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A time span: after `from`, up to and including `until` (Unix milliseconds). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A message counts as lost when its queue is worked off beyond the message's moment by this much. */
export const MISSED_MS = 10 * MINUTE_MS;

/** A failed message's copy comes back within this time (`failedAgainMostSeconds` in lib/config.ts). */
export const COPY_WAITS_MS = 15 * MINUTE_MS;

/** The span of one list of later checks. */
const BUCKET_MS = 5 * MINUTE_MS;

/**
 * A message that should have come at `moment` is missed for the first time after ten minutes, then after an hour, two,
 * four and so on. Answers the first of these moments after `at`. They follow from `moment` alone, so no row records
 * what was sent again, and a message that keeps failing gets ten copies at most in fourteen days.
 */
export function nextMiss(moment: number, at: number): number {
  if (at < moment + MISSED_MS) return moment + MISSED_MS;
  const hours = Math.max(0, Math.floor(Math.log2((at - moment) / HOUR_MS)) + 1);
  return moment + HOUR_MS * 2 ** hours;
}

/** Whether the message is missed (again) in this span of its queue's time. */
export function isMissed(moment: number, { from, until }: Span): boolean {
  return nextMiss(moment, from) <= until;
}

/** Whether the span contains no moment. */
export function isEmpty({ from, until }: Span): boolean {
  return from >= until;
}

/** The end of the bucket whose list has the entries for the queue's time `at`. */
export function bucketOf(at: number): number {
  return Math.ceil(at / BUCKET_MS) * BUCKET_MS;
}

export type QueueName = Lane | 'wake-ups';
/** The crowded lane has no time of its own: a run's message belongs to the lane that it came from. */
export type AnyQueueName = QueueName | 'crowded';
export const QUEUES: readonly QueueName[] = ['fast', 'slow', 'wake-ups'];
/** What later lists wait for: a queue's time, or wall-clock time for content that ends (`end-contents.ts`). */
export type ListName = QueueName | 'content';

/** For each queue, the moment up to which it is worked off (Unix milliseconds). */
export type QueueTimes = Readonly<Record<QueueName, number>>;

/** The messages of a queue, or of one message group of a lane. */
export interface Stretch {
  readonly queue: QueueName;
  readonly group?: string | undefined;
}

/** Probes: the arrival of a probe shows that all messages before it were handled. */
export interface QueueClocks {
  probe(stretch: Stretch, sentAt: number): Promise<void>;
  /** When the last probe that arrived was sent; 0 without one. */
  workedOff(stretch: Stretch): Promise<number>;
}

/**
 * How far the sweep has come: `made` for created runs and events, in wall-clock time; `due` for messages that should
 * have come through each queue, in that queue's own time; `listed` for entries of lists, in the same time.
 */
export interface Position {
  readonly made: number;
  readonly due: QueueTimes;
  readonly listed: QueueTimes;
  /** Where the check of due work continues; absent: at its start. */
  readonly walk?: { readonly part: 'waiting' | 'clocks'; readonly before?: string | undefined };
}

/** A round over all projects, which may take several invocations. */
export interface Round {
  /** Raised by every write; a write is conditional on the version that was read. */
  readonly version: number;
  /** Every project was checked. */
  readonly isOver: boolean;
  readonly from: Position;
  readonly until: Position;
  /** The last project that is done, in the order of the list. */
  readonly after?: string;
  /** Projects that are behind the others, and their positions. */
  readonly behind: Readonly<Record<string, Position>>;
}

/** Entries to check when the queue's time has come; see `sweep-project.ts`. */
export interface LaterList<Name extends ListName = QueueName> {
  readonly queue: Name;
  /** The end of a bucket, in the queue's time. */
  readonly at: number;
  /** A list with the same name replaces this one. */
  readonly name: string;
  readonly entries: readonly string[];
}

/** The entry of a run whose message was sent at the moment `since`, which its id and its due moment do not say. */
export const freedEntry = (run: string, since: number): string => `freed ${run} ${since}`;

export interface SweepStore {
  /** Strongly consistent. */
  round(): Promise<Round | undefined>;
  /** Replaces the round of the version before, or puts the first one. */
  putRound(round: Round): Promise<boolean>;
  putLater(project: string, list: LaterList<ListName>): Promise<void>;
  /** Lists in the order of their moments. */
  later<Name extends ListName>(project: string, queue: Name, span: Span): AsyncIterable<LaterList<Name>>;
}

/** The runs and events of a span that may still have to be sent. */
export interface Made {
  /** Ids of runs that are not over and not known to wait for a retry. */
  readonly runs: readonly string[];
  /** Events whose fan-out is not done, or that lack a decided run. */
  readonly events: readonly StoredEvent[];
  /** The moment up to which all rows were read: the end of the span, or as far as one read goes. */
  readonly until: number;
}

/** The lists that the sweep reads. They decide nothing: what is found is read again, strongly. */
export interface SweepLists extends Pick<RunLists, 'byIds'> {
  /** Newest first; also deleted projects. */
  projects(): Promise<Project[]>;
  madeIn(project: Project, span: Span): Promise<Made>;
  /** Runs whose retry waits or is running, and replayed runs; newest first. */
  waiting(project: Project, before: string | undefined): Promise<Page<ListedRun>>;
  /** Active schedules whose position is not after `until`; newest first. */
  lateClocks(project: string, until: number, before: string | undefined): Promise<Page<ScheduleClock>>;
  endpoints(project: string): Promise<readonly Endpoint[]>;
  runningJobs(project: string): Promise<readonly BulkJob[]>;
}

/** Ids of the work that failed, and that is tried again in the next round. */
export interface Failed {
  readonly project?: string;
  readonly row?: string;
  readonly queue?: AnyQueueName;
  /** A message's body: only the ids in it may be logged. */
  readonly body?: string;
}

export interface SweepPorts extends RunPorts {
  readonly sweep: SweepStore;
  readonly lists: SweepLists;
  readonly queueClocks: QueueClocks;
  readonly metrics: Pick<Metrics, 'count'>;
  onFailure(what: Failed, error: unknown): void;
}
