import { shownId } from '../call/shown-id.js';
import { timeOrNull } from '../moments.js';
import type { RunPorts } from '../ports.js';
import { destinationOf } from '../run/run-destination.js';
import { type Attempt, isOfSchedule, type RunDefinition, type RunState } from '../run/task-run.js';
import type { Schedule, ScheduleClock } from '../schedule/schedule.js';
import type { NotificationName } from './event-name.js';
import { stackTraceIn } from './stack-trace.js';

type Facts = Readonly<Record<string, unknown>>;

/** What a notification calls the job: the schedule, or a run of its own, as the one who made it knows its id. */
export function jobOf(run: RunDefinition): string {
  return shownId(run.body_format, isOfSchedule(run) ? run.source.id! : run.id);
}

/** The `data` of a job notification. */
export async function jobFacts(
  ports: RunPorts,
  name: NotificationName,
  run: RunDefinition,
  state: RunState,
  attempt: Attempt | undefined,
): Promise<Facts> {
  const { schedule, clock } = isOfSchedule(run)
    ? await ports.schedules.find({ project: run.project_id, schedule: run.source.id! })
    : {};
  const destination = await destinationOf(ports, run);
  const always = {
    task_id: shownId(run.body_format, run.id),
    name: nameOf(run, schedule, destination),
    attempt: state.attempt,
    /** Of the last call; null when none was made. */
    duration_ms: attempt ? attempt.finished_at - attempt.started_at : null,
  };
  if (name === 'job.completed') return { ...always, ...completed(attempt, clock) };
  if (name === 'job.timed_out')
    return { ...always, attempt: attempt?.attempt ?? state.attempt, timeout_ms: destination?.timeout_ms ?? null };
  return { ...always, ...failed(state, attempt) };
}

function completed(attempt: Attempt | undefined, clock: ScheduleClock | undefined): Facts {
  return {
    http_status: attempt?.http_status ?? null,
    output: attempt?.response_body ?? '',
    next_run_at: timeOrNull(clock?.next_at),
  };
}

/**
 * The code is the answer's status where there was one, else our word for what went wrong. What the target says of it is in
 * its answer alone.
 */
function failed({ attempt: made, reason, last_error }: RunState, attempt: Attempt | undefined): Facts {
  const why = reason ?? 'worker_failure';
  const output = attempt?.response_body ?? '';
  const stack_trace = stackTraceIn(output);
  return {
    error_code: attempt?.http_status ?? last_error?.code ?? why,
    message: last_error?.message ?? `No call was made: ${why}.`,
    retries: Math.max(0, made - 1),
    output,
    ...(stack_trace !== undefined && { stack_trace }),
  };
}

/** Its own name, its schedule's, its endpoint's, or the target's address without what may be secret in its query. */
function nameOf(
  run: RunDefinition,
  schedule: Schedule | undefined,
  destination: Awaited<ReturnType<typeof destinationOf>>,
): string {
  if (run.title !== undefined) return run.title;
  if (schedule) return schedule.name;
  if (destination && 'name' in destination) return destination.name;
  return destination?.url.replace(/[?#].*$/s, '') ?? run.endpoint_id ?? run.id;
}
