import { cancelRun, createRun } from '../../../functions/protocol/runs/run-operations.js';
import { isFinal, type RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, aRun, FAILED, Killed, MemoryWorld, START } from '../../support/memory-world.js';
import { patchEndpoint } from '../../support/patched-endpoint.js';
import { client } from '../../support/repeating-client.js';

const TEN_YEARS_MS = 10 * 365 * 86_400_000;

/** A story of several runs at one endpoint, told with a death at each of its moments. */
interface Story {
  readonly prepare: (world: MemoryWorld) => void;
  /** What people do once the runs are there. */
  readonly tell?: (world: MemoryWorld, runs: readonly RunDefinition[]) => Promise<void>;
  /** How each run ends. */
  readonly ends: readonly string[];
  readonly alsoThen?: (world: MemoryWorld) => void;
}

/** Other workers receive what is there, while a call is under way; one that dies gets its message again. */
async function receiveMeanwhile(world: MemoryWorld): Promise<void> {
  for (const message of world.messages.splice(0)) {
    await world.receive(message.token).catch((error) => {
      if (!(error instanceof Killed)) throw error;
      world.messages.push({ ...message, due: world.now + 60_000 });
    });
  }
}

const nothingHeld = (world: MemoryWorld) => {
  expect(world.held.size).toBe(0);
  for (const run of world.definitions.values()) expect(run.expires_at - world.now).toBeLessThan(TEN_YEARS_MS / 2);
};

const stories: Record<string, Story> = {
  'a pause, and what it holds': {
    prepare: (world) => {
      world.answer = (call) =>
        world.calls[call]!.attempt === 1 && world.calls[call]!.at < START + 1_000 ? FAILED : {};
    },
    async tell(world, [retried, cancelled]) {
      await world.runUntil(START + 500);
      await client(() => patchEndpoint(world, { status: 'paused' }));
      await world.settleDown();
      expect(world.held.size).toBe(3);
      await client(() => cancelRun(world.ports, cancelled!));
      await client(() => patchEndpoint(world, { status: 'active' }));
      await world.settleDown();
      // Died early, its first attempt was held as well, and not the second.
      const made = world.calls.filter(({ run }) => run === retried!.id).map(({ attempt }) => attempt);
      expect(world.states.get(retried!.id)!.attempt).toBe(Math.max(...made));
    },
    ends: ['success', 'cancelled', 'success'],
    alsoThen: nothingHeld,
  },
  'a rate limit': {
    prepare: (world) => {
      world.endpoint = anEndpoint({ rate_limit_per_second: 0.5 });
    },
    ends: ['success', 'success', 'success'],
  },
  'a line for the only slot': {
    prepare: (world) => {
      world.endpoint = anEndpoint({ max_concurrency: 1 });
      let underWay = 0;
      world.answer = async (call) => {
        expect(++underWay).toBe(1);
        if (call === 0) await receiveMeanwhile(world);
        underWay -= 1;
        return {};
      };
    },
    ends: ['success', 'success', 'success'],
    alsoThen: nothingHeld,
  },
  'an endpoint that is gone, with a line': {
    prepare: (world) => {
      world.endpoint = anEndpoint({ max_concurrency: 1 });
      world.answer = async (call) => {
        if (call === 0) await receiveMeanwhile(world);
        return { ...FAILED, http_status: 410 };
      };
    },
    ends: ['dead_letter', 'dead_letter', 'dead_letter'],
    alsoThen: (world) => {
      nothingHeld(world);
      expect(world.endpoint).toMatchObject({ status: 'disabled', disabled_reason: 'It answered 410 Gone.' });
      expect(world.endpoint.announcement_due).toBeUndefined();
      expect(new Set(world.announced.map(({ disabled_at }) => disabled_at))).toEqual(
        new Set([world.endpoint.disabled_at]),
      );
      expect(world.letters.size).toBe(3);
    },
  },
};

async function told(story: Story, dieAt?: number) {
  const world = new MemoryWorld();
  let moments = 0;
  world.at = (moment) => {
    if (moments++ === dieAt) throw new Killed(moment);
  };
  story.prepare(world);
  const runs = [aRun(), aRun({ due: START + 1_000 }), aRun({ due: START + 1_000 })];
  for (const run of runs) await client(() => createRun(world.ports, run));
  await story.tell?.(world, runs);
  await world.settleDown();
  return { world, runs, moments };
}

test.each(Object.entries(stories))('%s: survives a death at every call', async (_name, story) => {
  const calm = await told(story);
  expect(calm.moments).toBeGreaterThan(30);
  for (let dieAt = 0; dieAt < calm.moments; dieAt++) {
    const { world, runs } = await told(story, dieAt);
    const statuses = runs.map(({ id }) => world.states.get(id)?.status);
    expect({ dieAt, statuses }).toEqual({ dieAt, statuses: story.ends });
    expect(statuses.every((status) => isFinal(status!))).toBe(true);
    expect(world.calls.length).toBeLessThanOrEqual(calm.world.calls.length + 1);
    story.alsoThen?.(world);
  }
});
