import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import { quotaOf, type WindowQuota, windowAt } from '../../subjects/projects/quotas.js';
import { RateQuotaError } from './problem.js';

/** Takes one of a project's requests of the minute or runs of the day. @throws RateQuotaError */
export async function takeQuota(
  { takeQuota, clock, settings }: Pick<ApiPorts, 'clock' | 'settings' | 'takeQuota'>,
  project: Project,
  quota: WindowQuota,
): Promise<void> {
  const limit = quotaOf(project, quota, settings.quotas);
  if (await takeQuota(quota, project.id, limit)) return;
  const now = clock.now();
  const { start, end } = windowAt(quota, now);
  const seconds = Math.max(1, Math.ceil((end - now) / 1000));
  throw new RateQuotaError(quota, limit, seconds, (end - start) / 1000);
}
