import { makeId } from '../../functions/primitives/ids.js';
import { sendProbes, sweep } from '../../functions/protocol/sweep/round.js';
import type { Failed, Round, Span, SweepPorts } from '../../functions/protocol/sweep/sweep-ports.js';
import type { Project } from '../../functions/subjects/projects/project.js';
import type { ScheduleClock } from '../../functions/subjects/schedules/schedule.js';
import { START } from './memory-world.js';
import { SweepWorld } from './sweep-world.js';
import { VirtualTime } from './virtual-time.js';

/** Clocks of schedules that fit into a megabyte, which a Query reads at once. */
const CLOCKS_PER_PAGE = 4_000;
/** A look at a schedule, its wake-up, its renewed clock. */
const REARM_CALLS = 3;

export interface FleetSettings {
  readonly projects: number;
  readonly schedulesPerProject: number;
  /** Of so many schedules one has lost its wake-up. */
  readonly oneLostOf: number;
  /** What each call takes; a megabyte takes four times as long. */
  readonly latencyMs: number;
}

/** Many projects, whose lists are made up as they are asked for, on a clock that passes with every call. */
export class SweptFleet {
  readonly time = new VirtualTime(START);
  readonly projects: Project[];
  readonly looks = new Map<string, Span[]>();
  readonly rearmed = new Map<string, number>();
  readonly failures: Failed[] = [];
  calls = 0;
  most = 0;
  round: Round | undefined;
  /** Called before every look at what a project has made. */
  onLook: (project: string) => void = () => {};
  readonly ports: SweepPorts;
  private underWay = 0;
  private readonly world = new SweepWorld();

  constructor(readonly settings: FleetSettings) {
    this.projects = Array.from({ length: settings.projects }, (_, n) => ({
      ...this.world.project,
      id: makeId('proj', START - n * 1_000, Buffer.alloc(8)),
    }));
    const { world } = this;
    const { call } = this;
    const workedOff = { at: 0 };
    this.ports = {
      ...world.sweepPorts,
      clock: { now: () => this.time.now, sleep: this.time.sleep },
      onFailure: (what) => void this.failures.push(what),
      sweep: {
        round: () => call(() => this.round),
        putRound: (round) =>
          call(() => {
            if ((this.round?.version ?? 0) !== round.version - 1) return false;
            this.round = round;
            return true;
          }),
        putLater: () => call(() => {}),
        async *later() {
          await call(() => {});
        },
      },
      queueClocks: {
        probe: (_stretch, sentAt) =>
          call(() => {
            workedOff.at = sentAt;
          }),
        workedOff: () => call(() => workedOff.at),
      },
      lists: {
        projects: () => call(() => this.projects),
        byIds: () => call(() => []),
        madeIn: (project, span) => {
          this.onLook(project.id);
          this.looks.set(project.id, [...(this.looks.get(project.id) ?? []), span]);
          return call(() => ({ runs: [], events: [], until: span.until }));
        },
        waiting: () => call(() => ({ rows: [] })),
        lateClocks: (project, until, before) => this.lateClocks(project, until, before),
        endpoints: () => call(() => []),
        runningJobs: () => call(() => []),
      },
      schedules: {
        ...world.ports.schedules,
        find: async ({ schedule }) => {
          this.rearmed.set(schedule, (this.rearmed.get(schedule) ?? 0) + 1);
          await call(() => {});
          await this.time.sleep((REARM_CALLS - 1) * settings.latencyMs);
          return {};
        },
      },
    };
  }

  /** An invocation, of at most `ms`. */
  async invoke(ms: number): Promise<{ isOver: boolean; tookMs: number }> {
    const begun = this.time.now;
    const round = async () => sweep(this.ports, await sendProbes(this.ports), () => this.time.now - begun >= ms);
    const isOver = await this.time.pass(round());
    return { isOver, tookMs: this.time.now - begun };
  }

  /** Rounds that are over. */
  swept(): number {
    return this.world.metrics.counts.swept ?? 0;
  }

  lost(): number {
    const { projects, schedulesPerProject, oneLostOf } = this.settings;
    return Math.ceil(schedulesPerProject / oneLostOf) * projects;
  }

  /** A schedule's number is in its id. Each lost one has been so for twenty minutes. */
  private lateClocks(project: string, until: number, before: string | undefined) {
    const { schedulesPerProject, oneLostOf, latencyMs } = this.settings;
    const first = before === undefined ? 0 : Number(before);
    const end = Math.min(schedulesPerProject, first + CLOCKS_PER_PAGE);
    const rows: ScheduleClock[] = [];
    for (let n = first; n < end; n++)
      if (n % oneLostOf === 0 && START - 20 * 60_000 <= until)
        rows.push({
          id: `${project} ${n}`,
          project_id: project,
          gen: 1,
          shard: 0,
          status: 'active',
          next_at: START - 20 * 60_000,
          runs: 0,
        });
    const page = { rows, ...(end < schedulesPerProject && { end: String(end) }) };
    return this.call(() => page, end - first === CLOCKS_PER_PAGE ? 4 * latencyMs : latencyMs);
  }

  private readonly call = async <Result>(
    effect: () => Result,
    latencyMs = this.settings.latencyMs,
  ): Promise<Result> => {
    this.calls++;
    this.most = Math.max(this.most, ++this.underWay);
    await this.time.sleep(latencyMs);
    this.underWay--;
    return effect();
  };
}
