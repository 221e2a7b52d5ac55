import type { Clock } from '../../primitives/clock.js';
import type { AuditTrail } from '../../subjects/audit/audit-entry.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import type { Lane } from '../../subjects/endpoints/endpoint.js';
import type { LimitStore } from '../../subjects/endpoints/rate-booking.js';
import type { EventStore, Listeners } from '../../subjects/events/event.js';
import type { NewRuns } from '../../subjects/projects/quotas.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { Attempt, RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { HeldRunStore } from './held-run.js';
import type { BulkToken, DeadLetterNotice, FanOutToken, FireToken, LaneToken, ReleaseToken } from './token.js';

/**
 * The ports of the protocol; `storage/` and `queues/` implement them. A conditional write answers `false` if its
 * condition did not hold: another writer was first, so read again.
 */
export interface RunKey {
  readonly project: string;
  readonly run: string;
}

export interface StoredRun {
  readonly definition?: RunDefinition;
  readonly state?: RunState;
}

export interface RunStore {
  /** Strongly consistent. */
  find(key: RunKey): Promise<StoredRun>;
  /** Eventually consistent, at half the price. */
  glimpse(key: RunKey): Promise<StoredRun>;
  /** The definition alone, in whatever state the run is: eventually consistent, cheaper than `glimpse`. */
  definition(run: RunKey): Promise<RunDefinition | undefined>;
  /** Puts the definition if it is absent; a repeat of the same creation changes nothing. */
  create(definition: RunDefinition): Promise<void>;
  /** Replaces the definition of a run that has not begun. */
  replace(definition: RunDefinition): Promise<void>;
  /** Replaces the definition of an ended run, which has no payload any more, and deletes the run's own payload. */
  redact(definition: RunDefinition): Promise<void>;
  /** Puts the state if there is none. */
  begin(key: RunKey, state: RunState): Promise<boolean>;
  /** Replaces `seen` by `next` if the state was not written since `seen` was read. */
  advance(key: RunKey, seen: RunState, next: RunState): Promise<boolean>;
  /** Moves the TTL of the run's found items to `expiresAt` (Unix milliseconds), or slightly later. */
  keepUntil(run: StoredRun, expiresAt: number): Promise<void>;
  /** Extends the TTL of the items that exist to `expiresAt`, or later; creates no item. */
  keepAtLeast(run: StoredRun, expiresAt: number): Promise<void>;
  isCancelRequested(key: RunKey): Promise<boolean>;
  /** Puts the row of a second or later attempt, under its id. */
  putAttempt(attempt: Attempt, expiresAt: number): Promise<void>;
  attempts(project: string, ids: readonly string[]): Promise<Attempt[]>;
}

export interface DeadLetterStore {
  /** Strongly consistent. */
  find(key: RunKey): Promise<DeadLetter | undefined>;
  /** Puts the dead letter if there is none, or only that of an older epoch. */
  bury(letter: DeadLetter): Promise<void>;
  /** `open` → `replayed`, if the dead letter is still open at that epoch. */
  markReplayed(letter: DeadLetter, at: number, bulkId?: string): Promise<boolean>;
  /** Replaces the dead letter, unless it is open or of another epoch. */
  redact(letter: DeadLetter): Promise<void>;
  /** `open` → `resolved`, if the dead letter is still open at that epoch. */
  markResolved(letter: DeadLetter, at: number, note: string): Promise<boolean>;
}

export interface ScheduleKey {
  readonly project: string;
  readonly schedule: string;
}

export interface ScheduleStore {
  /** Schedule and clock, strongly consistent. */
  find(key: ScheduleKey): Promise<{ readonly schedule?: Schedule; readonly clock?: ScheduleClock }>;
  /** Puts version 1 if the schedule is absent; a later version only over the version before. Answers whether it did. */
  putSchedule(schedule: Schedule): Promise<boolean>;
  /** Puts the clock if there is none. */
  begin(clock: ScheduleClock): Promise<void>;
  /** For a fire: writes all but the generation, if generation and position are still those of `seen`. */
  moveOn(seen: ScheduleClock, next: ScheduleClock): Promise<boolean>;
  /** Starts a new generation (change, re-arm), if generation and position are still those of `seen`. */
  renew(seen: ScheduleClock, next: ScheduleClock): Promise<boolean>;
  /** Points the overlap lock at `run` and its `claim`, if the lock is still as in `seen`. */
  takeLock(seen: ScheduleClock, run: string, claim: string): Promise<boolean>;
  remove(key: ScheduleKey): Promise<void>;
  /** Newest first, strictly before the id `before`. */
  schedules(project: string, before: string | undefined, limit: number): Promise<Schedule[]>;
  /** Ids of the schedules that name this endpoint, policy or key, newest first; strongly consistent. */
  naming(project: string, what: NamedBySchedules, limit: number): Promise<string[]>;
}

export interface NamedBySchedules {
  readonly field: 'endpoint_id' | 'retry_policy_id' | 'signing_key_id';
  readonly id: string;
}

/** The queues, and durable promises that a message reaches a queue at a moment. */
export interface WakeUps {
  /**
   * Sends a lane token so that it arrives shortly before `due` (0: at once). Beyond 15 minutes EventBridge Scheduler
   * sends it, under a name derived from run and attempt.
   */
  sendToLane(lane: Lane, token: LaneToken, due: number): Promise<void>;
  /** `waitSeconds`: by default 0, or 1 for a token that is put back. */
  sendToDispatcher(token: BulkToken | FanOutToken | ReleaseToken, waitSeconds?: number): Promise<void>;
  /** Sends a schedule's wake-up so that it arrives at `wakeAt`, or shortly after. */
  sendFire(token: FireToken, wakeAt: number): Promise<void>;
  /** The name of the EventBridge schedule for a wake-up at `wakeAt`; undefined if an SQS delay reaches that far. */
  fireName(position: FirePosition, wakeAt: number): string | undefined;
  /** Deletes the EventBridge schedule of a wake-up, if there is one. */
  disarmFire(position: FirePosition): Promise<void>;
  /** Deletes the EventBridge schedule of that attempt, if there is one. */
  disarm(run: string, attempt: number): Promise<void>;
}

/** Identifies a wake-up of a schedule. */
export type FirePosition = Pick<FireToken, 'project' | 'schedule' | 'gen' | 'occurrence'>;

export interface DeadLetterQueue {
  send(notice: DeadLetterNotice, lastStatus: string): Promise<void>;
}

/** The ports of every operation on task runs. */
export interface RunPorts {
  readonly runs: RunStore;
  readonly deadLetters: DeadLetterStore;
  readonly config: ConfigReader;
  readonly wakeUps: WakeUps;
  readonly schedules: ScheduleStore;
  readonly events: EventStore;
  readonly listeners: Listeners;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly heldRuns: HeldRunStore;
  readonly limits: LimitStore;
  /**
   * Whether the project's quotas have room for these runs; counts them if so. Absent where no run is made: in deliverers and in
   * the reconciler.
   */
  readonly takeRuns?: (project: string, runs: NewRuns) => Promise<boolean>;
  /** How long runs are kept after the last thing that happens to them, in milliseconds. */
  readonly keepMs: number;
  /** For the outcomes of deliveries, if the stage audits them. */
  readonly auditTrail?: Pick<AuditTrail, 'put'>;
  readonly clock: Clock;
}
