import type { LaneToken } from '../core/run/token.js';
import type { Worker } from './worker.js';

/** A message that was put back as often as the hop cap says comes no sooner than this, however soon it is wanted. */
const BRAKED_MS = 15 * 60_000;

/**
 * Sends a copy that arrives at `due`, so that the original may be acknowledged. A failed batch item would wait out the
 * queue's whole visibility timeout instead, and count towards the DLQ.
 *
 * From the hop cap on each hop takes a quarter of an hour: the brake in place of Lambda's recursion detection. It ends
 * nothing, for a run may have good reason to wait.
 */
export async function putBack(
  worker: Worker,
  token: LaneToken,
  due: number,
  lane = worker.settings.lane,
): Promise<void> {
  // A slot that is kept for the run does not wait along: the original passes it on.
  const { slot: _slot, ...copy } = { slot: undefined, ...token };
  const isBraked = token.hop >= worker.settings.maxHops;
  if (isBraked) worker.noteBraked(token);
  const at = isBraked ? Math.max(due, worker.clock.now() + BRAKED_MS) : due;
  await worker.wakeUps.sendToLane(lane, { ...copy, hop: token.hop + 1 }, at);
}
