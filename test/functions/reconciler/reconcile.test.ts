import { createRun, replayDeadLetter } from '../../../functions/core/run/run-operations.js';
import { type ReconcilerPorts, reconcile } from '../../../functions/reconciler/reconcile.js';
import { anEndpoint, aRun, FAILED, MemoryWorld } from '../../support/memory-world.js';

function reconcilerOf(world: MemoryWorld, poison: readonly string[] = []): ReconcilerPorts {
  return {
    ...world.ports,
    projects: async (before) => (before === undefined ? [world.project] : []),
    endpoints: async () => [world.endpoint],
    waiting: async () => ({
      rows: [...world.states].flatMap(([id, state]) =>
        state.status === 'retry_scheduled' ? [{ id, definition: world.definitions.get(id)!, state }] : [],
      ),
    }),
    async *poison() {
      yield* poison;
    },
  };
}

async function waitingRun(world: MemoryWorld) {
  world.answer = (call) => (call === 0 ? FAILED : {});
  const run = aRun();
  await createRun(world.ports, run);
  await world.receive(world.messages.pop()!.token);
  expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled' });
  return run;
}

test('a retry whose token was lost goes out again', async () => {
  const world = new MemoryWorld();
  const run = await waitingRun(world);
  world.messages = [];
  world.now += 60 * 60_000;
  expect(await reconcile(reconcilerOf(world))).toEqual({ rearmed: 1, poison: 0 });
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 2 });
});

test('a retry that is due now or later is left alone', async () => {
  const world = new MemoryWorld();
  await waitingRun(world);
  world.now += 60_000;
  expect(await reconcile(reconcilerOf(world))).toEqual({ rearmed: 0, poison: 0 });
});

test('a token sent again although the first one lives calls once', async () => {
  const world = new MemoryWorld();
  await waitingRun(world);
  world.now += 60 * 60_000;
  await reconcile(reconcilerOf(world));
  await world.settleDown();
  expect(world.calls).toHaveLength(2);
});

test('the run of a message in a DLQ becomes a dead letter; what is no token is left for people', async () => {
  const world = new MemoryWorld();
  const run = aRun();
  await createRun(world.ports, run);
  const body = JSON.stringify(world.messages.pop()!.token);
  const poison = ['not JSON', '{"kind":"unknown"}', body];
  expect(await reconcile(reconcilerOf(world, poison))).toEqual({ rearmed: 0, poison: 3 });
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'worker_failure' });
  await reconcile(reconcilerOf(world, poison));
  expect(world.notices).toHaveLength(1);
});

test('a message in a DLQ does not end its run again, once that was replayed', async () => {
  const world = new MemoryWorld();
  const run = aRun();
  await createRun(world.ports, run);
  const poison = [JSON.stringify(world.messages.pop()!.token)];
  world.now += 60_000;
  await reconcile(reconcilerOf(world, poison));
  world.now += 60_000;
  await replayDeadLetter(world.ports, world.letters.get(run.id)!, 1_000_000_000);
  // Before its own message comes, and while that waits at the endpoint.
  await reconcile(reconcilerOf(world, poison));
  world.endpoint = anEndpoint({ status: 'paused' });
  await world.settleDown();
  expect(world.held.size).toBe(1);
  await reconcile(reconcilerOf(world, poison));
  expect(world.states.get(run.id)).toMatchObject({ status: 'pending', epoch: 1 });
  expect(world.letters.get(run.id)).toMatchObject({ status: 'replayed', epoch: 0 });
});

test('a retry that its paused endpoint holds is left where it is', async () => {
  const world = new MemoryWorld();
  const run = await waitingRun(world);
  world.endpoint = anEndpoint({ status: 'paused' });
  await world.settleDown();
  expect(world.held.size).toBe(1);
  world.now += 60 * 60_000;
  expect(await reconcile(reconcilerOf(world))).toEqual({ rearmed: 0, poison: 0 });
  expect(world.messages).toEqual([]);
  expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled' });
});

test('a retry whose turn is still to come is not forgotten', async () => {
  const world = new MemoryWorld();
  const run = await waitingRun(world);
  world.now += 60 * 60_000;
  const state = world.states.get(run.id)!;
  world.states.set(run.id, { ...state, turn: { n: 1, at: world.now + 1 } });
  expect((await reconcile(reconcilerOf(world))).rearmed).toBe(0);
});

test('who waits for a slot that nobody passes on is called up', async () => {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ max_concurrency: 1 });
  world.slots.set(0, { index: 0, run: 'run_another', holder: 'a worker that died', lease: world.now + 15_000 });
  const run = aRun();
  await createRun(world.ports, run);
  await world.settleDown();
  expect(world.held.size).toBe(1);
  world.now += 15 * 60_000;
  await reconcile(reconcilerOf(world));
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
  expect([world.held.size, world.slots.size]).toEqual([0, 0]);
});
