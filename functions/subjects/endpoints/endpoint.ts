import type { Destination } from '../../destinations/registry.js';
import type { RetiringSecret } from '../../primitives/signing-secrets.js';

/** Calls with a longer timeout go through the slow lane, so that they never delay other calls. */
export const FAST_LANE_LIMIT_MS = 30_000;

export type Lane = 'fast' | 'slow';

/** Where to send. Times are Unix milliseconds. */
export type Endpoint = Destination & EndpointSettings;

interface EndpointSettings {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** By which the endpoint can be put. */
  readonly key?: string;
  readonly retry_policy_id?: string;
  /** Which events the endpoint gets; absent: none. */
  readonly event_filters?: readonly string[];
  /** `paused` holds due runs until the endpoint is resumed; `disabled` turns them into dead letters. */
  readonly status: 'active' | 'paused' | 'disabled';
  /** The reason in words. */
  readonly disabled_reason?: string;
  readonly disabled_at?: number;
  /** Disabled automatically, and not announced yet. */
  readonly announcement_due?: boolean;
  /** Since when every call has failed; `recovered_at`: when the last such time ended. */
  readonly failing_since?: number;
  readonly recovered_at?: number;
  readonly rate_limit_per_second?: number;
  /** Limit of concurrent calls. */
  readonly max_concurrency?: number;
  /** Raised by every change that releases held runs; the release token waits for it. */
  readonly rev?: number;
  /** Encrypted secrets (`whsec_…` or the user's own text), newest first; each signs every delivery. */
  readonly signing_secrets: readonly string[];
  /** Secrets that a rotation replaced, and that still sign for a while. */
  readonly retiring_secrets?: readonly RetiringSecret[];
  /** The listener that got the endpoint last, and may have it now. */
  readonly listener_id?: string;
  /** Its project is being deleted: no call is made any more. */
  readonly project_deleted?: boolean;
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

/** Whether the destination is an endpoint, and not an inline target. */
export function isEndpoint(destination: Destination | Endpoint | undefined): destination is Endpoint {
  return destination !== undefined && 'signing_secrets' in destination;
}

const DISABLED_BY_REQUEST = 'Disabled through the API.';

/** The endpoint with a status that a person sets: `active` resets all failures. `now` in Unix milliseconds. */
export function withStatus(endpoint: Endpoint, status: Endpoint['status'], now: number): Endpoint {
  if (status === 'disabled' && endpoint.status === 'disabled') return endpoint;
  const { disabled_reason: _reason, disabled_at: _at, announcement_due: _due, ...kept } = endpoint;
  if (status === 'disabled') return { ...kept, status, disabled_reason: DISABLED_BY_REQUEST, disabled_at: now };
  if (status === 'paused') return { ...kept, status };
  const { failing_since: _since, recovered_at: _recovered, ...well } = kept;
  return { ...well, status };
}

/**
 * Whether a change releases the runs that the endpoint holds: the pause is over; or calls are no longer counted, so
 * that no call's end would call up the next run. A deleted or disabled endpoint makes dead letters of them.
 */
export function letsGo(before: Endpoint, after: Endpoint | undefined): boolean {
  if (after?.status === 'paused') return false;
  if (before.status === 'paused') return true;
  const counts = after?.status === 'active' && after.max_concurrency !== undefined;
  return before.max_concurrency !== undefined && !counts;
}
