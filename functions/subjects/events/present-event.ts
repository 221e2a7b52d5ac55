import { givenPayload } from '../../fields/payload-schema.js';
import { isoTime } from '../../primitives/moments.js';
import { presentRun } from '../task-runs/present-task-run.js';
import type { RunStatus } from '../task-runs/task-run.js';
import type { ListedRun } from '../task-runs/task-run-lists.js';
import { isFannedOut, type StoredEvent } from './event.js';
import type { ShownEvent } from './event-answers.js';
import { runIdsOf } from './event-runs.js';

type Event = Pick<StoredEvent, 'event' | 'pages'>;

/** An event in lists and batches: without its payload, which could make the page too large. */
export function presentEvent({ event, pages }: Event): ShownEvent {
  return {
    id: event.id,
    project_id: event.project_id,
    event_name: event.event_name,
    event_key: event.event_key ?? null,
    /** `completed` once a run is decided for every listening endpoint. */
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

/** Runs are made right after their page is decided. If fewer exist later, the others have expired. */
const MADE_WITHIN_MS = 15 * 60_000;

/**
 * A single event with its task runs: their number by status, and the newest of them. It is `completed` once each
 * decided run exists.
 */
export function presentEventWithRuns(event: Event, { counts, newest, next_cursor }: RunsOfEvent, now: number) {
  const whole = presentWholeEvent(event);
  const made = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const isMaking = made < runIdsOf(event).length && now < event.event.created_at + MADE_WITHIN_MS;
  const status = isMaking ? 'pending' : whole.status;
  return { ...whole, status, task_counts: counts, tasks: newest.map(presentRun), tasks_cursor: next_cursor };
}
