import { deleteEndpoint } from '../../../functions/protocol/limits/change-endpoint.js';
import {
  cancelRun,
  createRun,
  giveUpRetry,
  replayDeadLetter,
  runRetryNow,
} from '../../../functions/protocol/runs/run-operations.js';
import { anEndpoint, aRun, FAILED, MemoryWorld, START } from '../../support/memory-world.js';
import { patchEndpoint } from '../../support/patched-endpoint.js';

const KEEP_MS = 30 * 86_400_000;
const YEAR_MS = 365 * 86_400_000;

function pausedWorld(): MemoryWorld {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ status: 'paused' });
  return world;
}

/** A run whose second attempt is due, and lies at the endpoint, which was paused meanwhile. */
async function heldRetry(world = new MemoryWorld()) {
  world.answer = (call) => (call === 0 ? FAILED : {});
  const run = aRun();
  await createRun(world.ports, run);
  await world.receive(world.messages.pop()!.token);
  await patchEndpoint(world, { status: 'paused' });
  await world.settleDown();
  return { world, run };
}

test('what is due at a paused endpoint waits, however long, and goes out when it is resumed', async () => {
  const world = pausedWorld();
  const runs = [aRun(), aRun(), aRun()];
  for (const run of runs) await createRun(world.ports, run);
  await world.settleDown();
  expect([world.calls.length, world.messages.length, world.held.size]).toEqual([0, 0, 3]);
  expect(world.states.size).toBe(0); // pending, as it was

  world.now = START + 3 * YEAR_MS;
  for (const run of runs) expect(world.definitions.get(run.id)!.expires_at).toBeGreaterThan(world.now);
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect(world.held.size).toBe(0);
  for (const run of runs) {
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
    // It did not age meanwhile, and now it does again.
    expect(world.definitions.get(run.id)!.expires_at).toBe(START + 3 * YEAR_MS + KEEP_MS);
  }
});

test('a retry keeps its count of attempts', async () => {
  const { world, run } = await heldRetry();
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled', attempt: 1 });
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 2 });
});

test('more than a page goes out', async () => {
  const world = pausedWorld();
  for (let n = 0; n < 120; n++) await createRun(world.ports, aRun());
  await world.settleDown();
  expect(world.held.size).toBe(120);
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect([world.held.size, world.calls.length]).toEqual([0, 120]);
});

test('what was cancelled or given up while it was held is not called', async () => {
  const { world, run } = await heldRetry();
  const cancelled = aRun();
  await createRun(world.ports, cancelled);
  await world.settleDown();
  await cancelRun(world.ports, cancelled);
  await giveUpRetry(world.ports, run, world.states.get(run.id)!);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'given_up' });
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(cancelled.id)).toMatchObject({ status: 'cancelled' });
  expect(world.held.size).toBe(0);
});

test('a retry that is to run now still waits for the endpoint, and then goes out once', async () => {
  const { world, run } = await heldRetry();
  await runRetryNow(world.ports, run, world.states.get(run.id)!);
  await world.settleDown();
  expect([world.calls.length, world.held.size]).toEqual([1, 1]);
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect(world.calls).toHaveLength(2);
});

test('a replay while the endpoint is paused waits as a pending run', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call === 0 ? FAILED : {});
  const run = aRun({ max_attempts: 1 });
  await createRun(world.ports, run);
  await world.settleDown();
  await patchEndpoint(world, { status: 'paused' });
  const letter = world.letters.get(run.id)!;
  // The token is faster than the state, and the process dies in between.
  await world.ports.deadLetters.markReplayed(letter, world.now);
  world.messages.push({ lane: 'fast', due: world.now, token: { ...tokenOf(run.id, 2), due: world.now } });
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'pending', attempt: 1, epoch: 1 });
  await expect(replayDeadLetter(world.ports, world.letters.get(run.id)!)).rejects.toThrow('replayed');
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 2 });
});

const tokenOf = (run: string, attempt: number) => ({
  kind: 'deliver' as const,
  project: anEndpoint().project_id,
  run,
  group: 'g',
  attempt,
  due: START,
  sent_at: START,
  hop: 0,
});

test('a lost worker’s attempt is given back, and waits as well', async () => {
  const world = new MemoryWorld();
  const run = aRun();
  await createRun(world.ports, run);
  const [message] = world.messages;
  world.at = (moment) => {
    if (moment === 'before call') throw new Error('the worker is lost');
  };
  await expect(world.receive(world.messages.pop()!.token)).rejects.toThrow('lost');
  world.at = () => {};
  expect(world.states.get(run.id)).toMatchObject({ status: 'running', attempt: 1 });
  await patchEndpoint(world, { status: 'paused' });
  world.messages.push({ ...message!, due: world.now + 60_000 });
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'pending', attempt: 0 });
  await cancelRun(world.ports, run);
  expect(world.states.get(run.id)).toMatchObject({ status: 'cancelled' });
});

test('an endpoint that is disabled while it is paused makes dead letters of what it holds', async () => {
  const world = pausedWorld();
  const run = aRun();
  await createRun(world.ports, run);
  await world.settleDown();
  await patchEndpoint(world, { status: 'disabled' });
  await world.settleDown();
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'endpoint_disabled', attempt: 0 });
  expect(world.held.size).toBe(0);
});

test('a release whose resumption never came gives up after five minutes, and leaves all where it is', async () => {
  const world = pausedWorld();
  await createRun(world.ports, aRun());
  world.dispatched.push({
    kind: 'release',
    project: world.endpoint.project_id,
    endpoint: world.endpoint.id,
    rev: 1,
    sent_at: world.now,
    hop: 0,
  });
  await world.settleDown();
  expect(world.now - START).toBeGreaterThan(4 * 60_000);
  expect(world.now - START).toBeLessThan(6 * 60_000);
  expect(world.held.size).toBe(1);
});

test('one that is resumed while a run is laid down goes on at once', async () => {
  const world = pausedWorld();
  const run = aRun();
  await createRun(world.ports, run);
  world.at = (moment) => {
    if (moment === 'after hold') world.endpoint = anEndpoint();
  };
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
  expect(world.held.size).toBe(0);
  expect(world.definitions.get(run.id)!.expires_at).toBe(run.expires_at);
});

test('an endpoint that is deleted while it is paused makes dead letters of what it holds', async () => {
  const world = pausedWorld();
  const run = aRun();
  await createRun(world.ports, run);
  await world.settleDown();
  const deleted = world.endpoint;
  const configStore = {
    changeEndpoint: async () => undefined,
    deleteEndpoint: async () => {
      world.endpoint = anEndpoint({ id: 'ep_another' });
      return true;
    },
  };
  await deleteEndpoint({ ...world.ports, configStore }, deleted);
  await world.settleDown();
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'endpoint_disabled' });
  expect(world.held.size).toBe(0);
});
