import type { CallOutcome } from '../../destinations/outcome.js';
import type { Destination, OfKind } from '../../destinations/registry.js';
import type { Labels } from '../../fields/labels-schema.js';
import type { Payload } from '../../formats/format.js';
import type { BodyFormat } from '../../formats/formats.js';
import type { Via } from '../../primitives/loops.js';
import type { TraceContext } from '../../primitives/trace-context.js';
import type { RateBooking } from '../endpoints/rate-booking.js';
import type { RetryPolicy } from '../retry-policies/retry-policy.js';

export const RUN_STATUSES = [
  'pending',
  'running',
  'retry_scheduled',
  'success',
  'dead_letter',
  'cancelled',
  'skipped',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const DEAD_REASONS = [
  'attempts_exhausted',
  'non_retryable',
  'blocked',
  'endpoint_disabled',
  'given_up',
  'over_quota',
  'worker_failure',
] as const;
export type DeadReason = (typeof DEAD_REASONS)[number];

export const RUN_SOURCES = ['api', 'schedule', 'event', 'manual', 'notification', 'test'] as const;

export interface RunSource {
  readonly type: (typeof RUN_SOURCES)[number];
  readonly id: string | null;
}

/**
 * What a task run is: written once, when it is created, and never changed after the run has begun. (If a schedule
 * changes before its run has begun, the run's definition is written anew.) Times are Unix milliseconds, including
 * `expires_at`, from which the table's TTL is derived.
 */
export interface RunDefinition {
  readonly id: string;
  readonly project_id: string;
  readonly source: RunSource;
  /** The ended run whose content this run sends again. */
  readonly resent_from?: string;
  /** Exactly one of `endpoint_id` and `target` is set. */
  readonly endpoint_id?: string;
  readonly target?: Destination;
  readonly payload?: Payload;
  /** Absent: `raw`. */
  readonly body_format?: BodyFormat;
  /** The run's name: its given name, the title of a dispatch job, or its schedule's name at creation. */
  readonly title?: string;
  /** Its own labels, or those of its schedule or event at its creation. */
  readonly labels?: Labels;
  /** The API key that signs the calls of a schedule, encrypted for the schedule's id. */
  readonly signing_key?: string;
  /** Name and key of the event that `source` names. */
  readonly event?: { readonly name: string; readonly key?: string };
  /** The event that stores the payload, once for all its runs. A store that reads the definition adds the payload. */
  readonly payload_id?: string;
  /** The caller's trace; if absent, the run is a trace of its own. */
  readonly trace?: TraceContext;
  /** The runs whose calls led to this run; absent for most runs, which no call of ours led to. */
  readonly via?: Via;
  /** The schedule's occurrence that this run is for; the schedule's jitter may make it due later. */
  readonly occurrence?: number;
  /** The version of the schedule that made the run. A run that has not begun is made anew from a later version. */
  readonly schedule_version?: number;
  /** The run must not execute while another run of its schedule executes. */
  readonly overlap?: 'skip' | 'cancel_previous';
  /** When the first attempt is due. */
  readonly due: number;
  readonly retry_policy_id?: string;
  /** A policy by value, instead of one by its id. */
  readonly retry_policy?: RetryPolicy;
  /** Budget of attempts, fixed at creation; a replay grants it again. */
  readonly max_attempts: number;
  readonly created_at: number;
  /** Payload, headers, bodies and answers were removed at this moment. */
  readonly redacted_at?: number;
  readonly expires_at: number;
}

/**
 * How far a task run has come: put by its first claim (no state means pending), changed only by conditional writes.
 * `docs/architecture.md` has the diagram.
 */
export interface RunState {
  /** Raised by every write; a write is conditional on the version that was read. */
  readonly version: number;
  readonly status: RunStatus;
  /** Number of the attempt that was claimed last; 0 before the first. */
  readonly attempt: number;
  /** How often the run was reopened by a replay. */
  readonly epoch: number;
  /** The last attempt number that may be made. */
  readonly limit: number;
  /** The nonce of the last claim of `attempt`; also the id of a second or later attempt. */
  readonly nonce?: string;
  /** While `running`: until when the claim is valid. */
  readonly lease?: number;
  /** How often `attempt` was claimed again after a worker was lost. */
  readonly reclaims: number;
  readonly cancel_requested?: boolean;
  /** The cancel was asked for by a newer run of its schedule. */
  readonly superseded?: boolean;
  /** The endpoint's slot that `attempt` has; the end of the attempt passes the slot on. */
  readonly slot?: number;
  /** While the run waits at a rate limit: its booked moment, and how often one was booked. */
  readonly turn?: RateBooking;
  /** While `retry_scheduled` or reopened: when the next attempt is due. */
  readonly due?: number;
  readonly reason?: DeadReason;
  readonly finished_at?: number;
  /** The first attempt, once its outcome is recorded. */
  readonly first_attempt?: Attempt;
  /** Ids of the recorded attempts from the second on, oldest first. */
  readonly later_attempts: readonly string[];
  /** The last of these, until the next claim. The verdict carries it, since the attempt's row is put later. */
  readonly last_attempt?: Attempt;
  /** While `skipped`: the id of the run that was executing. */
  readonly held_by?: string;
  /** Why the last recorded attempt failed: code, and message in words. */
  readonly last_error?: { readonly code: string; readonly message: string };
  readonly last_status?: number;
  readonly expires_at: number;
}

const STATE_OUTLIVES_MS = 24 * 60 * 60 * 1000;

/** One real call and its outcome; `type` is the kind of its target. Times are Unix milliseconds. */
export interface Attempt extends CallOutcome, OfKind {
  readonly id: string;
  readonly run_id: string;
  readonly project_id: string;
  readonly endpoint_id?: string;
  readonly attempt: number;
  /** How long after the due moment the call started. */
  readonly lateness_ms: number;
  /** The call waited by a rule of its project: a pause, a limit, an overlap, its share of a lane. */
  readonly waited?: boolean;
  /** The listener that made the call, in place of a call of the URL. */
  readonly listener_id?: string;
  /** As sent; the values that the destination itself sets are replaced by `***`. */
  readonly request_headers: Readonly<Record<string, string>>;
  readonly request_id: string;
  readonly trace_id: string;
}

/** The run without what was sent. A target keeps its address without credentials in headers. */
export function redactedRun(
  { payload: _body, payload_id: _id, target, ...run }: RunDefinition,
  at: number,
): RunDefinition {
  const kept = target && 'headers' in target ? { ...target, headers: {} } : target;
  return { ...run, ...(kept && { target: kept }), redacted_at: at };
}

/** The attempt without what was sent and answered: its outcome stays. */
export function redactedAttempt(attempt: Attempt): Attempt {
  return { ...attempt, request_headers: {}, response_headers: {}, response_body: '' };
}

/** The state of a run without a stored state. */
export function pendingState(definition: RunDefinition): RunState {
  return {
    version: 0,
    status: 'pending',
    attempt: 0,
    epoch: 0,
    limit: definition.max_attempts,
    reclaims: 0,
    later_attempts: [],
    expires_at: stateExpiry(definition.expires_at),
  };
}

/** The state must never expire before its definition: without a state the run would read as pending. */
export function stateExpiry(definitionExpiresAt: number): number {
  return definitionExpiresAt + STATE_OUTLIVES_MS;
}

/** Whether a schedule made the run, by itself or at a person's request. */
export function isOfSchedule({ source }: Pick<RunDefinition, 'source'>): boolean {
  return source.type === 'schedule' || source.type === 'manual';
}

/** The id for which values of an inline target are encrypted. A run of a schedule has them as its schedule has them. */
export function targetHolder(run: Pick<RunDefinition, 'id' | 'source'>): string {
  return isOfSchedule(run) ? run.source.id! : run.id;
}

const FINAL: ReadonlySet<RunStatus> = new Set(['success', 'dead_letter', 'cancelled', 'skipped']);

/** Whether the run is in the index of waiting runs: a replayed run too, which the reconciler finds nowhere else. */
export function isIndexedAsWaiting({
  status,
  attempt,
  epoch,
}: Pick<RunState, 'status' | 'attempt' | 'epoch'>): boolean {
  const isOpen = status === 'pending' || status === 'running';
  return status === 'retry_scheduled' || (isOpen && (attempt > 1 || epoch > 0));
}

/** Final, except that a replay reopens a dead letter. */
export function isFinal(status: RunStatus): boolean {
  return FINAL.has(status);
}
