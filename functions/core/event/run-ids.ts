import { createHash } from 'node:crypto';
import { makeId, shardOf, siblingId, timeOf } from '../ids.js';

/** The run that an event makes for an endpoint: the same id whoever makes it, with the event's time and shard. */
export function runIdOf(event: string, endpoint: string): string {
  const hash = createHash('sha256').update(`${event} ${endpoint}`).digest();
  return makeId('run', timeOf(event), hash, shardOf(event));
}

/** The earlier of the two ids, of whatever kinds, as one of a run. */
export function earlierRunId(before: string | undefined, last: string): string {
  const id = before === undefined ? last : siblingId('run', before);
  return id < last ? id : last;
}
