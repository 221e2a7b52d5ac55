import { hexOf } from '../../../functions/primitives/ids.js';
import { callUp, release } from '../../../functions/protocol/limits/held-runs.js';
import type { ReleaseToken } from '../../../functions/protocol/rules/token.js';
import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import { keyOfEndpoint } from '../../../functions/subjects/endpoints/endpoint.js';
import type { EndpointPatch } from '../../../functions/subjects/endpoints/endpoint-schema.js';
import { randomFrom } from '../../../local/chaos/random.js';
import { anEndpoint, aRun, Killed, MemoryWorld } from '../../support/memory-world.js';
import { patchEndpoint } from '../../support/patched-endpoint.js';

const WORKERS = 5;
const turnOver = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Weather {
  /** Of a hundred port calls, so many kill their worker. */
  readonly deaths: number;
  /** Of a hundred messages, so many come twice. */
  readonly duplicates: number;
  /** What people do meanwhile, in this order. */
  readonly patches: readonly EndpointPatch[];
}

/** Workers that really run side by side, in an order that the seed draws. */
class Crowd {
  readonly world = new MemoryWorld();
  most = 0;
  private underWay = 0;
  private readonly working = new Set<Promise<void>>();

  constructor(
    private readonly draw: (below: number) => number,
    private readonly weather: Weather,
    max_concurrency: number,
  ) {
    this.world.endpoint = anEndpoint({ max_concurrency });
    this.world.answer = async () => {
      this.most = Math.max(this.most, ++this.underWay);
      await this.pause();
      this.underWay -= 1;
      return {};
    };
    for (const part of ['runs', 'heldRuns', 'limits', 'wakeUps', 'config', 'health'] as const) this.slowDown(part);
    this.world.at = () => {
      if (draw(100) < weather.deaths) throw new Killed();
    };
  }

  private async pause(): Promise<void> {
    for (let turns = this.draw(6); turns > 0; turns--) await turnOver();
  }

  /** Every call takes a while, before and after it takes effect. */
  private slowDown(part: 'runs' | 'heldRuns' | 'limits' | 'wakeUps' | 'config' | 'health'): void {
    const calls = this.world.worker[part] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const [name, call] of Object.entries(calls))
      calls[name] = async (...args) => {
        await this.pause();
        const result = await call(...args);
        await this.pause();
        return result;
      };
  }

  /** Until nothing is on its way any more. */
  async work(): Promise<void> {
    const patches = [...this.weather.patches];
    for (let rounds = 0; ; rounds++) {
      if (rounds > 50_000) throw new Error('the queue never runs empty');
      if (patches.length > 0 && this.draw(40) === 0) this.begin(() => this.patch(patches.shift()!));
      const { world } = this;
      const due = world.messages.find((message) => message.due <= world.now);
      const released = world.dispatched.shift() as ReleaseToken | undefined;
      if (released) this.begin(() => this.release(released));
      else if (due && this.working.size < WORKERS) this.begin(() => this.receive(due));
      else if (this.working.size === 0 && patches.length === 0) {
        if (world.messages.length === 0) return;
        world.now = Math.max(world.now, Math.min(...world.messages.map((message) => message.due)));
      }
      await turnOver();
    }
  }

  private begin(work: () => Promise<void>): void {
    const done: Promise<void> = work().finally(() => this.working.delete(done));
    this.working.add(done);
  }

  private async receive(message: MemoryWorld['messages'][number]): Promise<void> {
    const { world } = this;
    world.messages = world.messages.filter((other) => other !== message);
    if (this.draw(100) < this.weather.duplicates) world.messages.push({ ...message });
    await world
      .receive(message.token)
      .catch(this.again(() => world.messages.push({ ...message, due: world.now + 60_000 })));
  }

  private release(token: ReleaseToken): Promise<void> {
    const { world } = this;
    if (token.hop > 0) world.now += 1_000;
    return release(world.ports, token).catch(this.again(() => world.dispatched.push(token)));
  }

  private patch(patch: EndpointPatch): Promise<void> {
    return patchEndpoint(this.world, patch).catch(this.again(() => this.begin(() => this.patch(patch))));
  }

  private again(retry: () => void) {
    return (error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      retry();
    };
  }

  /** What the reconciler does a quarter of an hour later. */
  async reconcile(): Promise<void> {
    const { world } = this;
    world.at = () => {};
    world.now += 15 * 60_000;
    if (world.endpoint.max_concurrency !== undefined)
      await callUp(world.ports, keyOfEndpoint(world.endpoint), hexOf(world.endpoint.id));
    await this.work();
  }
}

const SEEDS = Array.from({ length: 80 }, (_, seed) => seed + 1);
const weathers: Record<string, Weather & { readonly needsReconciler: boolean }> = {
  calm: { deaths: 0, duplicates: 0, patches: [], needsReconciler: false },
  'with copies': { deaths: 0, duplicates: 30, patches: [], needsReconciler: false },
  'with deaths': { deaths: 1, duplicates: 10, patches: [], needsReconciler: true },
  'with pauses': {
    deaths: 0,
    duplicates: 10,
    patches: [{ status: 'paused' }, { status: 'active' }, { status: 'paused' }, { status: 'active' }],
    needsReconciler: false,
  },
  'with another limit': {
    deaths: 0,
    duplicates: 10,
    patches: [{ max_concurrency: 4 }, { max_concurrency: 1 }, { max_concurrency: null }],
    needsReconciler: false,
  },
};

test.each(Object.entries(weathers))(
  '%s: whatever the order, all runs go out, and never too many at a time',
  async (_name, weather) => {
    for (const seed of SEEDS) {
      const random = randomFrom(seed, 'order');
      const most = 1 + (Math.floor(seed / 8) % 3);
      const crowd = new Crowd((below) => random.between(0, below), weather, most);
      const runs = Array.from({ length: 2 + (seed % 8) }, () => aRun());
      const behind = randomFrom(seed, 'lag');
      crowd.world.lag = () => behind.between(0, 3);
      const { at } = crowd.world;
      crowd.world.at = () => {};
      for (const run of runs) await createRun(crowd.world.ports, run);
      crowd.world.at = at;
      await crowd.work();
      if (weather.needsReconciler) await crowd.reconcile();
      const statuses = new Set(runs.map(({ id }) => crowd.world.states.get(id)?.status));
      expect({ seed, statuses }).toEqual({ seed, statuses: new Set(['success']) });
      // A copy of a message may hold its run while the other copy ends it. The next call-up takes that row away.
      if (crowd.world.held.size > 0) await crowd.reconcile();
      expect({ seed, held: crowd.world.held.size }).toEqual({ seed, held: 0 });
      if (weather.deaths === 0) expect({ seed, calls: crowd.world.calls.length }).toEqual({ seed, calls: runs.length });
      if (!weather.patches.some((patch) => 'max_concurrency' in patch))
        expect({ seed, most: crowd.most <= most }).toEqual({ seed, most: true });
    }
  },
);
