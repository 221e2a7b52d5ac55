import type { Endpoint } from './endpoint.js';

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
