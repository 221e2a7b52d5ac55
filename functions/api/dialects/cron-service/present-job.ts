import { shownId } from '../../../core/call/shown-id.js';
import type { RetryPolicy } from '../../../core/endpoint/retry-policy.js';
import type { ScheduleClock } from '../../../core/schedule/schedule.js';
import { givenJob, type Job } from './job-schema.js';
import { wholeSeconds } from './whole-seconds.js';

/** A job as its creation answers it, and as lists show it. */
export function presentJob(job: Job, { status, next_at }: ScheduleClock) {
  return {
    jobId: shownId('cron-service', job.id),
    name: job.name,
    cronExpression: job.cron,
    state: status.toUpperCase(),
    nextRunAt: next_at === undefined ? null : wholeSeconds(next_at),
    overlapPolicy: job.overlap_policy.toUpperCase(),
    createdAt: wholeSeconds(job.created_at),
  };
}

/** A single job, with everything that can be changed. */
export function presentWholeJob(job: Job, clock: ScheduleClock, policy: RetryPolicy) {
  const { state: _state, ...given } = givenJob(job, clock.status, policy);
  const signingKeyId = job.signing_key_id ?? null;
  return { ...presentJob(job, clock), body: null, ...given, signingKeyId, updatedAt: wholeSeconds(job.updated_at) };
}
