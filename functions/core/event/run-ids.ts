import { createHash } from 'node:crypto';
import { hexOf, makeId, shardOf, siblingId, timeOf } from '../ids.js';

/**
 * The run that an event makes for an endpoint: the same id whoever makes it. It has the event's time and shard, and
 * begins its random part as all runs of this event do, so that they lie side by side in the table and need no index.
 */
export function runIdOf(event: string, endpoint: string): string {
  const hash = createHash('sha256').update(`${event} ${endpoint}`).digest();
  return makeId('run', timeOf(event), Buffer.concat([eventByte(event), hash.subarray(0, 7)]), shardOf(event));
}

/** Between these two lie the runs of the event, and hardly any other. */
export function runIdsOf(event: string): { readonly first: string; readonly last: string } {
  const bound = (fill: number) =>
    makeId('run', timeOf(event), Buffer.concat([eventByte(event), Buffer.alloc(7, fill)]), shardOf(event));
  return { first: bound(0), last: bound(0xff) };
}

/** A batch publishes events in the same millisecond. 56 bits remain for telling the endpoints of an event apart. */
function eventByte(event: string): Buffer {
  return createHash('sha256').update(hexOf(event)).digest().subarray(0, 1);
}

/** Before every run that was made at `at` (Unix milliseconds). */
export function firstRunId(at: number): string {
  return makeId('run', at, Buffer.alloc(8));
}

/** The earlier of the two ids, of whatever kinds, as one of a run. */
export function earlierRunId(before: string | undefined, last: string): string {
  const id = before === undefined ? last : siblingId('run', before);
  return id < last ? id : last;
}
