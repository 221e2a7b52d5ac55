import { isoTime, timeOrNull } from '../../primitives/moments.js';
import type { BulkJob } from './bulk-job.js';

/** How far a bulk job has come. */
export function presentBulkJob({ id, project_id, action, status, done, created_at }: BulkJob) {
  return { id, project_id, action: action ?? 'replay', status, done, created_at: isoTime(created_at) };
}

/** How far a bulk replay has come, with its filter. */
export function presentBulkReplay(job: BulkJob) {
  return {
    id: job.id,
    project_id: job.project_id,
    status: job.status,
    replayed: job.done,
    endpoint_id: job.endpoint_id ?? null,
    reason: job.reason ?? null,
    since: timeOrNull(job.since),
    until: isoTime(job.until),
    created_at: isoTime(job.created_at),
  };
}
