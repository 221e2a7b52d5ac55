import { makeId, shardOf } from '../primitives/ids.js';
import { performEffects } from '../protocol/effects/effects.js';
import { passOn } from '../protocol/limits/held-runs.js';
import {
  type Decision,
  decideDelivery,
  decideSettling,
  type EffectDecision,
  type Findings,
} from '../protocol/rules/attempt-decision.js';
import type { RunKey } from '../protocol/rules/ports.js';
import { type DeliverToken, type LaneToken, type SettleToken, startOf } from '../protocol/rules/token.js';
import { abandoned } from '../protocol/rules/transitions.js';
import { buryRun } from '../protocol/runs/bury.js';
import { findRun, glimpseRun, runOf } from '../protocol/runs/find-run.js';
import { record } from '../protocol/runs/record.js';
import type { Receipt } from '../runtime/receipts.js';
import { attemptDelivery, type Progress } from './attempt-delivery.js';
import { conclude, noteAgain } from './conclude.js';
import { putBack, Unfinished, type Worker } from './worker.js';

/** An attempt is claimed this long before its due moment, so that it is called on time also on a busy machine. */
export const CLAIM_LEAD_MS = 500;

/**
 * Handles one token of a delivery lane, from its arrival until SQS may delete it. `decideDelivery` decides from what
 * the tables say; a worker whose conditional write is refused reads and decides again.
 * @param passedOn whether another lane has the message, which ends here then: before any claim
 * @returns whether this worker made the attempt, and the outcome is recorded
 * @throws Unfinished with the token that the message's copy must carry
 */
export async function deliver(
  worker: Worker,
  received: DeliverToken,
  receipt: Receipt,
  passedOn?: Promise<boolean>,
): Promise<boolean> {
  const { clock, settings } = worker;
  const { outcome: _carried, ...token } = received;
  const early = startOf(token) - clock.now();
  if (early > settings.holdMs) {
    await putBack(worker, received, startOf(token));
    return false;
  }
  // A booking has its own exact moment: no early claim.
  const lead = token.turn ? 0 : CLAIM_LEAD_MS;
  if (early > lead) await clock.sleep(early - lead);

  const nonce = makeId('att', clock.now(), worker.randomBytes(8), shardOf(token.run));
  const progress: Progress = { nonce, uncalled: [] };
  try {
    return await followToken(worker, received, receipt, progress, passedOn);
  } catch (error) {
    if (progress.uncalled.length === 0) throw error;
    throw new Unfinished({ ...token, uncalled: progress.uncalled }, error);
  }
}

/** Decides and acts until there is nothing more to do. */
async function followToken(
  worker: Worker,
  { outcome, ...token }: DeliverToken,
  receipt: Receipt,
  progress: Progress,
  passedOn: Promise<boolean> | undefined,
): Promise<boolean> {
  const { clock, settings } = worker;
  const { nonce } = progress;
  // A token with a booking, slot, claim or outcome was here before: it needs more than a glimpse.
  const isKnown = token.turn ?? token.slot ?? token.uncalled ?? outcome;
  const look = isKnown ? findRun(worker, keyOf(token)) : glimpseRun(worker, token);
  const [seen, isPassedOn] = await Promise.all([look, passedOn]);
  if (isPassedOn) return false;
  let found: Findings | undefined = seen;
  let isMine = false;
  // One try only: the copy's growing delay is the pause between two tries.
  if (outcome) found = await conclude(worker, token, found, outcome, clock.now());
  while (found) {
    isMine ||= found.state?.nonce === nonce;
    const decision = decideDelivery(token, found, { now: clock.now(), nonce, maxReclaims: settings.maxReclaims });
    if (found.glimpsed && !claimsNext(decision)) found = await findRun(worker, keyOf(token));
    else if (decision.do === 'claim' || decision.do === 'proceed')
      found = await attemptDelivery(worker, token, receipt, found, decision, progress);
    else {
      if (decision.do === 'effects' && !isMine) await noteAgain(worker, runOf(found), decision.state);
      found = await follow(worker, token, found, decision);
    }
  }
  if (token.slot && !isMine) await giveBackSlot(worker, token, token.slot);
  return isMine;
}

function claimsNext(decision: Decision): boolean {
  return decision.do === 'claim' && decision.how === 'next';
}

/** The run was called up but did not call: it was cancelled, or waits. Its slot goes to the next run. */
function giveBackSlot(worker: Worker, token: DeliverToken, { endpoint, ...slot }: NonNullable<DeliverToken['slot']>) {
  return passOn(worker, { project: token.project, endpoint }, slot, token.run);
}

/** A retry job was given up: makes sure that the effects were performed. */
export async function settle(worker: Worker, token: SettleToken): Promise<void> {
  const found = await findRun(worker, keyOf(token));
  await follow(worker, token, found, decideSettling(token, found, worker.clock.now()));
}

/** The message is poison: its run is ended, since otherwise the run would never show how it ended. */
export async function bury(worker: Worker, token: LaneToken): Promise<void> {
  const retryAt = await buryRun(worker, token);
  if (retryAt !== undefined) await putBack(worker, token, retryAt);
}

/** Performs a decision that needs no call. Answers what is stored afterwards, if there is more to decide. */
async function follow(
  worker: Worker,
  token: LaneToken,
  found: Findings,
  decision: EffectDecision,
): Promise<Findings | undefined> {
  switch (decision.do) {
    case 'acknowledge':
      return undefined;
    case 'wait':
      await putBack(worker, token, decision.due);
      return undefined;
    case 'effects':
      await performEffects(worker, runOf(found), decision.state);
      return undefined;
    case 'conclude':
      return record(worker, keyOf(token), found, abandoned(decision.seen, decision.as, worker.clock.now()));
    case 'alarm':
      throw new Error(`impossible state of ${token.run}: ${decision.why}`);
  }
}

function keyOf(token: LaneToken): RunKey {
  return { project: token.project, run: token.run };
}
