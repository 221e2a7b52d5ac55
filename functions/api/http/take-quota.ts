import type { Payload } from '../../formats/format.js';
import { takeRuns } from '../../protocol/limits/quota-counts.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import { bytesOf, type QuotaName, quotaOf, type WindowQuota, windowAt } from '../../subjects/projects/quotas.js';
import { BusyQuotaError, RateQuotaError, rateLimitFields } from './problem.js';

/** Waiting runs are counted at most once a minute. */
const COUNTED_AGAIN_SECONDS = 60;

type Ports = Pick<ApiPorts, 'clock' | 'settings' | 'takeQuota'>;

/**
 * Takes one of a project's requests of the minute.
 * @returns the headers that say what is left
 * @throws RateQuotaError
 */
export async function takeRequest(ports: Ports, project: Project): Promise<Readonly<Record<string, string>>> {
  const quota = 'requests_per_minute';
  const limit = quotaOf(project, quota, ports.settings.quotas);
  const { isWithin, left } = await ports.takeQuota(quota, project.id, limit);
  const window = windowOf(quota, ports.clock.now());
  if (!isWithin) throw new RateQuotaError(quota, limit, window.resetSeconds, window.windowSeconds);
  return rateLimitFields({ quota, limit, left, ...window });
}

/**
 * Takes `count` of a project's runs of the day, and room for their payloads: all or none.
 * @throws RateQuotaError
 * @throws BusyQuotaError
 */
export async function takeRun(ports: Ports, project: Project, payload: Payload | undefined, count = 1): Promise<void> {
  const limitOf = (name: QuotaName) => quotaOf(project, name, ports.settings.quotas);
  const refused = await takeRuns(ports.takeQuota, project.id, limitOf, { count, bytes: count * bytesOf(payload) });
  if (refused === undefined) return;
  const limit = limitOf(refused);
  if (refused === 'waiting_runs')
    throw new BusyQuotaError(refused, `As many runs of the project wait as may: ${limit}.`, COUNTED_AGAIN_SECONDS);
  const { resetSeconds, windowSeconds } = windowOf(refused, ports.clock.now());
  if (refused === 'runs_per_day') throw new RateQuotaError(refused, limit, resetSeconds, windowSeconds);
  const why = `The payloads that the project stores may have ${limit} bytes. The oldest day's leave the count at midnight UTC.`;
  throw new BusyQuotaError(refused, why, resetSeconds);
}

function windowOf(quota: WindowQuota, now: number) {
  const { start, end } = windowAt(quota, now);
  return { resetSeconds: Math.max(1, Math.ceil((end - now) / 1000)), windowSeconds: (end - start) / 1000 };
}
