import { hexOf, timeOf } from '../../functions/primitives/ids.js';
import type { Page } from '../../functions/primitives/newest-first.js';
import type { Project } from '../../functions/subjects/projects/project.js';
import type { RollUpPorts } from '../../functions/subjects/stats/roll-up.js';
import type { CarriedRuns, HourRecord } from '../../functions/subjects/stats/stats-ports.js';
import { pendingState } from '../../functions/subjects/task-runs/task-run.js';
import type { ListedRun } from '../../functions/subjects/task-runs/task-run-lists.js';
import { type MemoryWorld, PROJECT_ID } from './memory-world.js';

/** Counts the hours of a world in memory, whose `at` is called before and after every port call. */
export class MemoryStats {
  private readonly projects = new Map<string, Map<number, HourRecord>>();
  private readonly lists = new Map<string, CarriedRuns & { readonly project: string; readonly into: number }>();
  /** Rows per page, however many were asked for. */
  pageSize = 3;

  constructor(private readonly world: MemoryWorld) {}

  readonly ports: RollUpPorts = {
    clock: { now: () => this.world.now, sleep: async () => {} },
    stats: {
      newest: (project) =>
        this.world.step('newest', () => [...this.hoursOf(project).values()].sort((a, b) => b.hour - a.hour)[0]),
      put: (project, record) =>
        this.world.step('put', () => {
          const hours = this.hoursOf(project);
          if ((hours.get(record.hour)?.version ?? 0) !== record.version - 1) return false;
          hours.set(record.hour, structuredClone(record));
          return true;
        }),
      between: async (project, from, until) =>
        [...this.hoursOf(project).values()]
          .filter(({ hour }) => hour >= from && hour < until)
          .sort((a, b) => a.hour - b.hour),
      carry: (project, into, runs) =>
        this.world.step(
          'carry',
          () => void this.lists.set(`${project} ${into} ${runs.name}`, { ...runs, project, into }),
        ),
      carried: (project, into, after = '') =>
        this.world.step('carried', () => {
          const [next] = [...this.lists.values()]
            .filter((list) => list.project === project && list.into === into && list.name > after)
            .sort((a, b) => (a.name < b.name ? -1 : 1));
          return next && { name: next.name, since: next.since, ids: next.ids };
        }),
    },
    runLists: {
      runs: (projects, { since = 0 }, before, limit) =>
        this.page(
          'runs',
          this.listed(projects.map(({ id }) => id)).filter(({ id }) => timeOf(id) >= since),
          before,
          limit,
        ),
      laterAttempts: (projects, before, limit) =>
        this.page(
          'attempts',
          this.world.liveAttempts().filter(({ project_id }) => isIn(projects, project_id)),
          before,
          limit,
        ),
      byIds: (project, ids) =>
        this.world.step('byIds', () => this.listed([project]).filter(({ id }) => ids.includes(id))),
    },
  };

  /** Of the world's own project. */
  get hours(): Map<number, HourRecord> {
    return this.hoursOf(PROJECT_ID);
  }

  private hoursOf(project: string): Map<number, HourRecord> {
    const hours = this.projects.get(project) ?? new Map<number, HourRecord>();
    this.projects.set(project, hours);
    return hours;
  }

  private listed(projects: readonly string[]): ListedRun[] {
    return this.world
      .liveRuns()
      .filter(({ definition }) => projects.includes(definition.project_id))
      .map(({ definition, state }) => ({ id: definition.id, definition, state: state ?? pendingState(definition) }));
  }

  private page<Row extends { id: string }>(
    name: string,
    all: Row[],
    before: string | undefined,
    limit: number,
  ): Promise<Page<Row>> {
    return this.world.step(name, () => {
      const rows = all.filter(({ id }) => before === undefined || hexOf(id) < hexOf(before));
      rows.sort((a, b) => (hexOf(a.id) < hexOf(b.id) ? 1 : -1));
      const page = rows.slice(0, Math.min(limit, this.pageSize));
      return { rows: page, ...(rows.length > page.length && { end: page.at(-1)!.id }) };
    });
  }
}

function isIn(projects: readonly Project[], id: string): boolean {
  return projects.some((project) => project.id === id);
}
