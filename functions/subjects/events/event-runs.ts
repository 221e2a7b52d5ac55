import { createHash } from 'node:crypto';
import type { Payload } from '../../formats/format.js';
import { defined } from '../../primitives/defined.js';
import { makeId, shardOf, siblingId, timeOf } from '../../primitives/ids.js';
import type { RunDefinition } from '../task-runs/task-run.js';
import type { EventRun, StoredEvent } from './event.js';

/** The id of the run that an event makes for an endpoint: the same at every repeat, with the event's time and shard. */
export function runIdOf(event: string, endpoint: string): string {
  const hash = createHash('sha256').update(`${event} ${endpoint}`).digest();
  return makeId('run', timeOf(event), hash, shardOf(event));
}

/** The earlier of two ids of any prefix, as the id of a run. */
export function earlierRunId(before: string | undefined, last: string): string {
  const id = before === undefined ? last : siblingId('run', before);
  return id < last ? id : last;
}

/** The ids of the runs that the decided pages of an event make. */
export function runIdsOf({ event, pages }: Pick<StoredEvent, 'event' | 'pages'>): string[] {
  return pages.flatMap(({ runs }) => runs.map(({ endpoint_id }) => runIdOf(event.id, endpoint_id)));
}

/**
 * The task run that an event makes for one endpoint.
 * @param payload absent: the run refers to the event's payload, if there is one
 */
export function runOfEvent(
  { event, payloadApart }: Omit<StoredEvent, 'pages'>,
  run: EventRun,
  payload: Payload | undefined,
): RunDefinition {
  const { id, project_id, event_name, event_key, labels, body_format, trace, via, created_at } = event;
  const { endpoint_id, max_attempts, expires_at } = run;
  return {
    id: runIdOf(id, endpoint_id),
    project_id,
    source: { type: body_format === 'notification' ? 'notification' : 'event', id },
    endpoint_id,
    ...(payload ? { payload } : payloadApart && { payload_id: id }),
    ...defined({ labels, body_format, trace, via }),
    event: { name: event_name, ...(event_key !== undefined && { key: event_key }) },
    due: created_at,
    max_attempts,
    created_at,
    expires_at,
  };
}
