import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import { quotaOf, type WindowQuota, windowAt } from '../../subjects/projects/quotas.js';
import { RateQuotaError, rateLimitFields } from './problem.js';

/**
 * Takes one of a project's requests of the minute or runs of the day.
 * @returns the headers that say what is left
 * @throws RateQuotaError
 */
export async function takeQuota(
  { takeQuota, clock, settings }: Pick<ApiPorts, 'clock' | 'settings' | 'takeQuota'>,
  project: Project,
  quota: WindowQuota,
): Promise<Readonly<Record<string, string>>> {
  const limit = quotaOf(project, quota, settings.quotas);
  const { isWithin, left } = await takeQuota(quota, project.id, limit);
  const now = clock.now();
  const { start, end } = windowAt(quota, now);
  const resetSeconds = Math.max(1, Math.ceil((end - now) / 1000));
  const windowSeconds = (end - start) / 1000;
  if (!isWithin) throw new RateQuotaError(quota, limit, resetSeconds, windowSeconds);
  return rateLimitFields({ quota, limit, left, resetSeconds, windowSeconds });
}
