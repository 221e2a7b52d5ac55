import { timeOf } from '../../functions/primitives/ids.js';
import { sendProbes, sweep } from '../../functions/protocol/sweep/round.js';
import type {
  Failed,
  LaterList,
  ListName,
  Round,
  Stretch,
  SweepPorts,
} from '../../functions/protocol/sweep/sweep-ports.js';
import type { BulkJob } from '../../functions/subjects/bulk-jobs/bulk-job.js';
import { isFannedOut, type StoredEvent } from '../../functions/subjects/events/event.js';
import { pendingState, type RunDefinition } from '../../functions/subjects/task-runs/task-run.js';
import type { ListedRun } from '../../functions/subjects/task-runs/task-run-lists.js';
import { countedMetrics } from './counted-metrics.js';
import { MemoryWorld } from './memory-world.js';

export const MINUTE = 60_000;

/** A world in memory that the reconciler looks through, with queues that flow or stand still. */
export class SweepWorld extends MemoryWorld {
  readonly lists = new Map<string, LaterList<ListName> & { readonly project: string }>();
  readonly workedOff = new Map<string, number>();
  readonly jobs = new Map<string, BulkJob>();
  readonly failures: (Failed & { readonly error: unknown })[] = [];
  readonly metrics = countedMetrics();
  /** Queues, or `<queue> <group>`, in which nothing comes through. */
  readonly stuck = new Set<string>();
  /** Probes that have not come through. */
  probes: { readonly stretch: Stretch; readonly sentAt: number }[] = [];
  round: Round | undefined;

  readonly sweepPorts: SweepPorts = {
    ...this.ports,
    metrics: this.metrics,
    onFailure: (what, error) => {
      this.failures.push({ ...what, error });
      this.metrics.count('sweep_failures');
    },
    queueClocks: {
      probe: (stretch, sentAt) =>
        this.step('probe', () => {
          this.probes.push({ stretch, sentAt });
          this.letProbesThrough();
        }),
      workedOff: (stretch) => this.step('workedOff', () => this.workedOff.get(nameOf(stretch)) ?? 0),
    },
    sweep: {
      round: () => this.step('round', () => this.round),
      putRound: (round) =>
        this.step('putRound', () => {
          if ((this.round?.version ?? 0) !== round.version - 1) return false;
          this.round = structuredClone(round);
          return true;
        }),
      putLater: (project, list) =>
        this.step(
          'putLater',
          () => void this.lists.set(`${project} ${list.queue} ${list.at} ${list.name}`, { ...list, project }),
        ),
      later: (project, queue, { from, until }) => this.listsIn(project, queue, from, until),
    },
    lists: {
      projects: () => this.step('projects', () => [this.project]),
      byIds: (_project, ids) =>
        this.step('byIds', () => ids.flatMap((id) => this.listed(this.runs().find((run) => run.id === id)) ?? [])),
      madeIn: (_project, { from, until }) =>
        this.step('madeIn', () => {
          const isIn = (id: string) => timeOf(id) > from && timeOf(id) <= until;
          const runs = this.runs().filter(({ id }) => isIn(id) && this.isOpen(id));
          const events = this.storedEvents().filter((stored) => isIn(stored.event.id) && !isFannedOut(stored));
          return { runs: runs.map(({ id }) => id), events, until };
        }),
      waiting: (_project, before) =>
        this.step('waiting', () => {
          const rows = this.runs().flatMap((run) => this.listed(run) ?? []);
          return { rows: before === undefined ? rows.filter(isIndexed) : [] };
        }),
      lateClocks: (_project, until) =>
        this.step('lateClocks', () => ({
          rows: [...this.clocks.values()].filter(
            ({ status, next_at }) => status === 'active' && next_at !== undefined && next_at <= until,
          ),
        })),
      endpoints: () => this.step('endpoints', () => [this.endpoint, ...this.events.listeners]),
      runningJobs: () =>
        this.step('runningJobs', () => [...this.jobs.values()].filter(({ status }) => status === 'running')),
    },
  };

  /** What the rule does every quarter of an hour. */
  async sweepOnce(isTimeUp: () => boolean = () => false): Promise<boolean> {
    return sweep(this.sweepPorts, await sendProbes(this.sweepPorts), isTimeUp);
  }

  /** Rounds until then, a quarter of an hour apart; work goes on before each if `works`. */
  async sweepUntil(until: number, before: () => Promise<void> = async () => {}): Promise<void> {
    for (let at = this.now + 15 * MINUTE; at <= until; at += 15 * MINUTE) {
      await before();
      this.now = Math.max(this.now, at);
      await this.sweepOnce();
    }
  }

  /** Probes come through where nothing is stuck any more. */
  letProbesThrough(): void {
    const isStuck = ({ stretch }: { stretch: Stretch }) =>
      this.stuck.has(stretch.queue) || this.stuck.has(nameOf(stretch));
    for (const { stretch, sentAt } of this.probes.filter((probe) => !isStuck(probe))) {
      const name = nameOf(stretch);
      this.workedOff.set(name, Math.max(this.workedOff.get(name) ?? 0, sentAt));
    }
    this.probes = this.probes.filter(isStuck);
  }

  /** All messages are gone. */
  lose(): void {
    this.messages = [];
    this.dispatched.length = 0;
    this.fires = [];
  }

  private async *listsIn<Name extends ListName>(project: string, queue: Name, from: number, until: number) {
    const found = await this.step('later', () =>
      [...(this.lists.values() as Iterable<LaterList<Name> & { readonly project: string }>)].filter(
        (list) => list.project === project && list.queue === queue && list.at > from && list.at <= until,
      ),
    );
    yield* found.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  }

  private storedEvents(): StoredEvent[] {
    return [...this.events.events.values()].map((event) => ({
      event,
      payloadApart: false,
      pages: this.events.pages.get(`${event.project_id} ${event.id}`) ?? [],
    }));
  }

  private isOpen(id: string): boolean {
    const { status } = this.states.get(id) ?? { status: 'pending' };
    return status === 'pending' || status === 'running';
  }

  private listed(definition: RunDefinition | undefined): ListedRun | undefined {
    if (definition === undefined) return undefined;
    const state = this.states.get(definition.id) ?? pendingState(definition);
    return { id: definition.id, definition, state };
  }
}

function isIndexed({ state: { status, attempt, epoch } }: ListedRun): boolean {
  const isOpen = status === 'pending' || status === 'running';
  return status === 'retry_scheduled' || (isOpen && (attempt > 1 || epoch > 0));
}

function nameOf({ queue, group }: Stretch): string {
  return group === undefined ? queue : `${queue} ${group}`;
}
