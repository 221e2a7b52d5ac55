import type { EndpointKey } from '../../subjects/endpoints/endpoint.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { DeliverToken } from './token.js';

/** A run that waits at its endpoint, which is paused or has as many calls under way as it takes. */
export interface HeldRun extends EndpointKey {
  /** What goes back to the lane when its time has come. */
  readonly token: DeliverToken;
  /** Tells this holding from an earlier one of the same run. */
  readonly nonce: string;
  /** What was left of the run's life when it came, in milliseconds: it does not age while it is held. */
  readonly left_ms: number;
}

/** No run that is due has more to live: fifty retries a week apart, and the retention. A copy of a message may find more. */
export const MOST_LEFT_MS = 2 * 366 * 24 * 60 * 60 * 1000;

/** A run lives for years while it is held. */
export function seemsHeld({ expires_at }: Pick<RunDefinition, 'expires_at'>, now: number): boolean {
  return expires_at - now > MOST_LEFT_MS;
}

export interface HeldRunStore {
  /** Replaces an earlier holding of the same run, but for its `left_ms`; answers the one that stands. */
  put(held: HeldRun): Promise<HeldRun>;
  /** At most `limit` of them, strongly consistent, the oldest run first. */
  oldest(key: EndpointKey, shards: number, limit: number): Promise<HeldRun[]>;
  /** Takes it away, if it is still this holding. */
  remove(held: HeldRun): Promise<void>;
}
