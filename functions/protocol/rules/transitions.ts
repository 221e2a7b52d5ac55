import type { RateBooking } from '../../subjects/endpoints/rate-booking.js';
import {
  isRetryable,
  parseRetryAfter,
  type RetryPolicy,
  retryDelayMs,
} from '../../subjects/retry-policies/retry-policy.js';
import type { Attempt, DeadReason, RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';

/** The only places where a run's state is made from the one before. Every one raises the version. */
function following(seen: RunState, change: Partial<RunState>): RunState {
  const { lease: _lease, due: _due, turn: _turn, ...kept } = seen;
  return { ...kept, ...change, version: seen.version + 1 };
}

/** Times are Unix milliseconds. */
export interface Claim {
  readonly nonce: string;
  readonly lease: number;
  /** The state must outlive everything that follows from this claim. */
  readonly expires_at: number;
  /** Of an endpoint that takes so many calls at a time. */
  readonly slot?: number | undefined;
}

/**
 * An attempt is taken: the next one, the same one after its worker was lost (`reclaim`) or has told that it made no call
 * (`adopt`), or the first after a replay.
 */
export type ClaimKind = 'next' | 'reclaim' | 'adopt' | 'reopen';

export function claimed(seen: RunState, how: ClaimKind, claim: Claim, maxAttempts: number): RunState {
  const reopened = how === 'reopen' ? reopenedFields(seen, maxAttempts) : {};
  const isSame = how === 'reclaim' || how === 'adopt';
  return following(withoutLastAttempt(withoutSlot(how === 'reopen' ? withoutEnd(seen) : seen)), {
    // Until a run begins its schedule may be changed, and give it another budget.
    ...(how === 'next' && seen.attempt === 0 && { limit: maxAttempts }),
    ...reopened,
    ...(claim.slot !== undefined && { slot: claim.slot }),
    nonce: claim.nonce,
    lease: claim.lease,
    expires_at: Math.max(seen.expires_at, claim.expires_at),
    status: 'running',
    attempt: isSame ? seen.attempt : seen.attempt + 1,
    reclaims: isSame ? seen.reclaims + Number(how === 'reclaim') : 0,
  });
}

/** The worker that holds the claim asks for more time, before its call. */
export function renewed(seen: RunState, lease: number): RunState {
  return { ...seen, lease, version: seen.version + 1 };
}

/** A replay puts a dead run back to waiting, with its budget of attempts anew. */
export function reopened(seen: RunState, maxAttempts: number, due: number, expiresAt: number): RunState {
  return following(withoutEnd(seen), {
    ...reopenedFields(seen, maxAttempts),
    status: 'pending',
    due,
    expires_at: Math.max(seen.expires_at, expiresAt),
  });
}

export function cancelled(seen: RunState, now: number): RunState {
  return following(seen, { status: 'cancelled', finished_at: now });
}

export function cancelRequested(seen: RunState): RunState {
  const { superseded: _newer, ...kept } = seen;
  return { ...kept, cancel_requested: true, version: seen.version + 1 };
}

/** A newer run of the schedule takes its place: its call is broken off as by a cancel. */
export function superseded(seen: RunState): RunState {
  return { ...seen, cancel_requested: true, superseded: true, version: seen.version + 1 };
}

/**
 * The end that a cancel asked for. A run that a newer run has superseded is a failure if one of its calls had failed:
 * no person has cancelled it.
 */
function cutShort(seen: RunState, hasFailed: boolean, now: number): RunState {
  return seen.superseded && hasFailed ? dead(seen, 'given_up', now) : cancelled(seen, now);
}

export function dead(seen: RunState, reason: DeadReason, now: number): RunState {
  return following(seen, { status: 'dead_letter', reason, finished_at: now });
}

/** The claim is given up before its call, until `due`; for good if a cancel was asked for meanwhile. */
export function released(claim: RunState, due: number, now: number): RunState {
  if (claim.cancel_requested) return cutShort(claim, claim.attempt > 1, now);
  return following(unclaimed(claim), { status: claim.attempt === 1 ? 'pending' : 'retry_scheduled', due });
}

/** Another run of the schedule was executing at this one's moment. */
export function skipped(claim: RunState, holder: string, now: number): RunState {
  return following(unclaimed(claim), { status: 'skipped', held_by: holder, finished_at: now });
}

function unclaimed(claim: RunState): RunState {
  const { nonce: _nonce, ...kept } = withoutSlot(claim);
  return { ...kept, attempt: claim.attempt - 1, reclaims: 0 };
}

/** The end of an attempt whose worker was lost, and that nobody takes over. */
export function abandoned(seen: RunState, as: 'cancelled' | 'worker_failure', now: number): RunState {
  return as === 'cancelled' ? cutShort(seen, seen.attempt > 1, now) : dead(seen, as, now);
}

/** The next attempt waits for its booked moment at the endpoint's rate limit. */
export function queued(seen: RunState, turn: RateBooking): RunState {
  return { ...seen, turn, version: seen.version + 1 };
}

/** The token of the next attempt is sent after the attempt's row was put: the state need not carry it any longer. */
function withoutLastAttempt({ last_attempt: _kept, ...rest }: RunState): RunState {
  return rest;
}

function withoutSlot({ slot: _slot, ...kept }: RunState): RunState {
  return kept;
}

/** The waiting retry job's next attempt moves to `due`. */
export function rescheduled(seen: RunState, due: number): RunState {
  return { ...seen, due, version: seen.version + 1 };
}

export interface VerdictInput {
  readonly run: Pick<RunDefinition, 'source' | 'max_attempts'>;
  readonly policy: RetryPolicy;
  readonly now: number;
  readonly random: () => number;
}

/**
 * What an attempt's outcome makes of the run. A recorded success beats a cancel; any other outcome of a run whose
 * cancel was asked for ends it as cancelled.
 */
export function concluded(seen: RunState, attempt: Attempt, input: VerdictInput): RunState {
  const recorded = withAttempt(seen, attempt);
  if (attempt.status === 'success') return following(recorded, { status: 'success', finished_at: input.now });
  if (seen.cancel_requested)
    return cutShort(recorded, attempt.attempt > 1 || attempt.status !== 'cancelled', input.now);
  const reason = deathOf(seen, attempt, input);
  if (reason !== undefined) return dead(recorded, reason, input.now);
  const failedInBudget = input.run.max_attempts - (seen.limit - attempt.attempt);
  const retryAfter = parseRetryAfter(attempt.response_headers['retry-after'], input.now);
  const delay = retryDelayMs(input.policy, failedInBudget, input.random, retryAfter);
  return following(recorded, { status: 'retry_scheduled', due: input.now + delay });
}

/** Whether the retry policy decides what becomes of the run. A success, for one, needs no policy. */
export function needsPolicy(run: Pick<RunDefinition, 'source'>, seen: RunState, attempt: Attempt): boolean {
  const { status } = attempt;
  return status !== 'success' && !seen.cancel_requested && status !== 'blocked' && !isGone(run, attempt);
}

function deathOf(seen: RunState, attempt: Attempt, { run, policy }: VerdictInput): DeadReason | undefined {
  if (attempt.status === 'blocked') return 'blocked';
  if (isGone(run, attempt)) return 'endpoint_disabled';
  if (!isRetryable(policy, attempt)) return 'non_retryable';
  return attempt.attempt >= seen.limit ? 'attempts_exhausted' : undefined;
}

/**
 * A receiver that says 410 wants no more. What is given inline has no endpoint to disable; job notifications promise retries
 * after any 4xx; and a test shows its answer to the person who asked for it: for these it is a failure like any other.
 */
export function isGone({ source }: Pick<RunDefinition, 'source'>, attempt: Attempt): boolean {
  const { endpoint_id, http_status, status } = attempt;
  if (source.type === 'notification' || source.type === 'test') return false;
  return endpoint_id !== undefined && status === 'failed' && http_status === 410;
}

function withAttempt(seen: RunState, attempt: Attempt): RunState {
  const { last_error: _error, last_status: _status, ...kept } = seen;
  return {
    ...kept,
    ...(attempt.error && { last_error: attempt.error }),
    ...(attempt.http_status !== null && { last_status: attempt.http_status }),
    // The claim may have gone to another worker meanwhile; the first outcome wins, and the state names whose it is.
    ...(attempt.attempt === 1
      ? { first_attempt: attempt }
      : { nonce: attempt.id, later_attempts: [...seen.later_attempts, attempt.id], last_attempt: attempt }),
  };
}

function reopenedFields(seen: RunState, maxAttempts: number): Pick<RunState, 'epoch' | 'limit' | 'reclaims'> {
  return { epoch: seen.epoch + 1, limit: seen.attempt + maxAttempts, reclaims: 0 };
}

function withoutEnd(seen: RunState): RunState {
  const { reason: _reason, finished_at: _finished, cancel_requested: _cancel, superseded: _newer, ...kept } = seen;
  return kept;
}
