import type { Clock } from '../../primitives/clock.js';
import type { AuditTrail } from '../../subjects/audit/audit-entry.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import type { Lane } from '../../subjects/endpoints/endpoint.js';
import type { LimitStore } from '../../subjects/endpoints/rate-booking.js';
import type { EventStore, Listeners } from '../../subjects/events/event.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { Attempt, RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { HeldRunStore } from './held-run.js';
import type { BulkToken, DeadLetterNotice, FanOutToken, FireToken, LaneToken, ReleaseToken } from './token.js';

/**
 * What the rules need of the world; `adapters/` provides it. Every conditional write answers `false` when its condition
 * did not hold: somebody else was first, so read again.
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
  /** The definition alone, for less than that: eventually consistent, and whatever has become of the run. */
  definition(run: RunKey): Promise<RunDefinition | undefined>;
  /**
   * Lets the list of the run's endpoint find it. `create` and `keepUntil` do so themselves; a caller that does it earlier,
   * beside its other work, makes `create` shorter. What was done before is remembered, and costs nothing.
   */
  enlist(run: RunDefinition): Promise<void>;
  /** Puts the definition if it is absent; a repeat of the same creation finds it and changes nothing. */
  create(definition: RunDefinition): Promise<void>;
  /** Puts the definition of a run that has not begun in place of the one that was there. */
  replace(definition: RunDefinition): Promise<void>;
  /** Makes the state if there is none. */
  begin(key: RunKey, state: RunState): Promise<boolean>;
  /** Replaces `seen` by `next` if nobody has written the state since `seen` was read. */
  advance(key: RunKey, seen: RunState, next: RunState): Promise<boolean>;
  /** Lets a run's definition and state, as they were found, live until then, or a little longer (Unix milliseconds). */
  keepUntil(run: StoredRun, expiresAt: number): Promise<void>;
  /** Lets what there is of a run live until then, or longer; makes nothing that is not there. */
  keepAtLeast(run: StoredRun, expiresAt: number): Promise<void>;
  isCancelRequested(key: RunKey): Promise<boolean>;
  /** Keeps an attempt from the second on, under its id. */
  putAttempt(attempt: Attempt, expiresAt: number): Promise<void>;
  attempts(project: string, ids: readonly string[]): Promise<Attempt[]>;
}

export interface DeadLetterStore {
  /** Strongly consistent. */
  find(key: RunKey): Promise<DeadLetter | undefined>;
  /** Puts it if there is none, or only one of an older epoch. */
  bury(letter: DeadLetter): Promise<void>;
  /** `open` → `replayed`, if it is still open at that epoch. */
  markReplayed(letter: DeadLetter, at: number, bulkId?: string): Promise<boolean>;
  /** `open` → `resolved`, if it is still open at that epoch. */
  markResolved(letter: DeadLetter, at: number, note: string): Promise<boolean>;
}

export interface ScheduleKey {
  readonly project: string;
  readonly schedule: string;
}

export interface ScheduleStore {
  /** Both, strongly consistent. */
  find(key: ScheduleKey): Promise<{ readonly schedule?: Schedule; readonly clock?: ScheduleClock }>;
  /** Puts version 1 if there is no such schedule, a later one in place of the version before; answers whether it did. */
  putSchedule(schedule: Schedule): Promise<boolean>;
  /** Makes the clock if there is none. */
  begin(clock: ScheduleClock): Promise<void>;
  /** A fire moves the clock on (all but the generation) if generation and position are still `seen`'s. */
  moveOn(seen: ScheduleClock, next: ScheduleClock): Promise<boolean>;
  /** A person (or the reconciler) starts a new generation, if generation and position are still `seen`'s. */
  renew(seen: ScheduleClock, next: ScheduleClock): Promise<boolean>;
  /** Points the overlap lock at `run` under its `claim`, if it still points where `seen`'s does. */
  takeLock(seen: ScheduleClock, run: string, claim: string): Promise<boolean>;
  remove(key: ScheduleKey): Promise<void>;
  /** Newest first, strictly before the id `before`. */
  schedules(project: string, before: string | undefined, limit: number): Promise<Schedule[]>;
  /** The ids of those that name this endpoint, policy or key, newest first; strongly consistent. */
  naming(project: string, what: NamedBySchedules, limit: number): Promise<string[]>;
}

export interface NamedBySchedules {
  readonly field: 'endpoint_id' | 'retry_policy_id' | 'signing_key_id';
  readonly id: string;
}

/** Durable promises that a message reaches a queue at a moment, and the queues themselves. */
export interface WakeUps {
  /**
   * Sends a lane token so that it arrives shortly before `due` (0: at once). Beyond 15 minutes it is armed with
   * EventBridge Scheduler, under a name derived from run and attempt.
   */
  sendToLane(lane: Lane, token: LaneToken, due: number): Promise<void>;
  /** `waitSeconds`: by default none, or a second for a token that is put back. */
  sendToDispatcher(token: BulkToken | FanOutToken | ReleaseToken, waitSeconds?: number): Promise<void>;
  /** Sends a schedule's wake-up so that it arrives at `wakeAt`, or shortly after. */
  sendFire(token: FireToken, wakeAt: number): Promise<void>;
  /** The name under which a wake-up so far ahead is armed; none for one that a delay reaches. */
  fireName(position: FirePosition, wakeAt: number): string | undefined;
  /** Takes a schedule's wake-up back, if it was armed under a name. */
  disarmFire(position: FirePosition): Promise<void>;
  /** Deletes the EventBridge schedule of that attempt, if there is one. */
  disarm(run: string, attempt: number): Promise<void>;
}

/** Which wake-up of a schedule. */
export type FirePosition = Pick<FireToken, 'project' | 'schedule' | 'gen' | 'occurrence'>;

export interface DeadLetterQueue {
  send(notice: DeadLetterNotice, lastStatus: string): Promise<void>;
}

/** What every operation on task runs works with. */
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
  /** How long runs are kept after whatever is last to happen to them, in milliseconds. */
  readonly keepMs: number;
  /** Where outcomes of deliveries are noted, if the stage asks for that. */
  readonly auditTrail?: Pick<AuditTrail, 'put'>;
  readonly clock: Clock;
}
