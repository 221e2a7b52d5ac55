import type { RunDefinition } from '../run/task-run.js';
import type { EventRun, StoredEvent } from './event.js';
import { runIdOf } from './run-ids.js';

/** What an event makes, as far as its pages are decided. */
export function runsOf({ pages, ...event }: StoredEvent): RunDefinition[] {
  return pages.flatMap(({ runs }) => runs.map((run) => runOfEvent(event, run)));
}

/** The task run that an event makes for one endpoint. It has no row of its own, and the payload lies with the event. */
export function runOfEvent({ event, payloadApart }: Omit<StoredEvent, 'pages'>, run: EventRun): RunDefinition {
  const { id, project_id, event_name, event_key, body_format, trace, created_at } = event;
  const { endpoint_id, max_attempts, expires_at } = run;
  return {
    id: runIdOf(id, endpoint_id),
    project_id,
    source: { type: body_format === 'notification' ? 'notification' : 'event', id },
    endpoint_id,
    with_state: true,
    ...((payloadApart || event.payload) && { payload_with_event: true }),
    ...(body_format && { body_format }),
    event: { name: event_name, ...(event_key !== undefined && { key: event_key }) },
    ...(trace && { trace }),
    due: created_at,
    max_attempts,
    created_at,
    expires_at,
  };
}
