import { isoTime, timeOrNull } from '../../primitives/moments.js';
import type { Project } from './project.js';
import type { ShownProject, ShownUsage } from './project-answers.js';
import { isSummed, QUOTAS, type QuotaName, type Quotas, WINDOWS, type WindowQuota, windowAt } from './quotas.js';

export function presentProject(project: Project): ShownProject {
  const { id, name, environment, shards, created_at, updated_at, deleted_at, removal } = project;
  const quotas = byQuota((quota) => project.quotas?.[quota] ?? null);
  const deletion =
    deleted_at === undefined
      ? null
      : {
          requested_at: isoTime(deleted_at),
          rows_removed: removal?.rows ?? 0,
          finished_at: timeOrNull(removal?.finished_at),
        };
  const times = { created_at: isoTime(created_at), updated_at: isoTime(updated_at) };
  const payload_days = project.payload_days ?? null;
  const allowed_targets = project.allowed_targets ? [...project.allowed_targets] : null;
  return { id, name, environment, shards, quotas, payload_days, allowed_targets, ...times, deletion };
}

export function presentUsage(project_id: string, limits: Quotas, used: Quotas, now: number): ShownUsage {
  const resetsAt = (quota: QuotaName) =>
    quota in WINDOWS && !isSummed(quota) ? isoTime(windowAt(quota as WindowQuota, now).end) : null;
  const quotas = byQuota((quota) => ({ limit: limits[quota], used: used[quota], resets_at: resetsAt(quota) }));
  return { project_id, quotas };
}

function byQuota<Value>(make: (quota: QuotaName) => Value): Record<QuotaName, Value> {
  return Object.fromEntries(QUOTAS.map((quota) => [quota, make(quota)])) as Record<QuotaName, Value>;
}
