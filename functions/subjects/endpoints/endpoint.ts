import type { Destination } from '../../destinations/http/outcome.js';
import type { RetiringSecret } from '../../primitives/signing-secrets.js';

/** Calls with a longer timeout go through the slow lane, so that they never hold up the others. */
export const FAST_LANE_LIMIT_MS = 30_000;

export type Lane = 'fast' | 'slow';

/** Where to send. Times are Unix milliseconds. */
export interface Endpoint extends Destination {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly retry_policy_id?: string;
  /** Which events it gets; absent: none. */
  readonly event_filters?: readonly string[];
  /** `paused` holds what is due until it is resumed; `disabled` makes dead letters of it. */
  readonly status: 'active' | 'paused' | 'disabled';
  /** In words. */
  readonly disabled_reason?: string;
  readonly disabled_at?: number;
  /** Disabled by itself, and not yet announced by whoever did it. */
  readonly announcement_due?: boolean;
  /** Since when every call has failed; `recovered_at` is when that last ended. */
  readonly failing_since?: number;
  readonly recovered_at?: number;
  readonly rate_limit_per_second?: number;
  /** Calls at the same time. */
  readonly max_concurrency?: number;
  /** Raised by every change that lets held runs go on; the message that does so waits for it. */
  readonly rev?: number;
  /** Sealed secrets, `whsec_…` or a text that the user gave, the newest first; each signs every delivery. */
  readonly signing_secrets: readonly string[];
  /** What a rotation replaced, and signs on for a while. */
  readonly retiring_secrets?: readonly RetiringSecret[];
  readonly created_at: number;
  readonly updated_at: number;
}

export function laneFor(destination: Pick<Destination, 'timeout_ms'>): Lane {
  return destination.timeout_ms > FAST_LANE_LIMIT_MS ? 'slow' : 'fast';
}

export interface EndpointKey {
  readonly project: string;
  readonly endpoint: string;
}

export function keyOfEndpoint({ project_id, id }: Pick<Endpoint, 'project_id' | 'id'>): EndpointKey {
  return { project: project_id, endpoint: id };
}

/** Registered, and not a target given inline. */
export function isEndpoint(destination: Destination | Endpoint | undefined): destination is Endpoint {
  return destination !== undefined && 'signing_secrets' in destination;
}

const DISABLED_BY_REQUEST = 'Disabled through the API.';

/** The endpoint with the status that a person gives it: `active` forgets all trouble. `now` in Unix milliseconds. */
export function withStatus(endpoint: Endpoint, status: Endpoint['status'], now: number): Endpoint {
  if (status === 'disabled' && endpoint.status === 'disabled') return endpoint;
  const { disabled_reason: _reason, disabled_at: _at, announcement_due: _due, ...kept } = endpoint;
  if (status === 'disabled') return { ...kept, status, disabled_reason: DISABLED_BY_REQUEST, disabled_at: now };
  if (status === 'paused') return { ...kept, status };
  const { failing_since: _since, recovered_at: _recovered, ...well } = kept;
  return { ...well, status };
}

/**
 * Whether a change lets runs go on that the endpoint holds: the pause is over, or nobody counts the calls under way any
 * more who would call up the next one. An endpoint that is gone, or disabled, makes dead letters of them.
 */
export function letsGo(before: Endpoint, after: Endpoint | undefined): boolean {
  if (after?.status === 'paused') return false;
  if (before.status === 'paused') return true;
  const counts = after?.status === 'active' && after.max_concurrency !== undefined;
  return before.max_concurrency !== undefined && !counts;
}
