import type { BulkJob, BulkStore } from '../../functions/core/dead-letter/bulk-job.js';

type Step = <Result>(name: string, effect: () => Result) => Promise<Result>;

/** Bulk jobs in memory. */
export class MemoryBulk {
  /** By project and id. */
  readonly jobs = new Map<string, BulkJob>();

  constructor(
    private readonly step: Step,
    private readonly time: { readonly now: number },
  ) {}

  readonly store: BulkStore = {
    find: (project, id) => this.step('findJob', () => this.live(project, id)),
    create: (job) =>
      this.step('createJob', () => {
        if (!this.live(job.project_id, job.id)) this.jobs.set(`${job.project_id} ${job.id}`, job);
      }),
    advance: (seen, next) =>
      this.step('advanceJob', () => {
        const place = `${next.project_id} ${next.id}`;
        const there = this.jobs.get(place);
        if (there?.cursor !== seen.cursor || there.status !== 'running') return false;
        this.jobs.set(place, next);
        return true;
      }),
  };

  private live(project: string, id: string): BulkJob | undefined {
    const job = this.jobs.get(`${project} ${id}`);
    return job && job.expires_at > this.time.now ? job : undefined;
  }
}
