import type { EndpointKey } from '../../subjects/endpoints/endpoint.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { DeliverToken } from './token.js';

/** A run that waits at its endpoint, without a message: the endpoint is paused, or all of its slots are taken. */
export interface HeldRun extends EndpointKey {
  /** The token that is sent to the lane when the run is released. */
  readonly token: DeliverToken;
  /** Distinguishes this holding from an earlier holding of the same run. */
  readonly nonce: string;
  /** The rest of the run's TTL when it was held, in milliseconds: a held run does not age. */
  readonly left_ms: number;
}

/** No due run has a longer TTL: fifty retries a week apart, and the retention. A message's copy may find more. */
export const MOST_LEFT_MS = 2 * 366 * 24 * 60 * 60 * 1000;

/** Whether the run's TTL is as long as that of a held run. */
export function seemsHeld({ expires_at }: Pick<RunDefinition, 'expires_at'>, now: number): boolean {
  return expires_at - now > MOST_LEFT_MS;
}

export interface HeldRunStore {
  /** Replaces an earlier holding of the same run, except its `left_ms`. Answers the stored holding. */
  put(held: HeldRun): Promise<HeldRun>;
  /** At most `limit` held runs, strongly consistent, the oldest run first. */
  oldest(key: EndpointKey, shards: number, limit: number): Promise<HeldRun[]>;
  /** Deletes the row, if it is still this holding. */
  remove(held: HeldRun): Promise<void>;
}
