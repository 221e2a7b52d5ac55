import type { RetiringSecret } from './signing-secrets.js';

export type HttpMethod = 'POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE';

/** Calls with a longer timeout go through the slow lane, so that they never hold up the others. */
export const FAST_LANE_LIMIT_MS = 30_000;

export type Lane = 'fast' | 'slow';

/** Where and how to call; what an endpoint and an inline target have in common. */
export interface Destination {
  readonly url: string;
  readonly method: HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout_ms: number;
}

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
