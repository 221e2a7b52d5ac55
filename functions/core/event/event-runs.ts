import type { Payload, RunDefinition } from '../run/task-run.js';
import type { EventRun, FanOutPage, PublishedEvent, StoredEvent } from './event.js';
import { runIdOf } from './run-ids.js';

/** The ids of the runs that an event makes, as far as its pages are decided. */
export function runIdsOf({ event, pages }: Pick<StoredEvent, 'event' | 'pages'>): string[] {
  return pages.flatMap((page) => runIdsOfPage(event, page));
}

export function runIdsOfPage({ id }: PublishedEvent, { runs }: FanOutPage): string[] {
  return runs.map(({ endpoint_id }) => runIdOf(id, endpoint_id));
}

/**
 * The task run that an event makes for one endpoint.
 * @param payload absent: the event holds it, if there is one
 */
export function runOfEvent(
  { event, payloadApart }: Omit<StoredEvent, 'pages'>,
  run: EventRun,
  payload: Payload | undefined,
): RunDefinition {
  const { id, project_id, event_name, event_key, body_format, trace, created_at } = event;
  const { endpoint_id, max_attempts, expires_at } = run;
  return {
    id: runIdOf(id, endpoint_id),
    project_id,
    source: { type: body_format === 'notification' ? 'notification' : 'event', id },
    endpoint_id,
    ...(payload ? { payload } : payloadApart && { payload_id: id }),
    ...(body_format && { body_format }),
    event: { name: event_name, ...(event_key !== undefined && { key: event_key }) },
    ...(trace && { trace }),
    due: created_at,
    max_attempts,
    created_at,
    expires_at,
  };
}
