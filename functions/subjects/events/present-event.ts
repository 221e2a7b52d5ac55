import { givenPayload } from '../../fields/payload-schema.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import { presentRun } from '../task-runs/present-task-run.js';
import type { RunStatus } from '../task-runs/task-run.js';
import type { ListedRun } from '../task-runs/task-run-lists.js';
import { isFannedOut, type StoredEvent } from './event.js';
import type { ShownEvent } from './event-answers.js';

type Event = Pick<StoredEvent, 'event' | 'pages'>;

/** An event in lists and batches: without its payload, which could make the page too large. */
export function presentEvent({ event, pages }: Event): ShownEvent {
  return {
    id: event.id,
    project_id: event.project_id,
    event_name: event.event_name,
    event_key: event.event_key ?? null,
    labels: event.labels ?? {},
    status: isFannedOut({ pages }) ? 'completed' : 'pending',
    created_at: isoTime(event.created_at),
  };
}

export function presentWholeEvent(event: Event) {
  const { payload, redacted_at } = event.event;
  return { ...presentEvent(event), payload: givenPayload(payload), redacted_at: timeOrNull(redacted_at) };
}

export interface RunsOfEvent {
  readonly counts: Partial<Record<RunStatus, number>>;
  readonly newest: readonly ListedRun[];
  readonly next_cursor: string | null;
}

/** A single event with its task runs: their number by status, and the newest of them. */
export function presentEventWithRuns(event: Event, { counts, newest, next_cursor }: RunsOfEvent) {
  return {
    ...presentWholeEvent(event),
    task_counts: counts,
    tasks: newest.map(presentRun),
    tasks_cursor: next_cursor,
  };
}
