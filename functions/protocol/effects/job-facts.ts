import type { NotificationName } from '../../fields/event-names.js';
import { shownId } from '../../formats/formats.js';
import { timeOrNull } from '../../primitives/moments.js';
import type { Schedule, ScheduleClock } from '../../subjects/schedules/schedule.js';
import { type Attempt, isOfSchedule, type RunDefinition, type RunState } from '../../subjects/task-runs/task-run.js';
import { destinationOf } from '../messages/send-run.js';
import type { RunPorts } from '../rules/ports.js';

/** The members under which frameworks put a trace into an error's JSON: its text, or its lines as a list. */
const MEMBER = /"(stack_?trace|trace_?back|stack|trace)"\s*:\s*(\[\s*)?(?=")/gi;
/** A string of JSON, which may be cut: of an answer a few KB are kept. Then what separates it from the next of a list. */
const TEXT = /"((?:[^"\\]|\\.)*)(?:"\s*(?:,\s*)?)?/y;
/** How a trace begins that is given as plain text. */
const PLAIN = /^Traceback \(most recent call last\):|^goroutine \d+ \[|^.+\n[ \t]+at \S|^#0 /m;

/** The stack trace in an answer: of its JSON, or else of its text. It is no longer than what was kept of the answer. */
export function stackTraceIn(answer: string): string | undefined {
  for (const { 0: whole, 1: name, 2: list, index } of answer.matchAll(MEMBER)) {
    const trace = stringsAt(answer, index + whole.length, list ? Infinity : 1).join('\n');
    // One line under these names may well be an id.
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
    return inner; // cut within an escape, or no JSON after all
  }
}

type Facts = Readonly<Record<string, unknown>>;

/** What a notification calls the job: the schedule, or a run of its own, as the one who made it knows its id. */
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
