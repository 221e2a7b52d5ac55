import { isoTime, timeOrNull } from '../../core/moments.js';
import { givenPayload } from '../../core/payload-schema.js';
import type { Attempt, RunDefinition, RunState } from '../../core/run/task-run.js';
import { presentAttempt } from './present-attempt.js';
import type { ShownRun } from './run-schema.js';

interface Run {
  readonly definition: RunDefinition;
  readonly state: RunState;
}

/** A task run as lists and batches show it: without its payload, since a hundred of those could exceed Lambda's 6 MB. */
export function presentRun({ definition, state }: Run): ShownRun {
  const next = nextAttemptAt(definition, state);
  return {
    id: definition.id,
    project_id: definition.project_id,
    name: definition.title ?? null,
    status: state.status,
    endpoint_id: definition.endpoint_id ?? null,
    ...(definition.target && { target: definition.target }),
    source: definition.source,
    run_at: isoTime(definition.due),
    /** Attempts that were begun. */
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
  return { ...presentRun(run), payload: givenPayload(run.definition.payload) };
}

/** A single task run with its recorded attempts, oldest first. */
export function presentRunWithAttempts(run: Run, attempts: readonly Attempt[]) {
  return { ...presentWholeRun(run), attempts: attempts.map(presentAttempt) };
}

function nextAttemptAt({ due }: RunDefinition, state: RunState): number | undefined {
  if (state.status === 'pending') return state.turn?.at ?? state.due ?? due;
  return state.status === 'retry_scheduled' ? (state.turn?.at ?? state.due) : undefined;
}
