import type { RunKey, RunPorts, ScheduleKey } from '../../../../functions/protocol/rules/ports.js';
import { takeOverlapLock } from '../../../../functions/protocol/schedules/overlap.js';
import type { ScheduleClock } from '../../../../functions/subjects/schedules/schedule.js';
import type { RunDefinition, RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { everyInterleaving, type Turn } from '../../../support/every-interleaving.js';

const LEASE = 1_000;
const SCHEDULE = 'sch_1';

/** The tables of one schedule and its runs; every access is one turn, in which no other actor acts. */
class Tables {
  clock: ScheduleClock;
  readonly states = new Map<string, RunState>();
  readonly calling = new Set<string>();
  now = 0;

  constructor(lock?: { run: string; claim: string }) {
    this.clock = {
      ...({ id: 'clk_1', project_id: 'proj_1', gen: 1, shard: 0, status: 'active', runs: 0 } as const),
      ...(lock && { lock_run: lock.run, lock_claim: lock.claim }),
    };
  }

  /** A run that a worker of its own executes now, or used to until it died. */
  held(run: string, claim: string, state: Partial<RunState>): this {
    this.states.set(run, { status: 'running', attempt: 1, nonce: claim, lease: LEASE, ...state } as RunState);
    return this;
  }

  ports(turn: Turn): RunPorts {
    return {
      clock: { now: () => this.now },
      schedules: {
        find: (_key: ScheduleKey) => turn(() => ({ clock: this.clock })),
        takeLock: (seen: ScheduleClock, run: string, claim: string) =>
          turn(() => {
            if (this.clock.lock_run !== seen.lock_run || this.clock.lock_claim !== seen.lock_claim) return false;
            this.clock = { ...this.clock, lock_run: run, lock_claim: claim };
            return true;
          }),
      },
      runs: { find: ({ run }: RunKey) => turn(() => ({ state: this.states.get(run) })) },
    } as unknown as RunPorts;
  }

  /** What the deliverer does with a run that must not overlap, from its claim to its verdict. */
  async worker(turn: Turn, run: string, claim: string, attempt: number): Promise<void> {
    const seen = await turn(() => this.clock);
    await turn(() => this.held(run, claim, { attempt, lease: this.now + LEASE }));
    const definition = { id: run, project_id: 'proj_1', overlap: 'skip', source: { type: 'schedule', id: SCHEDULE } };
    const state = { attempt, nonce: claim };
    const { lock } = await takeOverlapLock(this.ports(turn), definition as RunDefinition, state, seen);
    if (lock !== 'taken') return turn(() => void this.held(run, claim, { status: 'retry_scheduled' }));
    await turn(() => void this.calling.add(run));
    await turn(() => {
      this.calling.delete(run);
      this.held(run, claim, { status: 'success' });
    });
  }
}

async function neverTwoAtOnce(make: () => Tables, ...runs: [run: string, claim: string, attempt: number][]) {
  let most = 0;
  const count = await everyInterleaving((turn) => {
    const tables = make();
    const watched: Turn = (act) =>
      turn(() => {
        const result = act();
        most = Math.max(most, tables.calling.size);
        return result;
      });
    return runs.map(([run, claim, attempt]) => tables.worker(watched, run, claim, attempt));
  });
  expect(most).toBe(1);
  return count;
}

test('two runs that come together', async () => {
  const tried = await neverTwoAtOnce(() => new Tables(), ['run_1', 'a', 1], ['run_2', 'b', 1]);
  expect(tried).toBeGreaterThan(100);
});

test('the retry of the run that held the lock last, and the next run', async () => {
  const make = () => new Tables({ run: 'run_1', claim: 'a' }).held('run_1', 'a', { status: 'retry_scheduled' });
  await neverTwoAtOnce(make, ['run_1', 'b', 2], ['run_2', 'c', 1]);
});

test('a worker that takes over from one that died under the lock, and the next run', async () => {
  const make = () => new Tables({ run: 'run_1', claim: 'a' }).held('run_1', 'a', { lease: -1 });
  await neverTwoAtOnce(make, ['run_1', 'b', 1], ['run_2', 'c', 1]);
});
