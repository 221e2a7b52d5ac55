import { hidden } from '../../destinations/secret-values.js';
import { givenPayload } from '../../fields/payload-schema.js';
import { siblingId } from '../../primitives/ids.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import type { Attempt, RunDefinition, RunState } from './task-run.js';
import type { ShownAttempt, ShownRetryJob, ShownRun } from './task-run-answers.js';

/** A delivery attempt, as the API shows it. */
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
    ...(attempt.timings_ms && { timings_ms: attempt.timings_ms }),
    lateness_ms: attempt.lateness_ms,
    request_headers: attempt.request_headers,
    response_headers: attempt.response_headers,
    response_body: attempt.response_body,
    error: attempt.error,
    request_id: attempt.request_id,
    trace_id: attempt.trace_id,
    ...(attempt.listener_id !== undefined && { listener_id: attempt.listener_id }),
    started_at: isoTime(attempt.started_at),
    finished_at: isoTime(attempt.finished_at),
    // An endpoint's own headers cannot contain this one.
    event_name: attempt.request_headers['punctual-event-name'] ?? null,
  };
}

interface Run {
  readonly definition: RunDefinition;
  readonly state: RunState;
}

/** A task run in lists and batches: without its payload, since a hundred payloads could exceed Lambda's 6 MB. */
export function presentRun({ definition, state }: Run): ShownRun {
  const next = nextAttemptAt(definition, state);
  return {
    id: definition.id,
    project_id: definition.project_id,
    name: definition.title ?? null,
    labels: definition.labels ?? {},
    status: state.status,
    endpoint_id: definition.endpoint_id ?? null,
    ...(definition.target && { target: hidden(definition.target) }),
    source: definition.source,
    ...(definition.resent_from !== undefined && { resent_from: definition.resent_from }),
    run_at: isoTime(definition.due),
    /** The number of attempts that were claimed. */
    attempt_count: state.attempt,
    /** The number that `attempt_count` can reach; a replay raises it. */
    max_attempts: state.limit,
    next_attempt_at: timeOrNull(next),
    created_at: isoTime(definition.created_at),
    finished_at: timeOrNull(state.finished_at),
  };
}

/** A single task run, with its payload as it was given. */
export function presentWholeRun(run: Run) {
  const { payload, redacted_at } = run.definition;
  return { ...presentRun(run), payload: givenPayload(payload), redacted_at: timeOrNull(redacted_at) };
}

/** A single task run with its recorded attempts, oldest first. */
export function presentRunWithAttempts(run: Run, attempts: readonly Attempt[]) {
  return { ...presentWholeRun(run), attempts: attempts.map(presentAttempt) };
}

function nextAttemptAt({ due }: RunDefinition, state: RunState): number | undefined {
  if (state.status === 'pending') return state.turn?.at ?? state.due ?? due;
  return state.status === 'retry_scheduled' ? (state.turn?.at ?? state.due) : undefined;
}

/** The queued next attempt of a run in `retry_scheduled`; `attempt` is that attempt's number. */
export function presentRetryJob({ definition, state }: Run): ShownRetryJob {
  return {
    id: siblingId('rj', definition.id),
    project_id: definition.project_id,
    task_id: definition.id,
    name: definition.title ?? null,
    endpoint_id: definition.endpoint_id ?? null,
    attempt: state.attempt + 1,
    run_at: isoTime(state.due ?? definition.due),
    last_error: state.last_error ?? null,
  };
}
