import type { DeadLetter } from './dead-letter.js';
import type { Endpoint, Lane } from './endpoint.js';
import type { Project } from './project.js';
import type { RetryPolicy } from './retry-policy.js';
import type { Attempt, RunDefinition, RunState } from './task-run.js';
import type { DeadLetterNotice, LaneToken, WakeUpToken } from './token.js';

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
  /** Puts the definition if it is absent; a repeat of the same creation finds it and changes nothing. */
  create(definition: RunDefinition): Promise<void>;
  /** Makes the state if there is none. */
  begin(key: RunKey, state: RunState): Promise<boolean>;
  /** Replaces `seen` by `next` if nobody has written the state since `seen` was read. */
  advance(key: RunKey, seen: RunState, next: RunState): Promise<boolean>;
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

export interface ConfigReader {
  project(id: string): Promise<Project | undefined>;
  /** Strongly consistent: a disabled endpoint must not be called once its change was acknowledged. */
  endpoint(project: string, id: string): Promise<Endpoint | undefined>;
  retryPolicy(project: string, id: string): Promise<RetryPolicy | undefined>;
}

/** Durable promises that a message reaches a queue at a moment, and the queues themselves. */
export interface WakeUps {
  /**
   * Sends a lane token so that it arrives shortly before `due` (0: at once). Beyond 15 minutes it is armed with
   * EventBridge Scheduler, under a name derived from run and attempt.
   */
  sendToLane(lane: Lane, token: LaneToken, due: number): Promise<void>;
  sendToDispatcher(token: WakeUpToken): Promise<void>;
  /** Deletes the EventBridge schedule of that attempt, if there is one. */
  disarm(run: string, attempt: number): Promise<void>;
}

export interface DeadLetterQueue {
  send(notice: DeadLetterNotice, lastStatus: string): Promise<void>;
}

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What every operation on task runs works with. */
export interface RunPorts {
  readonly runs: RunStore;
  readonly deadLetters: DeadLetterStore;
  readonly config: ConfigReader;
  readonly wakeUps: WakeUps;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly clock: Clock;
}
