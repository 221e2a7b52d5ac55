import { deliver } from '../../../functions/deliverer/deliver.js';
import type { DeliverToken } from '../../../functions/protocol/rules/token.js';
import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import type { Receipt } from '../../../functions/runtime/receipts.js';
import { anEndpoint, aRun, MemoryWorld } from '../../support/memory-world.js';

/** A call, and what is written after it. */
const NEEDED_MS = 10_000 + 5_000;

async function arrived() {
  const world = new MemoryWorld();
  const run = aRun();
  await createRun(world.ports, run);
  const token = world.messages.pop()!.token as DeliverToken;
  return { world, run, token };
}

const left = (ms: number): Receipt => ({ remainingMs: () => ms, hideFor: () => {}, showAfter: () => {} });

test('a call that the invocation may not outlast is not begun: its message goes back unclaimed, and is none the worse', async () => {
  const { world, run, token } = await arrived();
  await deliver(world.worker, token, left(NEEDED_MS - 1));
  expect(world.calls).toEqual([]);
  expect(world.states.get(run.id)).toBeUndefined();
  expect(world.messages).toMatchObject([{ lane: 'fast', token: { ...token, hop: 1 } }]);
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1, reclaims: 0 });
});

test('a call that the invocation has just time for is made', async () => {
  const { world, token } = await arrived();
  await deliver(world.worker, token, left(NEEDED_MS));
  expect(world.calls).toHaveLength(1);
});

test('a call that has become too long for its lane goes to the other one', async () => {
  const { world, token } = await arrived();
  world.endpoint = anEndpoint({ timeout_ms: 30_001 });
  await deliver(world.worker, token, left(900_000));
  expect(world.calls).toEqual([]);
  expect(world.messages).toMatchObject([{ lane: 'slow', token: { run: token.run, hop: 1 } }]);
});
