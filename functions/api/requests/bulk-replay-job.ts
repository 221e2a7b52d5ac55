import { beginBulkReplay } from '../../protocol/runs/bulk-replay.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { BulkJob } from '../../subjects/dead-letters/dead-letter.js';
import { presentBulkJob } from '../../subjects/dead-letters/present-dead-letter.js';
import type { RouteAnswer, RouteRequest } from '../http/route.js';

/** Filter of dead letters. Without `until`, dead letters up to now. Times are Unix milliseconds. */
interface Wanted {
  readonly endpoint_id?: string | undefined;
  readonly reason?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Begins a bulk replay in the background, and answers the path of its progress. */
export async function startBulkReplay(
  ports: Pick<ApiPorts, 'bulkJobs' | 'clock' | 'settings' | 'wakeUps'>,
  { newId, now }: Pick<RouteRequest<unknown, unknown>, 'newId' | 'now'>,
  project_id: string,
  { endpoint_id, reason, since, until = now }: Wanted,
): Promise<RouteAnswer> {
  const job: BulkJob = {
    id: newId('bulk'),
    project_id,
    ...(endpoint_id !== undefined && { endpoint_id }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since }),
    until: Math.min(until, now),
    status: 'running',
    cursor: '',
    replayed: 0,
    created_at: now,
    expires_at: now + ports.settings.keepMs,
  };
  await beginBulkReplay(ports, job);
  return { status: 202, location: `/v1/dead-letters/replays/${job.id}`, body: presentBulkJob(job) };
}
