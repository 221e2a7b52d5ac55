import { hidden } from '../../destinations/secret-values.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import type { Endpoint } from './endpoint.js';
import type { ShownEndpoint } from './endpoint-answers.js';

/** An endpoint without its secrets, and without the fields that only workers need. */
export function presentEndpoint(endpoint: Endpoint): ShownEndpoint {
  const {
    signing_secrets: _secrets,
    retiring_secrets: _retiring,
    announcement_due: _due,
    recovered_at: _recovered,
    rev: _rev,
    listener_id: _listener,
    project_deleted: _deleted,
    ...shown
  } = hidden(endpoint);
  return {
    ...shown,
    retry_policy_id: endpoint.retry_policy_id ?? null,
    event_filters: [...(endpoint.event_filters ?? [])],
    rate_limit_per_second: endpoint.rate_limit_per_second ?? null,
    max_concurrency: endpoint.max_concurrency ?? null,
    disabled_reason: endpoint.disabled_reason ?? null,
    disabled_at: timeOrNull(endpoint.disabled_at),
    failing_since: timeOrNull(endpoint.failing_since),
    created_at: isoTime(endpoint.created_at),
    updated_at: isoTime(endpoint.updated_at),
  };
}
