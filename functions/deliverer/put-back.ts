import type { LaneToken } from '../core/run/token.js';
import type { Worker } from './worker.js';

/** A message was put back so often that something must be wrong. It raises an alarm, and its run ends if it can. */
export class HopCapError extends Error {
  override readonly name = 'HopCapError';
}

/**
 * Sends a copy that arrives at `due`, so that the original may be acknowledged. A failed batch item would wait out the
 * queue's whole visibility timeout instead, and count towards the DLQ.
 * @throws HopCapError
 */
export async function putBack(
  worker: Worker,
  token: LaneToken,
  due: number,
  lane = worker.settings.lane,
): Promise<void> {
  if (token.hop >= worker.settings.maxHops) throw new HopCapError(`${token.run} was put back ${token.hop} times`);
  // A slot that is kept for the run does not wait along: the original passes it on.
  const { slot: _slot, ...copy } = { slot: undefined, ...token };
  await worker.wakeUps.sendToLane(lane, { ...copy, hop: token.hop + 1 }, due);
}
