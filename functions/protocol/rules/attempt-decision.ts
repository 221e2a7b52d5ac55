import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import { pendingState, type RunDefinition, type RunState } from '../../subjects/task-runs/task-run.js';
import type { DeliverToken, SettleToken } from './token.js';
import type { ClaimKind } from './transitions.js';

/** The stored items of a token's run, read strongly unless `glimpsed`. */
export interface Findings {
  /** From an eventually consistent read. Enough for a claim, whose condition verifies it; for no other decision. */
  readonly glimpsed?: true;
  readonly definition?: RunDefinition;
  readonly state?: RunState;
  /** Looked up only if the run is dead or has no definition (any more). */
  readonly deadLetter?: DeadLetter;
}

export interface Circumstances {
  readonly now: number;
  /** The nonce of this worker's claim of the attempt, if this worker made one. */
  readonly nonce?: string;
  /** How often an attempt may be claimed again after its worker was lost. */
  readonly maxReclaims: number;
}

export type Decision =
  /** There is nothing to do, or all of it is done. */
  | { readonly do: 'acknowledge' }
  /** A lease is not over, or a write that the token announces is not there yet. Look again at `due`. */
  | { readonly do: 'wait'; readonly due: number }
  /** The state is impossible in every order of events. */
  | { readonly do: 'alarm'; readonly why: string }
  /** Make the attempt: claim it by a write that is conditional on `seen`. */
  | { readonly do: 'claim'; readonly seen: RunState; readonly how: ClaimKind }
  /** Make the call: this worker holds the claim. */
  | { readonly do: 'proceed'; readonly seen: RunState }
  /** Record the end of an attempt whose worker was lost. */
  | { readonly do: 'conclude'; readonly seen: RunState; readonly as: 'cancelled' | 'worker_failure' }
  /** A verdict is recorded: perform its effects (again). */
  | { readonly do: 'effects'; readonly state: RunState };

/** A decision without an HTTP call. */
export type EffectDecision = Exclude<Decision, { readonly do: 'claim' | 'proceed' }>;

/** By then a sender has committed or is dead. Must exceed the timeout of a function that sends before it commits. */
export const COMMIT_WINDOW_MS = 5 * 60_000;
const SOON_MS = 2_000;

const acknowledge = { do: 'acknowledge' } as const;

/**
 * The decision for a `deliver` token, from what was found. The rule: no redelivery may infer "done" from state that was
 * written before the effects. So a worker that finds a recorded verdict performs its effects again.
 */
export function decideDelivery(token: DeliverToken, found: Findings, here: Circumstances): Decision {
  const state = currentState(found);
  if (state === undefined) return beforeCommit(token, here.now);
  const { attempt } = state;
  if (attempt > token.attempt) return acknowledge;
  if (attempt < token.attempt - 1) return { do: 'alarm', why: `attempt ${attempt} precedes token ${token.attempt}` };
  const isNext = attempt === token.attempt - 1;

  switch (state.status) {
    case 'pending':
    case 'retry_scheduled':
      if (isNext) return { do: 'claim', seen: state, how: 'next' };
      return state.status === 'pending' ? acknowledge : { do: 'effects', state };
    case 'running':
      return isNext
        ? { do: 'alarm', why: `token ${token.attempt} while ${attempt} runs` }
        : decideRunning(state, token, here);
    case 'success':
      return isNext ? { do: 'alarm', why: `token ${token.attempt} after success` } : { do: 'effects', state };
    case 'dead_letter':
      return decideDead(state, isNext, token, found, here);
    default:
      // A cancelled run may still have a slot: the effects pass the slot on.
      return state.slot === undefined ? acknowledge : { do: 'effects', state };
  }
}

/** The decision for a `settle` token: the retry job must be recorded as given up, and the effects must be performed. */
export function decideSettling(token: SettleToken, found: Findings, now: number): EffectDecision {
  const state = currentState(found);
  if (state === undefined) return beforeCommit(token, now);
  if (state.attempt !== token.attempt) return acknowledge;
  if (state.status === 'retry_scheduled') return beforeCommit(token, now);
  return state.status === 'dead_letter' && !isBuried(state, found) ? { do: 'effects', state } : acknowledge;
}

/** No state means pending. Of an expired run, the dead letter has the state. */
function currentState({ definition, state, deadLetter }: Findings): RunState | undefined {
  if (state !== undefined) return state;
  if (definition !== undefined) return pendingState(definition);
  return deadLetter && deadState(deadLetter);
}

/** The state of a dead letter's run. */
export function deadState(letter: DeadLetter): RunState {
  return {
    ...pendingState(letter.run),
    status: 'dead_letter',
    attempt: letter.attempt,
    epoch: letter.epoch,
    limit: letter.attempt,
    reason: letter.reason,
  };
}

function decideRunning(state: RunState, token: DeliverToken, { now, nonce, maxReclaims }: Circumstances): Decision {
  if (nonce !== undefined && state.nonce === nonce) return { do: 'proceed', seen: state };
  // The claim's worker made no call, and this token passes its claim on. A copy then finds another nonce, and waits.
  if (state.nonce !== undefined && token.uncalled?.includes(state.nonce) && !state.cancel_requested)
    return { do: 'claim', seen: state, how: 'adopt' };
  const lease = state.lease ?? 0;
  if (lease > now) return { do: 'wait', due: lease };
  if (state.cancel_requested) return { do: 'conclude', seen: state, as: 'cancelled' };
  if (state.reclaims >= maxReclaims) return { do: 'conclude', seen: state, as: 'worker_failure' };
  return { do: 'claim', seen: state, how: 'reclaim' };
}

function decideDead(
  state: RunState,
  isNext: boolean,
  token: DeliverToken,
  found: Findings,
  { now }: Circumstances,
): Decision {
  const letter = found.deadLetter;
  if (letter === undefined || !isBuried(state, found)) return { do: 'effects', state };
  if (!isNext || letter.status === 'resolved') return acknowledge;
  if (letter.status === 'open') return beforeCommit(token, now);
  return letter.epoch === state.epoch ? { do: 'claim', seen: state, how: 'reopen' } : acknowledge;
}

/** The dead letter is the last effect of a death: if it is there, all effects were performed. */
function isBuried(state: RunState, { deadLetter }: Findings): boolean {
  return deadLetter !== undefined && deadLetter.epoch >= state.epoch;
}

/** Waits for the sender's commit, with growing pauses. After the commit window no commit can follow. */
function beforeCommit({ sent_at }: { readonly sent_at: number }, now: number): EffectDecision {
  const age = now - sent_at;
  return age < COMMIT_WINDOW_MS ? { do: 'wait', due: now + Math.max(SOON_MS, age / 2) } : acknowledge;
}
