import { isoTime } from '../../core/moments.js';
import type { Attempt } from '../../core/run/task-run.js';
import type { ShownAttempt } from './attempt-schema.js';

/** A delivery attempt; one of the API's rows. */
export function presentAttempt(attempt: Attempt): ShownAttempt {
  return {
    id: attempt.id,
    project_id: attempt.project_id,
    task_id: attempt.run_id,
    endpoint_id: attempt.endpoint_id ?? null,
    attempt: attempt.attempt,
    status: attempt.status,
    http_status: attempt.http_status,
    latency_ms: attempt.finished_at - attempt.started_at,
    lateness_ms: attempt.lateness_ms,
    request_headers: attempt.request_headers,
    response_headers: attempt.response_headers,
    response_body: attempt.response_body,
    error: attempt.error,
    request_id: attempt.request_id,
    trace_id: attempt.trace_id,
    started_at: isoTime(attempt.started_at),
    finished_at: isoTime(attempt.finished_at),
    // No endpoint can set this header.
    event_name: attempt.request_headers['punctual-event-name'] ?? null,
  };
}
