import { createHash } from 'node:crypto';
import { defined } from '../../primitives/defined.js';
import { retryRead } from '../../primitives/retry-read.js';
import { beginBulkJob, countMatches, isStalled } from '../../protocol/runs/bulk-jobs.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { BulkFilter, BulkJob } from '../../subjects/bulk-jobs/bulk-job.js';
import { presentBulkJob, presentBulkReplay } from '../../subjects/bulk-jobs/present-bulk-job.js';
import { takeClaim } from '../../subjects/projects/claims.js';
import type { Project } from '../../subjects/projects/project.js';
import { quotaOf } from '../../subjects/projects/quotas.js';
import { BusyQuotaError, StillRunningError } from '../http/problem.js';
import type { RouteAnswer, RouteRequest } from '../http/route.js';
import { assertId, findInProjects } from './find.js';

/** What a request asks for. Without `until`, what came up to now. */
export interface WantedBulk extends BulkFilter {
  readonly action?: BulkJob['action'];
  readonly note?: string | undefined;
  readonly dry_run?: boolean;
}

/** By then a request has written its job, or has died. */
const WRITTEN_WITHIN_MS = 60_000;
const RETRY_AFTER_SECONDS = 10;

type Counted = Pick<ApiPorts, 'deadLetterLists' | 'deadLetters' | 'runLists'>;
type Ports = Counted & Pick<ApiPorts, 'bulkJobs' | 'claims' | 'clock' | 'keepMs' | 'settings' | 'wakeUps'>;

/**
 * Begins a bulk job in the background, and answers the path of its progress; of the one that is about the same, if that
 * runs. A dry run answers how many it would be about.
 * @param limit how many may run in the project at the same time
 * @throws BusyQuotaError while the project runs as many as it may
 */
export async function startBulkJob(
  ports: Ports,
  { newId, now }: Pick<RouteRequest, 'newId' | 'now'>,
  project: Project,
  { dry_run = false, ...wanted }: WantedBulk,
  limit = quotaOf(project, 'bulk_jobs', ports.settings.quotas),
): Promise<RouteAnswer> {
  const given: WantedBulk = defined(wanted);
  const job: BulkJob = {
    ...given,
    id: newId('bulk'),
    project_id: project.id,
    until: Math.min(wanted.until ?? now, now),
    status: 'running',
    cursor: '',
    done: 0,
    created_at: now,
    expires_at: now + ports.keepMs,
  };
  if (dry_run) return { status: 200, body: { dry_run, ...(await countMatches(ports, project, job)) } };
  const runs = await claimFilter(ports, project, job.id, nameOf(given), limit);
  if (runs === job.id) await beginBulkJob(ports, job);
  const shown = runs === job.id ? job : await jobAt(ports, project.id, runs);
  if (shown.action === undefined)
    return { status: 202, location: `/v1/dead-letters/replays/${shown.id}`, body: presentBulkReplay(shown) };
  return { status: 202, location: `/v1/bulk-jobs/${shown.id}`, body: presentBulkJob(shown) };
}

/** Short, since the claims of a project are one row; the same for the same request. */
function nameOf(given: WantedBulk): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(given).sort()))
    .digest('base64url');
}

/** The job that the path names. @throws NotFoundError */
export async function findBulkJob(
  { params, projects }: Pick<RouteRequest, 'params' | 'projects'>,
  { bulkJobs, clock }: Pick<ApiPorts, 'bulkJobs' | 'clock'>,
  fits: (job: BulkJob) => boolean = () => true,
): Promise<BulkJob> {
  const id = params['id']!;
  assertId('bulk', id);
  return findInProjects(projects, async (project) => {
    const found = await bulkJobs.find(project.id, id);
    return found && found.expires_at > clock.now() && fits(found) ? found : undefined;
  });
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
  const why = `The project runs ${limit} bulk jobs, and may run no more at the same time.`;
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
    throw new StillRunningError('A request for the same is beginning its bulk job.', RETRY_AFTER_SECONDS);
  return found;
}
