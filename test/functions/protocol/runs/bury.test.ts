import { deliverToken } from '../../../../functions/protocol/messages/send-run.js';
import { dead } from '../../../../functions/protocol/rules/transitions.js';
import { buryRun } from '../../../../functions/protocol/runs/bury.js';
import { createRun, giveUpRetry, replayDeadLetter } from '../../../../functions/protocol/runs/run-operations.js';
import type { RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, FAILED, Killed, MemoryWorld } from '../../../support/memory-world.js';

/** A run whose worker died in its call. */
async function executing(change: Partial<RunState> = {}) {
  const world = new MemoryWorld();
  const run = aRun();
  await createRun(world.ports, run);
  const { token } = world.messages.pop()!;
  world.answer = () => Promise.reject(new Killed());
  await expect(world.receive(token)).rejects.toBeInstanceOf(Killed);
  const state = { ...world.states.get(run.id)!, ...change };
  world.states.set(run.id, state);
  return { world, run, token, lease: state.lease! };
}

test('a run that executes is not ended: the answer is when its lease is over', async () => {
  const { world, run, token, lease } = await executing();
  expect(await buryRun(world.ports, token)).toBe(lease);
  expect(world.states.get(run.id)).toMatchObject({ status: 'running' });
});

test.each([
  ['dead_letter', {}],
  ['cancelled', { cancel_requested: true }],
] as const)('a run whose worker was lost ends as %s, without another call', async (status, change) => {
  const { world, run, token, lease } = await executing(change);
  world.now = lease;
  expect(await buryRun(world.ports, token)).toBeUndefined();
  expect(world.states.get(run.id)).toMatchObject({ status, attempt: 1 });
  expect(world.calls).toHaveLength(1);
  expect([...world.letters.values()].map(({ reason }) => reason)).toEqual(
    status === 'dead_letter' ? ['worker_failure'] : [],
  );
});

test('a settling message that keeps failing does what follows from the decision that it finds', async () => {
  const world = new MemoryWorld();
  world.answer = () => FAILED;
  const run = aRun();
  await createRun(world.ports, run);
  await world.receive(world.messages.pop()!.token);
  const waiting = world.states.get(run.id)!;
  await giveUpRetry(world.ports, run, waiting);
  const { token } = world.messages.find((message) => message.token.kind === 'settle')!;
  expect(token).toMatchObject({ kind: 'settle' });
  // As if the process had died right after its decision.
  world.letters.clear();
  world.states.set(run.id, dead(waiting, 'given_up', world.now));
  expect(await buryRun(world.ports, token)).toBeUndefined();
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'given_up' });
});

test('a settling message before the decision waits for it, and never decides itself', async () => {
  const world = new MemoryWorld();
  world.answer = () => FAILED;
  const run = aRun();
  await createRun(world.ports, run);
  await world.receive(world.messages.pop()!.token);
  const { kind: _kind, due: _due, ...base } = deliverToken(run, 1, 0, world.now);
  expect(await buryRun(world.ports, { kind: 'settle', ...base })).toBeGreaterThan(world.now);
  expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled' });
  expect(world.letters.size).toBe(0);
});

test('the message of a replay ends its run, as old as it is: also one that was sent at the moment of the death', async () => {
  for (const later of [0, 60_000]) {
    const world = new MemoryWorld();
    const run = aRun();
    await createRun(world.ports, run);
    await buryRun(world.ports, world.messages.pop()!.token);
    world.now += later;
    await replayDeadLetter(world.ports, world.letters.get(run.id)!);
    await buryRun(world.ports, world.messages.pop()!.token);
    expect(world.states.get(run.id)).toMatchObject({ status: 'dead_letter', epoch: 1 });
    expect(world.letters.get(run.id)).toMatchObject({ epoch: 1, status: 'open', reason: 'worker_failure' });
  }
});
