import { hexOf } from '../../functions/primitives/ids.js';
import type { BulkJob, BulkStore } from '../../functions/subjects/bulk-jobs/bulk-job.js';
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterLists,
} from '../../functions/subjects/dead-letters/dead-letter.js';
import { pendingState } from '../../functions/subjects/task-runs/task-run.js';
import type { ListedRun, RunLists } from '../../functions/subjects/task-runs/task-run-lists.js';
import type { MemoryWorld } from './memory-world.js';

/** Bulk jobs in memory, and the lists of a world's dead letters that they go through. */
export class MemoryBulk {
  /** By project and id. */
  readonly jobs = new Map<string, BulkJob>();

  constructor(private readonly world: MemoryWorld) {}

  readonly store: BulkStore = {
    find: (project, id) => this.world.step('findJob', () => this.live(project, id)),
    create: (job) =>
      this.world.step('createJob', () => {
        if (!this.live(job.project_id, job.id)) this.jobs.set(`${job.project_id} ${job.id}`, job);
      }),
    advance: (seen, next) =>
      this.world.step('advanceJob', () => {
        const place = `${next.project_id} ${next.id}`;
        const there = this.jobs.get(place);
        if (there?.cursor !== seen.cursor || there.status !== 'running') return false;
        this.jobs.set(place, next);
        return true;
      }),
  };

  readonly lists: DeadLetterLists = {
    list: async (projects, filter, before, limit) => {
      const rows = [...this.world.letters.values()]
        .filter(({ project_id }) => projects.some(({ id }) => id === project_id))
        .filter(({ id }) => before === undefined || hexOf(id) < hexOf(before))
        .filter((letter) => belongs(letter, filter))
        .sort((a, b) => (hexOf(a.id) < hexOf(b.id) ? 1 : -1))
        .slice(0, limit);
      return rows.length === limit ? { rows, end: rows.at(-1)!.id } : { rows };
    },
  };

  readonly runLists: Pick<RunLists, 'byIds' | 'runs'> = {
    byIds: async (_project, ids) => ids.flatMap((id) => this.listed(id) ?? []),
    runs: async (_projects, { until = Infinity, open_since = 0 }, before, limit) => {
      const rows = [...this.world.definitions.keys()]
        .filter((id) => before === undefined || id < before)
        .sort()
        .reverse()
        .flatMap((id) => this.listed(id) ?? [])
        .filter(({ definition }) => definition.created_at <= until)
        .filter(({ state }) => (state.finished_at ?? Infinity) >= open_since)
        .slice(0, limit);
      return rows.length === limit ? { rows, end: rows.at(-1)!.id } : { rows };
    },
  };

  private listed(id: string): ListedRun | undefined {
    const definition = this.world.definitions.get(id);
    return definition && { id, definition, state: this.world.states.get(id) ?? pendingState(definition) };
  }

  private live(project: string, id: string): BulkJob | undefined {
    const job = this.jobs.get(`${project} ${id}`);
    return job && job.expires_at > this.world.now ? job : undefined;
  }
}

function belongs(letter: DeadLetter, { endpoint_id, reason, status, since, until }: DeadLetterFilter): boolean {
  return (
    (endpoint_id ?? letter.run.endpoint_id) === letter.run.endpoint_id &&
    (reason ?? letter.reason) === letter.reason &&
    (status ?? letter.status) === letter.status &&
    letter.created_at >= (since ?? 0) &&
    letter.created_at <= (until ?? Infinity)
  );
}
