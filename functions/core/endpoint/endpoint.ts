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
  readonly status: 'active' | 'disabled';
  readonly disabled_reason?: string;
  /** Sealed `whsec_…` secrets, the newest first; each signs every delivery. */
  readonly signing_secrets: readonly string[];
  readonly created_at: number;
  readonly updated_at: number;
}

export function laneFor(destination: Pick<Destination, 'timeout_ms'>): Lane {
  return destination.timeout_ms > FAST_LANE_LIMIT_MS ? 'slow' : 'fast';
}
