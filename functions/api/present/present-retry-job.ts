import { siblingId } from '../../core/ids.js';
import { isoTime } from '../../core/moments.js';
import type { RunDefinition, RunState } from '../../core/run/task-run.js';
import type { ShownRetryJob } from './retry-job-schema.js';

/** The queued next attempt of a run in `retry_scheduled`; `attempt` is that attempt's number. */
export function presentRetryJob({
  definition,
  state,
}: {
  readonly definition: RunDefinition;
  readonly state: RunState;
}): ShownRetryJob {
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
