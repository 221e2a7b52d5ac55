import { kindOf } from '../../destinations/registry.js';
import type { NotificationName } from '../../fields/event-names.js';
import { shownId } from '../../formats/formats.js';
import { timeOrNull } from '../../primitives/moments.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import { type Attempt, isOfSchedule, type RunDefinition, type RunState } from '../../subjects/task-runs/task-run.js';
import { destinationOf } from '../messages/send-run.js';
import type { RunPorts } from '../rules/ports.js';

/** The members under which frameworks put a stack trace into an error's JSON: one text, or a list of lines. */
const MEMBER = /"(stack_?trace|trace_?back|stack|trace)"\s*:\s*(\[\s*)?(?=")/gi;
/** A JSON string, perhaps cut (a few KB of an answer are kept), and the separator before the next string. */
const TEXT = /"((?:[^"\\]|\\.)*)(?:"\s*(?:,\s*)?)?/y;
/** How a stack trace in plain text begins. */
const PLAIN = /^Traceback \(most recent call last\):|^goroutine \d+ \[|^.+\n[ \t]+at \S|^#0 /m;

/** The stack trace in an answer's JSON, or else in its text. Not longer than the part of the answer that was kept. */
export function stackTraceIn(answer: string): string | undefined {
  for (const { 0: whole, 1: name, 2: list, index } of answer.matchAll(MEMBER)) {
    const trace = stringsAt(answer, index + whole.length, list ? Infinity : 1).join('\n');
    // A single line under these two names may be an id.
    const isTrace = trace.includes('\n') || !/^(stack|trace)$/i.test(name!);
    if (trace !== '' && isTrace) return trace;
  }
  const found = /^\s*[{[]/.test(answer) ? null : PLAIN.exec(answer);
  return found ? answer.slice(found.index).trimEnd() : undefined;
}

function stringsAt(json: string, start: number, most: number): string[] {
  const found: string[] = [];
  for (let at = start; found.length < most; ) {
    TEXT.lastIndex = at;
    const match = TEXT.exec(json);
    if (match === null) break;
    found.push(unescaped(match[1]!));
    at += match[0].length;
  }
  return found;
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`);
  } catch {
    return inner; // cut within an escape, or not JSON
  }
}

type Facts = Readonly<Record<string, unknown>>;

/** The job's id in a notification: the schedule's or the run's, in the form that the job's creator knows. */
export function jobOf(run: RunDefinition): string {
  return shownId(run.body_format, isOfSchedule(run) ? run.source.id! : run.id);
}

/** The `data` of a job notification. */
export async function jobFacts(
  ports: Pick<RunPorts, 'config' | 'schedules'>,
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
    /** Of the last call; null without a call. */
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
 * The code is the answer's status, or without an answer our own code. What the target says of the failure is in
 * `output` alone.
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

/** The run's own name, its schedule's, its endpoint's, or its target's, without secrets. */
function nameOf(
  run: RunDefinition,
  schedule: Schedule | undefined,
  destination: Awaited<ReturnType<typeof destinationOf>>,
): string {
  if (run.title !== undefined) return run.title;
  if (schedule) return schedule.name;
  if (destination && 'name' in destination) return destination.name;
  return destination ? kindOf(destination).nameOf(destination) : (run.endpoint_id ?? run.id);
}
