import { isFannedOut, type StoredEvent } from '../../core/event/event.js';
import { isoTime } from '../../core/moments.js';
import { givenPayload } from '../../core/payload-schema.js';
import type { ListedRun } from '../../core/run/run-lists.js';
import type { RunStatus } from '../../core/run/task-run.js';
import type { ShownEvent } from './event-schema.js';
import { presentRun } from './present-run.js';

type Event = Pick<StoredEvent, 'event' | 'pages'>;

/** An event as lists and batches show it: without its payload, which could make the page too large. */
export function presentEvent({ event, pages }: Event): ShownEvent {
  return {
    id: event.id,
    project_id: event.project_id,
    event_name: event.event_name,
    event_key: event.event_key ?? null,
    /** `completed` once every endpoint that listens has its task run. */
    status: isFannedOut({ pages }) ? 'completed' : 'pending',
    created_at: isoTime(event.created_at),
  };
}

export function presentWholeEvent(event: Event) {
  return { ...presentEvent(event), payload: givenPayload(event.event.payload) };
}

export interface RunsOfEvent {
  readonly counts: Partial<Record<RunStatus, number>>;
  readonly newest: readonly ListedRun[];
  readonly next_cursor: string | null;
}

/** A single event with the task runs that it made: how many are in which state, and the newest of them. */
export function presentEventWithRuns(event: Event, { counts, newest, next_cursor }: RunsOfEvent) {
  return { ...presentWholeEvent(event), task_counts: counts, tasks: newest.map(presentRun), tasks_cursor: next_cursor };
}
