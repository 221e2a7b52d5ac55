import type { BulkJob } from '../../core/dead-letter/bulk-job.js';
import { isoTime, timeOrNull } from '../../core/moments.js';

/** How far a bulk replay has come. */
export function presentBulkJob(job: BulkJob) {
  return {
    id: job.id,
    project_id: job.project_id,
    status: job.status,
    replayed: job.replayed,
    endpoint_id: job.endpoint_id ?? null,
    reason: job.reason ?? null,
    since: timeOrNull(job.since),
    until: isoTime(job.until),
    created_at: isoTime(job.created_at),
  };
}
