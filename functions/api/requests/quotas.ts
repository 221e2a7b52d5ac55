import type { ApiPorts } from '../../runtime/api-ports.js';
import { endClaim, takeClaim } from '../../subjects/projects/claims.js';
import type { Project } from '../../subjects/projects/project.js';
import { quotaOf } from '../../subjects/projects/quotas.js';
import { BusyQuotaError, CountQuotaError } from '../http/problem.js';

type Ports = Pick<ApiPorts, 'claims' | 'clock' | 'settings' | 'usage'>;

/**
 * Whether the project may have one more. Requests at the same time may pass the quota by their number.
 * @param isThere whether the object exists already: a request that repeats its creation is not refused
 * @throws CountQuotaError
 */
export async function assertRoom(
  { usage, settings }: Pick<Ports, 'settings' | 'usage'>,
  project: Project,
  quota: 'endpoints' | 'schedules',
  isThere: () => Promise<boolean>,
): Promise<void> {
  const limit = quotaOf(project, quota, settings.quotas);
  if ((await usage.having(project.id, quota, limit)) < limit || (await isThere())) return;
  throw new CountQuotaError(quota, `The project has ${limit} ${quota}, and may have no more. Delete one first.`);
}

/**
 * A test keeps an execution environment while it waits for its receiver, so a project may wait for a few at a time.
 * @throws BusyQuotaError
 */
export async function whileTesting<Result>(
  { claims, clock, settings }: Pick<Ports, 'claims' | 'clock' | 'settings'>,
  project: Project,
  id: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const limit = quotaOf(project, 'endpoint_tests', settings.quotas);
  const now = clock.now();
  const wanted = { id, name: id, until: now + settings.requestLeaseMs };
  if (!(await takeClaim(claims, project.id, 'endpoint_tests', wanted, limit, ({ until }) => until <= now)))
    throw new BusyQuotaError('endpoint_tests', `The project waits for ${limit} tests of endpoints already.`, 5);
  try {
    return await work();
  } finally {
    await endClaim(claims, project.id, 'endpoint_tests', wanted).catch(() => {}); // it ends by itself
  }
}
