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

/** An attempt before the door of its endpoint. */
export interface Candidate {
  readonly token: DeliverToken;
  readonly found: Findings;
  readonly decision: Extract<Decision, { readonly do: 'claim' | 'proceed' }>;
  readonly endpoint: Endpoint;
  /** Names the claim that this worker is about to make, and its end. */
  readonly nonce: string;
  readonly lease: number;
}

/** `stands` is what to decide from next; nothing when the token was passed on, or is worth nothing any more. */
export type Admission =
  | { readonly admitted: true; readonly slot?: number }
  | { readonly admitted: false; readonly stands: Findings | undefined };

const passedOn = { admitted: false, stands: undefined } as const;

/** Whether the endpoint's limits let the attempt be made now. What is over a limit waits, and uses no attempt. */
export async function admit(worker: Worker, candidate: Candidate): Promise<Admission> {
  const { endpoint } = candidate;
  const refused = endpoint.rate_limit_per_second === undefined ? undefined : await awaitMoment(worker, candidate);
  if (refused) return refused;
  return endpoint.max_concurrency === undefined ? { admitted: true } : enterSlot(worker, candidate);
}

/** Whether an attempt may have to wait at this endpoint. */
export function mayHoldBack({ status, rate_limit_per_second, max_concurrency }: Endpoint): boolean {
  return status === 'paused' || rate_limit_per_second !== undefined || max_concurrency !== undefined;
}

/** The endpoint is paused: the run lies there until it is resumed. */
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
 * Nothing when the call may be made now. What was let in before, and is to call only now (it found no slot), or once more
 * (its worker was lost), is one more call to the endpoint: it needs a moment of its own, like one that missed its moment.
 */
async function awaitMoment(worker: Worker, candidate: Candidate): Promise<Admission | undefined> {
  const { token, found, decision, endpoint } = candidate;
  if (decision.do === 'proceed') return undefined;
  const isLost = decision.how === 'reclaim' || decision.how === 'adopt';
  if (!isNext(candidate) && !isLost) return { admitted: false, stands: await backToWaiting(worker, candidate) };
  const { clock } = worker;
  const decided = decideBooking(token.turn, decision.seen.turn, clock.now());
  if (decided.booking === 'stale') return passedOn;
  if (decided.booking === 'wait') {
    await putBack(worker, { ...token, turn: decided.for }, arrivalOf(decided.for, endpoint.rate_limit_per_second!));
    return passedOn;
  }
  const n = isLost || token.slot ? Math.max(decided.n, MISSED) : decided.n;
  const sought = await seekMoment(worker.limits, endpoint, n, Math.max(clock.now(), token.due));
  if ('startsAt' in sought) {
    await clock.sleep(Math.max(0, sought.startsAt - clock.now()));
    return undefined;
  }
  const run = runOf(found);
  // The line may be longer than the run was to live.
  await outlive(worker, run, sought.booking.at);
  await sendOn(worker, token, sought.booking, endpoint);
  const next = livingBeyond(worker, queued(decision.seen, sought.booking), sought.booking.at);
  const stands = await record(worker, { project: run.project_id, run: run.id }, found, next);
  return stands.state === next ? passedOn : { admitted: false, stands };
}

/**
 * The copy that comes at the booked moment. It counts its hops anew: a call that waits for a rate is in no loop, since each booking moves a
 * clock on, so that all copies together come no more often than the endpoint takes calls.
 */
function sendOn(
  worker: Pick<Worker, 'settings' | 'wakeUps'>,
  token: DeliverToken,
  turn: RateBooking,
  { rate_limit_per_second }: Endpoint,
): Promise<void> {
  const { slot: _slot, ...copy } = token;
  const { lane } = worker.settings;
  return worker.wakeUps.sendToLane(lane, { ...copy, turn, hop: 0 }, arrivalOf(turn, rate_limit_per_second!));
}

async function enterSlot(worker: Worker, candidate: Candidate): Promise<Admission> {
  const { token, found, endpoint, nonce, lease } = candidate;
  const run = runOf(found);
  const take = () => takeSlot(worker, endpoint, { run: run.id, nonce, lease });
  let taken = await take();
  if (typeof taken !== 'number') {
    if (!isNext(candidate)) return { admitted: false, stands: await backToWaiting(worker, candidate) };
    if (taken.strayUntil !== undefined) {
      // Were it held, and that worker dead, nobody would call it up before the reconciler.
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

/** Who takes the limit away, or disables the endpoint, lets go what it held then; what comes later must see it. */
async function isHoldingStill(worker: Pick<Worker, 'config'>, { endpoint }: Candidate): Promise<boolean> {
  const { project, endpoint: id } = keyOfEndpoint(endpoint);
  return !letsGo(endpoint, await worker.config.endpoint(project, id));
}

/** The call will last longer than its slot was taken for. */
export async function renewSlot(
  worker: Pick<Worker, 'clock' | 'limits'>,
  { found, endpoint, nonce, lease }: Candidate,
): Promise<void> {
  await takeSlot(worker, endpoint, { run: runOf(found).id, nonce, lease });
}

function isNext({ decision }: Candidate): boolean {
  return decision.do === 'claim' && decision.how === 'next';
}

/** What is claimed already, or about to be reopened, waits first: a run that is held shows it, and can be cancelled. */
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
