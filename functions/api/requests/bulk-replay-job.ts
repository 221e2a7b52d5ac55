import { retryRead } from '../../primitives/retry-read.js';
import { beginBulkReplay, isStalled } from '../../protocol/runs/bulk-replay.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { BulkJob } from '../../subjects/dead-letters/dead-letter.js';
import { presentBulkJob } from '../../subjects/dead-letters/present-dead-letter.js';
import { takeClaim } from '../../subjects/projects/claims.js';
import type { Project } from '../../subjects/projects/project.js';
import { quotaOf } from '../../subjects/projects/quotas.js';
import { BusyQuotaError, StillRunningError } from '../http/problem.js';
import type { RouteAnswer, RouteRequest } from '../http/route.js';

/** Filter of dead letters. Without `until`, dead letters up to now. Times are Unix milliseconds. */
interface Wanted {
  readonly endpoint_id?: string | undefined;
  readonly reason?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** By then a request has written its job, or has died. */
const WRITTEN_WITHIN_MS = 60_000;
const RETRY_AFTER_SECONDS = 10;

type Ports = Pick<ApiPorts, 'bulkJobs' | 'claims' | 'clock' | 'settings' | 'wakeUps'>;

/**
 * Begins a bulk replay in the background, and answers the path of its progress; of the one with the same filter, if that
 * runs.
 * @param limit how many may run in the project at the same time
 * @throws BusyQuotaError while the project runs as many as it may
 */
export async function startBulkReplay(
  ports: Ports,
  { newId, now }: Pick<RouteRequest<unknown, unknown>, 'newId' | 'now'>,
  project: Project,
  { endpoint_id, reason, since, until }: Wanted,
  limit = quotaOf(project, 'bulk_jobs', ports.settings.quotas),
): Promise<RouteAnswer> {
  const job: BulkJob = {
    id: newId('bulk'),
    project_id: project.id,
    ...(endpoint_id !== undefined && { endpoint_id }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since }),
    until: Math.min(until ?? now, now),
    status: 'running',
    cursor: '',
    replayed: 0,
    created_at: now,
    expires_at: now + ports.settings.keepMs,
  };
  const runs = await claimFilter(ports, project, job.id, JSON.stringify([endpoint_id, reason, since, until]), limit);
  if (runs === job.id) await beginBulkReplay(ports, job);
  const shown = runs === job.id ? job : await jobAt(ports, project.id, runs);
  return { status: 202, location: `/v1/dead-letters/replays/${shown.id}`, body: presentBulkJob(shown) };
}

/**
 * The job that has the filter from now on. A claim is a pointer to its job: it holds while the job runs, as the job's own
 * row says, and so needs no write when the job ends.
 */
async function claimFilter(ports: Ports, project: Project, id: string, filter: string, limit: number): Promise<string> {
  const { over } = await runningJobs(ports, project.id);
  const wanted = { id, name: filter, until: ports.clock.now() + WRITTEN_WITHIN_MS };
  const claim = await takeClaim(ports.claims, project.id, 'bulk_jobs', wanted, limit, (one) => over.has(one.id));
  if (claim) return claim.id;
  const why = `The project runs ${limit} bulk replays, and may run no more at the same time.`;
  throw new BusyQuotaError('bulk_jobs', why, RETRY_AFTER_SECONDS);
}

/** The jobs of a project's claims: ids of those that run, and of those that do not any more. */
export async function runningJobs(
  { bulkJobs, claims, clock }: Pick<Ports, 'bulkJobs' | 'claims' | 'clock'>,
  project: string,
): Promise<{ readonly running: readonly string[]; readonly over: ReadonlySet<string> }> {
  const held = await claims.held(project, 'bulk_jobs');
  const jobs = await Promise.all(held.map(({ id }) => bulkJobs.find(project, id)));
  const over = held.filter(({ until }, n) => isOver(jobs[n], until, clock.now())).map(({ id }) => id);
  const running = held.map(({ id }) => id).filter((id) => !over.includes(id));
  return { running, over: new Set(over) };
}

function isOver(job: BulkJob | undefined, until: number, now: number): boolean {
  return job ? job.status === 'completed' || isStalled(job, now) : until <= now;
}

async function jobAt({ bulkJobs, clock }: Ports, project: string, id: string): Promise<BulkJob> {
  const found = await retryRead(
    clock,
    () => bulkJobs.find(project, id),
    (job) => job !== undefined,
  );
  if (found === undefined)
    throw new StillRunningError('A request with the same filter is beginning its bulk replay.', RETRY_AFTER_SECONDS);
  return found;
}
