import type { Destination } from '../destinations/registry.js';
import { shardOf } from '../primitives/ids.js';
import { announceIfDue, noteOutcome } from '../protocol/limits/health.js';
import { leaveSlot } from '../protocol/limits/held-runs.js';
import { livingBeyond, revive } from '../protocol/messages/life.js';
import { destinationOf } from '../protocol/messages/send-run.js';
import type { Decision, Findings } from '../protocol/rules/attempt-decision.js';
import { policyOfSender } from '../protocol/rules/policy-for.js';
import { type DeliverToken, startOf } from '../protocol/rules/token.js';
import { cancelled, claimed, dead, released, renewed, skipped } from '../protocol/rules/transitions.js';
import { findRun, runOf } from '../protocol/runs/find-run.js';
import { record } from '../protocol/runs/record.js';
import { isStillWanted, type LockOutcome, takeOverlapLock } from '../protocol/schedules/overlap.js';
import type { Receipt } from '../runtime/receipts.js';
import { type Endpoint, isEndpoint, keyOfEndpoint, laneFor } from '../subjects/endpoints/endpoint.js';
import { runOfOccurrence } from '../subjects/schedules/fire-plan.js';
import type { Schedule, ScheduleClock } from '../subjects/schedules/schedule.js';
import { isFinal, type RunDefinition, type RunState } from '../subjects/task-runs/task-run.js';
import { admit, holdAtPause, mayHoldBack, renewSlot } from './admission.js';
import { conclude } from './conclude.js';
import { makeAttempt } from './make-attempt.js';
import { putBack, type Worker } from './worker.js';

/** The time that an invocation needs after the call, to record the outcome and perform its effects. */
const WRAP_UP_MS = 5_000;
/** How long a worker tries to record an outcome; then the message's copy carries it, since other messages wait. */
const VERDICT_PATIENCE_MS = 5_000;
/** Taking the overlap lock needs up to three calls to DynamoDB. */
const LOCK_LEAD_MS = 100;

/** How far this worker has come with a token. */
export interface Progress {
  /** Names this worker's claim: the worker whose nonce is in the state owns the attempt. */
  readonly nonce: string;
  /**
   * Nonces of claims of which one stands, or may stand, without a call. If the worker fails, the message's copy must say
   * so: otherwise three failures would look like three lost workers, and end a run that was never called.
   */
  uncalled: string[];
}

/**
 * Claim, call, verdict. Answers what is stored afterwards, by any writer; undefined if the token was passed on, or has
 * nothing left to do.
 */
export async function attemptDelivery(
  worker: Worker,
  token: DeliverToken,
  receipt: Receipt,
  found: Findings,
  decision: Extract<Decision, { readonly do: 'claim' | 'proceed' }>,
  progress: Progress,
): Promise<Findings | undefined> {
  const { clock } = worker;
  const { nonce } = progress;
  const run = runOf(found);
  const key = { project: run.project_id, run: run.id };
  const destination = await destinationOf(worker, run);
  // The message ends here: the rows of its run are being removed.
  if (await isProjectDeleted(worker, run, destination)) return undefined;
  // A hold or a booking writes more than the claim's condition verifies: read strongly first.
  if (found.glimpsed && destination && isEndpoint(destination) && mayHoldBack(destination)) return findRun(worker, key);
  // A reclaimed attempt was wanted when it was claimed, and may have called.
  const isUncalled = decision.do === 'claim' && (decision.how === 'next' || decision.how === 'adopt');
  const isFirst = isUncalled && token.attempt === 1;
  const gate = isFirst ? await isStillWanted(worker, run) : { wanted: true };
  if (!gate.wanted) return record(worker, key, found, cancelled(decision.seen, clock.now()));
  // Then all is read again: the new endpoint may be paused, the new target may belong to the other lane.
  if (gate.changed) return found.glimpsed ? findRun(worker, key) : makeAnew(worker, found, gate.changed);
  if (!isCallable(destination)) {
    if (isEndpoint(destination)) await announceIfDue(worker, destination);
    return record(worker, key, found, dead(decision.seen, 'endpoint_disabled', clock.now()));
  }
  const callEnds = Math.max(clock.now(), startOf(token)) + destination.timeout_ms;
  // The lease lasts a few seconds beyond the call's timeout: a lost worker's attempt is soon claimed again.
  const lease = callEnds + worker.settings.leaseMarginMs;
  const candidate = isEndpoint(destination) && { token, found, decision, endpoint: destination, nonce, lease };
  if (candidate && candidate.endpoint.status === 'paused') return holdAtPause(worker, candidate);

  if (decision.do === 'claim') {
    if (!canCallHere(worker, destination, receipt)) {
      await putBack(worker, token, clock.now(), laneFor(destination));
      return undefined;
    }
    const admission = candidate ? await admit(worker, candidate) : ({ admitted: true } as const);
    if (!admission.admitted) return admission.stands;
    const { slot, waited = false } = admission;
    // Before the claim, so that no death after it waits for the queue's whole visibility timeout. The messages of a
    // batch have come here together, after one shared read of their endpoint, so they share one request.
    receipt.hideFor(lease + worker.settings.leaseMarginMs - clock.now());
    const expires_at = lease + worker.settings.keepMs;
    const claims = claimed(decision.seen, decision.how, { nonce, lease, expires_at, slot }, run.max_attempts);
    const claim = livingBeyond(worker, claims, lease);
    // A write that fails may be stored all the same.
    progress.uncalled = decision.how === 'adopt' ? [decision.seen.nonce!, nonce] : [nonce];
    const stands = await record(worker, key, found, claim);
    progress.uncalled = stands.state === claim ? [nonce] : [];
    if (stands.state !== claim) {
      if (candidate) await leaveSlot(worker, keyOfEndpoint(candidate.endpoint), claim);
      return stands;
    }
    return callOrGiveUp(
      worker,
      { run, destination, token: waited ? { ...token, waited } : token, receipt, found: stands, progress },
      async (call) => {
        await revive(worker, run, found, lease);
        return callUnlessOverlapping(worker, call, gate.clock);
      },
    );
  }
  return callOrGiveUp(worker, { run, destination, token, receipt, found, progress }, async (call) => {
    if (callEnds <= (decision.seen.lease ?? 0)) return callUnlessOverlapping(worker, call);
    if (candidate && decision.seen.slot !== undefined) await renewSlot(worker, candidate);
    return record(worker, key, found, renewed(decision.seen, lease));
  });
}

/** A claimed attempt before its call. */
interface ClaimedCall {
  readonly run: RunDefinition;
  readonly destination: Destination | Endpoint;
  readonly token: DeliverToken;
  readonly receipt: Receipt;
  /** The run, with the claim as its state. */
  readonly found: Findings;
  readonly progress: Progress;
}

/** A failure between a claim and its call gives the claim back, so that the run and its slot need not wait for the lease. */
async function callOrGiveUp<Result>(
  worker: Worker,
  call: ClaimedCall,
  work: (call: ClaimedCall) => Promise<Result>,
): Promise<Result> {
  const { progress, token } = call;
  try {
    return await work(call);
  } catch (error) {
    if (progress.uncalled.length > 0) await giveClaimBack(worker, call, token.due).catch(() => {});
    throw error;
  }
}

/** Answers what is stored afterwards, and whether that is the claim's release to a waiting state. */
async function giveClaimBack(
  worker: Worker,
  { run, destination, found, progress }: ClaimedCall,
  until: number,
): Promise<{ readonly stands: Findings; readonly isBack: boolean }> {
  const claim = found.state!;
  if (isEndpoint(destination)) await leaveSlot(worker, keyOfEndpoint(destination), claim);
  const next = released(claim, until, worker.clock.now());
  const stands = await record(worker, { project: run.project_id, run: run.id }, found, next);
  // A refused write leaves the claim, if its lease was renewed.
  if (stands.state?.nonce !== claim.nonce) progress.uncalled = [];
  return { stands, isBack: stands.state === next && !isFinal(next.status) };
}

/**
 * The schedule was changed after it made this run, and the run has not begun: the definition is written anew from the
 * schedule, before any claim, so that retries and reclaims read the same. The due moment stays.
 */
async function makeAnew(
  worker: Pick<Worker, 'config' | 'runs' | 'settings'>,
  found: Findings,
  schedule: Schedule,
): Promise<Findings> {
  const old = runOf(found);
  const policy = await policyOfSender(worker.config, schedule);
  const { due, expires_at, ...made } = runOfOccurrence(
    schedule,
    old.occurrence!,
    shardOf(old.id),
    policy,
    worker.settings.keepMs,
  );
  const definition = { ...made, due: old.due, expires_at: Math.max(old.expires_at, expires_at + old.due - due) };
  await worker.runs.replace(definition);
  return { ...found, definition };
}

/** A run that must not overlap calls only under its schedule's lock; without the lock it gives its claim back. */
async function callUnlessOverlapping(
  worker: Worker,
  call: ClaimedCall,
  seen?: ScheduleClock,
): Promise<Findings | undefined> {
  const { run, destination, token, found } = call;
  const outcome = run.overlap ? await lockAtDue(worker, run, token, found.state!, seen) : ({ lock: 'taken' } as const);
  if (outcome.lock === 'taken') return callAndConclude(worker, call);
  if (outcome.lock === 'skip') {
    const claim = found.state!;
    if (isEndpoint(destination)) await leaveSlot(worker, keyOfEndpoint(destination), claim);
    const next = skipped(claim, outcome.holder, worker.clock.now());
    return record(worker, { project: run.project_id, run: run.id }, found, next);
  }
  const { stands, isBack } = await giveClaimBack(worker, call, outcome.until);
  if (!isBack) return stands;
  await putBack(worker, { ...token, waited: true }, outcome.until);
  return undefined;
}

/** A run that executes until just before the due moment does not overlap. */
async function lockAtDue(
  worker: Worker,
  run: RunDefinition,
  { due }: DeliverToken,
  claim: RunState,
  seen: ScheduleClock | undefined,
): Promise<LockOutcome> {
  const early = due - LOCK_LEAD_MS - worker.clock.now();
  if (early > 0) await worker.clock.sleep(early);
  return takeOverlapLock(worker, run, claim, seen);
}

/** An endpoint carries the mark of its project's deletion; without an endpoint the project is read. */
async function isProjectDeleted(
  { config }: Pick<Worker, 'config'>,
  { project_id }: RunDefinition,
  destination: Destination | Endpoint | undefined,
): Promise<boolean> {
  if (isEndpoint(destination)) return destination.project_deleted === true;
  return (await config.project(project_id))?.deleted_at !== undefined;
}

function isCallable(destination: Destination | Endpoint | undefined): destination is Destination | Endpoint {
  return destination !== undefined && !(isEndpoint(destination) && destination.status === 'disabled');
}

/** The endpoint may have got another timeout since the token was sent, and the invocation may have waited long. */
function canCallHere({ settings }: Pick<Worker, 'settings'>, destination: Destination, receipt: Receipt): boolean {
  const enoughTime = receipt.remainingMs() >= destination.timeout_ms + WRAP_UP_MS;
  return enoughTime && laneFor(destination) === settings.lane;
}

async function callAndConclude(
  worker: Worker,
  { run, destination, token, receipt, found, progress }: ClaimedCall,
): Promise<Findings> {
  const { clock } = worker;
  const attempt = await makeAttempt(worker, run, destination, token, found.state!, () => {
    progress.uncalled = [];
  });
  if (attempt === undefined) return findRun(worker, { project: run.project_id, run: run.id });
  const invocationEnds = clock.now() + receipt.remainingMs() - WRAP_UP_MS;
  const until = Math.min(found.state!.lease!, invocationEnds, clock.now() + VERDICT_PATIENCE_MS);
  const stands = await conclude(worker, token, found, attempt, until, destination);
  if (isEndpoint(destination)) await noteOutcome(worker, destination, run, attempt);
  return stands;
}
