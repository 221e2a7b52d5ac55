import { waitingNow } from '../../protocol/limits/waiting-runs.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { presentUsage } from '../../subjects/projects/present-project.js';
import type { Project } from '../../subjects/projects/project.js';
import { QUOTAS, type QuotaName, type Quotas, quotaOf, windowAt } from '../../subjects/projects/quotas.js';
import { route } from '../http/route.js';
import { runningJobs } from '../requests/bulk-job.js';

export const routes = [
  route('GET /v1/usage', {
    needs: 'read',
    summary: 'Shows the quotas of the project, and what it has used of them.',
    description:
      'What is used in a window is counted in several places, and shown up to ten minutes, or a tenth of the quota, behind.',
    async handle({ project, now }, ports) {
      const owner = project();
      const used = await usedBy(ports, owner, now);
      const limits = QUOTAS.map((name) => [name, quotaOf(owner, name, ports.settings.quotas)]);
      return { status: 200, body: presentUsage(owner.id, Object.fromEntries(limits) as Quotas, used, now) };
    },
  }),
];

type Ports = Pick<ApiPorts, 'bulkJobs' | 'claims' | 'clock' | 'usage' | 'waitingRuns'>;

async function usedBy(ports: Ports, { id }: Project, now: number): Promise<Quotas> {
  const { usage, claims } = ports;
  const counting: Record<QuotaName, Promise<number>> = {
    requests_per_minute: usage.used(id, 'requests_per_minute', windowAt('requests_per_minute', now).start),
    runs_per_day: usage.used(id, 'runs_per_day', windowAt('runs_per_day', now).start),
    waiting_runs: waitingNow(ports.waitingRuns, usage, id, now),
    stored_bytes: storedBytes(usage, id, now),
    endpoints: usage.having(id, 'endpoints', Infinity),
    schedules: usage.having(id, 'schedules', Infinity),
    bulk_jobs: runningJobs(ports, id).then(({ running }) => running.length),
    endpoint_tests: claims
      .held(id, 'endpoint_tests')
      .then((held) => held.filter(({ until }) => until > ports.clock.now()).length),
  };
  const counts = await Promise.all(QUOTAS.map(async (name) => [name, await counting[name]]));
  return Object.fromEntries(counts) as Quotas;
}

async function storedBytes(usage: Ports['usage'], project: string, now: number): Promise<number> {
  const { start } = windowAt('stored_bytes', now);
  const [before, used] = await Promise.all([
    usage.before(project, 'stored_bytes', start),
    usage.used(project, 'stored_bytes', start),
  ]);
  return before + used;
}
