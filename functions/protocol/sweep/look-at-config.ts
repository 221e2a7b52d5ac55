import { hexOf } from '../../primitives/ids.js';
import type { BulkJob } from '../../subjects/bulk-jobs/bulk-job.js';
import { type Endpoint, keyOfEndpoint } from '../../subjects/endpoints/endpoint.js';
import type { ScheduleClock } from '../../subjects/schedules/schedule.js';
import { callUp } from '../limits/held-runs.js';
import { resumeBulkJob } from '../runs/bulk-jobs.js';
import { rearmSchedule } from '../schedules/schedule-chain.js';
import { eachSafely, type Looking } from './looking.js';
import { isMissed, MISSED_MS, type Span } from './sweep-ports.js';

/** Active schedules whose position the wake-up queue has passed without a fire: a missed one is armed again. */
export function lookAtClocks(looking: Looking, clocks: readonly ScheduleClock[], due: Span): Promise<void> {
  return rearm(
    looking,
    clocks.filter(({ next_at }) => next_at !== undefined && isMissed(next_at, due)),
  );
}

/** Arms again the schedules that are still past their moment. */
export function rearm(looking: Looking, schedules: readonly { readonly id: string }[]): Promise<void> {
  const { ports, project } = looking;
  return eachSafely(looking, schedules, onWakeUps, async ({ id }) => {
    if (await rearmSchedule(ports, { project: project.id, schedule: id }, MISSED_MS)) ports.metrics.count('rearmed');
  });
}

/** Calls up runs that wait for a slot (their worker may have died), and finds held runs that were not released. */
export async function lookAtEndpoints(looking: Looking, endpoints: readonly Endpoint[]): Promise<void> {
  const { ports, later } = looking;
  await eachSafely(looking, endpoints, onWakeUps, async (endpoint) => {
    const key = keyOfEndpoint(endpoint);
    if (endpoint.status === 'paused') return;
    if (endpoint.status === 'active' && endpoint.max_concurrency !== undefined)
      return callUp(ports, key, hexOf(endpoint.id));
    if (endpoint.rev === undefined) return; // no change has ever released runs here
    const [oldest] = await ports.heldRuns.oldest(key, looking.project.shards, 1);
    // Checked once the queue has passed this moment: a release token that was sent before it has then arrived.
    if (oldest) await later.look('wake-ups', ports.clock.now(), `release ${endpoint.id} ${oldest.token.run}`);
  });
}

/** Running bulk jobs whose next page's message is lost. */
export async function lookAtJobs(looking: Looking, isGone: (job: BulkJob) => boolean): Promise<void> {
  const { ports, project } = looking;
  const jobs = await ports.lists.runningJobs(project.id);
  await eachSafely(looking, jobs.filter(isGone), onWakeUps, async (job) => {
    await resumeBulkJob(ports, job);
    ports.metrics.count('rearmed');
  });
}

export function isMissedJob(due: Span): (job: BulkJob) => boolean {
  return ({ updated_at, created_at }) => isMissed(updated_at ?? created_at, due);
}

const onWakeUps = () => 'wake-ups' as const;
