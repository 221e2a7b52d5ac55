import { cancelRun, createRun } from '../../../functions/protocol/runs/run-operations.js';
import { anEndpoint, aRun, FAILED, MemoryWorld } from '../../support/memory-world.js';

/** A world whose strongly consistent looks at runs are counted. */
async function worldWithRun() {
  const world = new MemoryWorld();
  const run = aRun();
  await createRun(world.ports, run);
  const [first] = world.messages;
  const looks = { strong: 0 };
  world.at = (moment) => {
    if (moment === 'before find') looks.strong++;
  };
  return { world, run, token: first!.token, looks };
}

test('an attempt that waits needs a glimpse alone, the first one and each retry', async () => {
  const { world, run, looks } = await worldWithRun();
  world.answer = (call) => (call < 2 ? FAILED : {});
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 3 });
  expect(looks.strong).toBe(0);
});

test.each([1, 2])('a copy that glimpses what stood %i writes ago makes no call', async (lag) => {
  const { world, run, token } = await worldWithRun();
  await world.settleDown();
  world.lag = () => lag;
  await world.receive(token);
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
});

test('a copy of a retry that glimpses it waiting makes no call', async () => {
  const { world, run } = await worldWithRun();
  world.answer = (call) => (call === 0 ? FAILED : {});
  await world.receive(world.messages.pop()!.token);
  const { token } = world.messages[0]!;
  await world.settleDown();
  world.lag = () => 2;
  await world.receive(token);
  expect(world.calls).toHaveLength(2);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 2 });
});

test('a cancel that no glimpse shows yet holds', async () => {
  const { world, run, token } = await worldWithRun();
  await cancelRun(world.ports, run);
  world.lag = () => 1;
  await world.receive(token);
  expect(world.calls).toEqual([]);
  expect(world.states.get(run.id)).toMatchObject({ status: 'cancelled' });
});

test.each([
  ['paused', { status: 'paused' }],
  ['busy', { max_concurrency: 1 }],
  ['limited', { rate_limit_per_second: 1 }],
] as const)('a cancelled run that a glimpse shows waiting is not held at a %s endpoint', async (_name, change) => {
  const { world, run, token } = await worldWithRun();
  await cancelRun(world.ports, run);
  world.endpoint = anEndpoint(change);
  world.lag = () => 1;
  await world.receive(token);
  expect({ calls: world.calls, held: world.held.size, nextMoment: world.rateClocks.next }).toEqual({
    calls: [],
    held: 0,
    nextMoment: 0,
  });
});

test('a definition that is not there yet, or seems to be held, is looked at again', async () => {
  const { world, run, token, looks } = await worldWithRun();
  world.definitions.set(run.id, { ...run, expires_at: world.now + 9 * 366 * 86_400_000 });
  await world.receive(token);
  expect(looks.strong).toBe(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
});
