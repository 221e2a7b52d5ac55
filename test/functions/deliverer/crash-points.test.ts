import {
  createRun,
  giveUpRetry,
  replayDeadLetter,
  runRetryNow,
} from '../../../functions/protocol/runs/run-operations.js';
import { isFinal, type RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, aRun, FAILED, Killed, MemoryWorld } from '../../support/memory-world.js';
import { type Client, client } from '../../support/repeating-client.js';

/** A story in memory, told again with a death before and after each call it makes; all of them, no sampling. */
interface Story {
  readonly answer?: MemoryWorld['answer'];
  readonly prepare?: (world: MemoryWorld) => void;
  /** What people do meanwhile; each step is repeated by its client when the process behind it dies. */
  readonly tell: (world: MemoryWorld, run: RunDefinition, client: Client) => Promise<void>;
  readonly ends: 'success' | 'dead_letter';
}

const stories: Record<string, Story> = {
  success: { tell: async () => {}, ends: 'success' },
  'a retry': { answer: (call) => (call === 0 ? FAILED : {}), tell: async () => {}, ends: 'success' },
  'a dead letter, replayed': {
    answer: (call) => (call < 3 ? FAILED : {}),
    tell: (world, run, client) => client(() => replayDeadLetter(world.ports, world.letters.get(run.id)!)),
    ends: 'success',
  },
  'an endpoint that is disabled': {
    prepare: (world) => {
      world.endpoint = anEndpoint({ status: 'disabled' });
    },
    tell: async () => {},
    ends: 'dead_letter',
  },
};

async function tell(
  story: Story,
  lag: number,
  dieAt?: number,
): Promise<{ moments: number; world: MemoryWorld; run: RunDefinition }> {
  const world = new MemoryWorld();
  world.lag = () => lag;
  let moments = 0;
  world.at = (moment) => {
    if (moments++ === dieAt) throw new Killed(moment);
  };
  // Two deaths of one attempt's worker must not use up more attempts than a policy that gives up at once allows.
  if (story.answer) world.answer = failFirst(world, story.answer);
  story.prepare?.(world);
  const run = aRun();
  await client(() => createRun(world.ports, run));
  await world.settleDown();
  await story.tell(world, run, client);
  await world.settleDown();
  return { moments, world, run };
}

/** Answers by attempt, not by call: a call that is repeated after a death gets the same answer. */
function failFirst(world: MemoryWorld, answer: MemoryWorld['answer']): MemoryWorld['answer'] {
  return (call) => answer(world.calls[call]!.attempt - 1);
}

describe.each(Object.entries(stories))('%s', (_name, story) => {
  test.each([0, 1, 2])('survives a death at every call, glimpses being %i writes behind', async (lag) => {
    const { moments, world: calm } = await tell(story, lag);
    expect(moments).toBeGreaterThan(8);
    for (let dieAt = 0; dieAt < moments; dieAt++) {
      const { world, run } = await tell(story, lag, dieAt);
      const state = world.states.get(run.id)!;
      expect({ dieAt, status: state.status }).toEqual({ dieAt, status: story.ends });
      expect(isFinal(state.status)).toBe(true);
      expect(state.attempt).toBe(calm.states.values().next().value!.attempt);
      expect(world.calls.length - calm.calls.length).toBeLessThanOrEqual(1);
      expect(new Set(world.calls.map((call) => call.run)).size).toBeLessThanOrEqual(1);
      expect(world.letters.size).toBe(calm.letters.size);
      expect(state.later_attempts.map((id) => world.attempts.get(id)!.attempt)).toEqual(
        Array.from({ length: Math.max(0, state.attempt - 1) }, (_, index) => index + 2),
      );
    }
  });
});

test.each([
  ['run now', runRetryNow, 'success'],
  ['given up', giveUpRetry, 'dead_letter'],
] as const)('a retry job that is %s survives a death of either side at every call', async (_name, operate, ends) => {
  for (let dieAt = 0, moments = Infinity; dieAt < moments; dieAt++) {
    const world = new MemoryWorld();
    world.answer = (call) => (world.calls[call]!.attempt === 1 ? FAILED : {});
    const run = aRun();
    await createRun(world.ports, run);
    await world.receive(world.messages.pop()!.token);
    let passed = 0;
    world.at = (moment) => {
      if (passed++ === dieAt) throw new Killed(moment);
    };
    await client(() => operate(world.ports, run, world.states.get(run.id)!));
    await world.settleDown();
    expect({ dieAt, status: world.states.get(run.id)!.status }).toEqual({ dieAt, status: ends });
    expect(world.letters.size).toBe(ends === 'dead_letter' ? 1 : 0);
    moments = passed;
  }
});
