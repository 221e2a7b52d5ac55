import { hold, leaveSlot } from '../protocol/limits/held-runs.js';
import { livingBeyond, outlive, revive } from '../protocol/messages/life.js';
import type { Decision, Findings } from '../protocol/rules/attempt-decision.js';
import type { DeliverToken } from '../protocol/rules/token.js';
import { queued, released, reopened } from '../protocol/rules/transitions.js';
import { findRun, runOf } from '../protocol/runs/find-run.js';
import { record } from '../protocol/runs/record.js';
import { type Endpoint, keyOfEndpoint, letsGo } from '../subjects/endpoints/endpoint.js';
import { arrivalOf, decideBooking, MISSED, type RateBooking, seekMoment } from '../subjects/endpoints/rate-booking.js';
import { takeSlot } from '../subjects/endpoints/slots.js';
import { putBack, type Worker } from './worker.js';

/** An attempt that its endpoint's limits may delay. */
export interface Candidate {
  readonly token: DeliverToken;
  readonly found: Findings;
  readonly decision: Extract<Decision, { readonly do: 'claim' | 'proceed' }>;
  readonly endpoint: Endpoint;
  /** Nonce and lease of the claim that this worker is about to make. */
  readonly nonce: string;
  readonly lease: number;
}

/**
 * `waited`: the function itself has waited for the rate limit. `stands` is what the next decision is made from; undefined if the token was passed on,
 * or ends as stale.
 */
export type Admission =
  | { readonly admitted: true; readonly slot?: number; readonly waited?: boolean }
  | { readonly admitted: false; readonly stands: Findings | undefined };

const passedOn = { admitted: false, stands: undefined } as const;

/** Whether the endpoint's limits admit the attempt now. An attempt over a limit waits, and is not used up. */
export async function admit(worker: Worker, candidate: Candidate): Promise<Admission> {
  const { endpoint } = candidate;
  const atRate =
    endpoint.rate_limit_per_second === undefined ? ({ admitted: true } as const) : await awaitMoment(worker, candidate);
  if (!atRate.admitted || endpoint.max_concurrency === undefined) return atRate;
  return { ...atRate, ...(await enterSlot(worker, candidate)) };
}

/** Whether an attempt may have to wait at this endpoint. */
export function mayHoldBack({ status, rate_limit_per_second, max_concurrency }: Endpoint): boolean {
  return status === 'paused' || rate_limit_per_second !== undefined || max_concurrency !== undefined;
}

/** The endpoint is paused: the run is held there until the endpoint is resumed. */
export async function holdAtPause(worker: Worker, candidate: Candidate): Promise<Findings | undefined> {
  const { token, found, nonce } = candidate;
  if (!isNext(candidate)) return backToWaiting(worker, candidate);
  const run = runOf(found);
  const stays = await hold(worker, { ...found, definition: run }, token, nonce, () =>
    isHoldingStill(worker, candidate),
  );
  return stays ? undefined : findRun(worker, { project: run.project_id, run: run.id });
}

/**
 * Whether the rate limit admits the call now. An attempt that was admitted before, and calls only now (it found no slot) or
 * again (its worker was lost), needs a moment of its own, like an attempt that missed its moment: it is one more call.
 */
async function awaitMoment(worker: Worker, candidate: Candidate): Promise<Admission> {
  const { token, found, decision, endpoint } = candidate;
  if (decision.do === 'proceed') return { admitted: true };
  const isLost = decision.how === 'reclaim' || decision.how === 'adopt';
  if (!isNext(candidate) && !isLost) return { admitted: false, stands: await backToWaiting(worker, candidate) };
  const { clock } = worker;
  const decided = decideBooking(token.turn, decision.seen.turn, clock.now());
  if (decided.booking === 'stale') return passedOn;
  if (decided.booking === 'wait') {
    await putBack(
      worker,
      { ...token, waited: true, turn: decided.for },
      arrivalOf(decided.for, endpoint.rate_limit_per_second!),
    );
    return passedOn;
  }
  const n = isLost || token.slot ? Math.max(decided.n, MISSED) : decided.n;
  const sought = await seekMoment(worker.limits, endpoint, n, Math.max(clock.now(), token.due));
  if ('startsAt' in sought) {
    const wait = sought.startsAt - clock.now();
    await clock.sleep(Math.max(0, wait));
    return { admitted: true, waited: wait > 0 };
  }
  const run = runOf(found);
  // The run's TTL may end before its booked moment.
  await outlive(worker, run, sought.booking.at);
  await sendOn(worker, token, sought.booking, endpoint);
  const next = livingBeyond(worker, queued(decision.seen, sought.booking), sought.booking.at);
  const stands = await record(worker, { project: run.project_id, run: run.id }, found, next);
  return stands.state === next ? passedOn : { admitted: false, stands };
}

/**
 * Sends the copy that comes at the booked moment. Its hops count from 0, since waiting for a rate limit is no loop:
 * each booking moves a clock on, so all copies together come no more often than the endpoint takes calls.
 */
function sendOn(
  worker: Pick<Worker, 'settings' | 'wakeUps'>,
  token: DeliverToken,
  turn: RateBooking,
  { rate_limit_per_second }: Endpoint,
): Promise<void> {
  const { slot: _slot, ...copy } = token;
  const { lane } = worker.settings;
  return worker.wakeUps.sendToLane(
    lane,
    { ...copy, turn, hop: 0, waited: true },
    arrivalOf(turn, rate_limit_per_second!),
  );
}

async function enterSlot(worker: Worker, candidate: Candidate): Promise<Admission> {
  const { token, found, endpoint, nonce, lease } = candidate;
  const run = runOf(found);
  const take = () => takeSlot(worker, endpoint, { run: run.id, nonce, lease });
  let taken = await take();
  if (typeof taken !== 'number') {
    if (!isNext(candidate)) return { admitted: false, stands: await backToWaiting(worker, candidate) };
    if (taken.strayUntil !== undefined) {
      // If the run were held and that worker were dead, only the reconciler would call it up.
      await putBack(worker, token, taken.strayUntil);
      return passedOn;
    }
    const mustStay = async () => {
      if (!(await isHoldingStill(worker, candidate))) return false;
      taken = await take();
      return typeof taken !== 'number';
    };
    if (await hold(worker, { ...found, definition: run }, token, nonce, mustStay)) return passedOn;
  }
  if (typeof taken === 'number') return { admitted: true, slot: taken };
  return { admitted: false, stands: await findRun(worker, { project: run.project_id, run: run.id }) };
}

/** Whether the endpoint still holds runs: a change of it releases only the runs that it held by then. */
async function isHoldingStill(worker: Pick<Worker, 'config'>, { endpoint }: Candidate): Promise<boolean> {
  const { project, endpoint: id } = keyOfEndpoint(endpoint);
  return !letsGo(endpoint, await worker.config.endpoint(project, id));
}

/** The call may last longer than the lease of its slot. */
export async function renewSlot(
  worker: Pick<Worker, 'clock' | 'limits'>,
  { found, endpoint, nonce, lease }: Candidate,
): Promise<void> {
  await takeSlot(worker, endpoint, { run: runOf(found).id, nonce, lease });
}

function isNext({ decision }: Candidate): boolean {
  return decision.do === 'claim' && decision.how === 'next';
}

/** A claimed or reopened run waits before it is held: so its state shows that it waits, and it can be cancelled. */
async function backToWaiting(worker: Worker, candidate: Candidate): Promise<Findings> {
  const { token, found, decision, endpoint } = candidate;
  const { seen } = decision;
  const run = runOf(found);
  const key = { project: run.project_id, run: run.id };
  const now = worker.clock.now();
  const expiresAt = now + worker.settings.keepMs;
  if (decision.do === 'claim' && decision.how === 'reopen') {
    const next = livingBeyond(worker, reopened(seen, run.max_attempts, token.due, expiresAt), now);
    const stands = await record(worker, key, found, next);
    await revive(worker, run, found, now);
    return { ...stands, definition: stands.definition ?? run };
  }
  if (decision.do === 'proceed') await leaveSlot(worker, keyOfEndpoint(endpoint), seen);
  return record(worker, key, found, released(seen, token.due, now));
}
