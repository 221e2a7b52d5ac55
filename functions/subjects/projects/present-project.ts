import { isoTime } from '../../primitives/moments.js';
import type { Project } from './project.js';
import type { ShownProject, ShownUsage } from './project-answers.js';
import { QUOTAS, type QuotaName, type Quotas, WINDOWS, type WindowQuota, windowAt } from './quotas.js';

export function presentProject(project: Project): ShownProject {
  const { id, name, environment, shards, created_at, updated_at } = project;
  const quotas = byQuota((quota) => project.quotas?.[quota] ?? null);
  return { id, name, environment, shards, quotas, created_at: isoTime(created_at), updated_at: isoTime(updated_at) };
}

export function presentUsage(project_id: string, limits: Quotas, used: Quotas, now: number): ShownUsage {
  const resetsAt = (quota: QuotaName) => (quota in WINDOWS ? isoTime(windowAt(quota as WindowQuota, now).end) : null);
  const quotas = byQuota((quota) => ({ limit: limits[quota], used: used[quota], resets_at: resetsAt(quota) }));
  return { project_id, quotas };
}

function byQuota<Value>(make: (quota: QuotaName) => Value): Record<QuotaName, Value> {
  return Object.fromEntries(QUOTAS.map((quota) => [quota, make(quota)])) as Record<QuotaName, Value>;
}
