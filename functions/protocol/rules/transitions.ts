import { kindOf } from '../../destinations/registry.js';
import type { RateBooking } from '../../subjects/endpoints/rate-booking.js';
import {
  isRetryable,
  parseRetryAfter,
  type RetryPolicy,
  retryDelayMs,
} from '../../subjects/retry-policies/retry-policy.js';
import {
  type Attempt,
  type DeadReason,
  type RunDefinition,
  type RunState,
  redactedAttempt,
} from '../../subjects/task-runs/task-run.js';

/** Only functions of this file make a run's next state, and every one raises the version. */
function following(seen: RunState, change: Partial<RunState>): RunState {
  const { lease: _lease, due: _due, turn: _turn, ...kept } = seen;
  return { ...kept, ...change, version: seen.version + 1 };
}

/** What a claim writes. Times are Unix milliseconds. */
export interface Claim {
  readonly nonce: string;
  readonly lease: number;
  /** The state must outlive all effects of this claim. */
  readonly expires_at: number;
  /** Only at an endpoint with a limit of concurrent calls. */
  readonly slot?: number | undefined;
}

/**
 * What is claimed: the next attempt; the same attempt after its worker was lost (`reclaim`) or reported that it made no
 * call (`adopt`); or the first attempt after a replay (`reopen`).
 */
export type ClaimKind = 'next' | 'reclaim' | 'adopt' | 'reopen';

export function claimed(seen: RunState, how: ClaimKind, claim: Claim, maxAttempts: number): RunState {
  const reopened = how === 'reopen' ? reopenedFields(seen, maxAttempts) : {};
  const isSame = how === 'reclaim' || how === 'adopt';
  return following(withoutLastAttempt(withoutSlot(how === 'reopen' ? withoutEnd(seen) : seen)), {
    // Until a run has begun, a change of its schedule may give it another budget.
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

/** The worker that holds the claim extends the lease, before its call. */
export function renewed(seen: RunState, lease: number): RunState {
  return { ...seen, lease, version: seen.version + 1 };
}

/** A replay reopens a dead run as `pending`, with a new budget of attempts. */
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

/** An ended run without what was sent and answered. */
export function redacted(seen: RunState): RunState {
  const { first_attempt, last_attempt } = seen;
  return following(seen, {
    ...(first_attempt && { first_attempt: redactedAttempt(first_attempt) }),
    ...(last_attempt && { last_attempt: redactedAttempt(last_attempt) }),
  });
}

export function cancelRequested(seen: RunState): RunState {
  const { superseded: _newer, ...kept } = seen;
  return { ...kept, cancel_requested: true, version: seen.version + 1 };
}

/** A newer run of the schedule supersedes this one: the call is aborted as by a cancel. */
export function superseded(seen: RunState): RunState {
  return { ...seen, cancel_requested: true, superseded: true, version: seen.version + 1 };
}

/**
 * The end that a cancel asked for. A superseded run becomes a dead letter if one of its calls had failed, since no
 * person has cancelled it.
 */
function cutShort(seen: RunState, hasFailed: boolean, now: number): RunState {
  return seen.superseded && hasFailed ? dead(seen, 'given_up', now) : cancelled(seen, now);
}

export function dead(seen: RunState, reason: DeadReason, now: number): RunState {
  return following(seen, { status: 'dead_letter', reason, finished_at: now });
}

/** The claim is given up before its call, until `due`. If a cancel was asked for meanwhile, the run ends. */
export function released(claim: RunState, due: number, now: number): RunState {
  if (claim.cancel_requested) return cutShort(claim, claim.attempt > 1, now);
  return following(unclaimed(claim), { status: claim.attempt === 1 ? 'pending' : 'retry_scheduled', due });
}

/** Another run of the schedule, `holder`, was executing when this run was due. */
export function skipped(claim: RunState, holder: string, now: number): RunState {
  return following(unclaimed(claim), { status: 'skipped', held_by: holder, finished_at: now });
}

function unclaimed(claim: RunState): RunState {
  const { nonce: _nonce, ...kept } = withoutSlot(claim);
  return { ...kept, attempt: claim.attempt - 1, reclaims: 0 };
}

/** The end of a run whose worker was lost, and whose attempt is not claimed again. */
export function abandoned(seen: RunState, as: 'cancelled' | 'worker_failure', now: number): RunState {
  return as === 'cancelled' ? cutShort(seen, seen.attempt > 1, now) : dead(seen, as, now);
}

/** The next attempt waits for its rate booking. */
export function queued(seen: RunState, turn: RateBooking): RunState {
  return { ...seen, turn, version: seen.version + 1 };
}

/** The attempt's row was put before the next attempt's token was sent: the next claim drops the copy. */
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
 * The state after an attempt's outcome. A success beats a cancel; after any other outcome a run whose cancel was asked
 * for ends.
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

/** Whether the retry policy is needed for the next state. A success, for example, needs none. */
export function needsPolicy(run: Pick<RunDefinition, 'source'>, seen: RunState, attempt: Attempt): boolean {
  const { status } = attempt;
  return (
    status !== 'success' && !seen.cancel_requested && status !== 'blocked' && goneReason(run, attempt) === undefined
  );
}

function deathOf(seen: RunState, attempt: Attempt, { run, policy }: VerdictInput): DeadReason | undefined {
  if (attempt.status === 'blocked') return 'blocked';
  if (goneReason(run, attempt) !== undefined) return 'endpoint_disabled';
  if (!isRetryable(policy, attempt)) return 'non_retryable';
  return attempt.attempt >= seen.limit ? 'attempts_exhausted' : undefined;
}

/**
 * Why an answer such as 410 disables the endpoint; undefined if it does not. An inline target has no endpoint to disable.
 * Job notifications promise retries after any 4xx. A test shows its answer to the person who asked. For these three, it
 * is a failure like any other.
 */
export function goneReason({ source }: Pick<RunDefinition, 'source'>, attempt: Attempt): string | undefined {
  if (source.type === 'notification' || source.type === 'test') return undefined;
  return attempt.endpoint_id === undefined ? undefined : kindOf(attempt).goneReason?.(attempt);
}

function withAttempt(seen: RunState, attempt: Attempt): RunState {
  const { last_error: _error, last_status: _status, ...kept } = seen;
  return {
    ...kept,
    ...(attempt.error && { last_error: attempt.error }),
    ...(attempt.http_status !== null && { last_status: attempt.http_status }),
    // Another worker may have claimed the attempt meanwhile: the first outcome wins, and the state names its claim.
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
