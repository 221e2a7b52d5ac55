import { makeId } from '../../../../functions/primitives/ids.js';
import { publish } from '../../../../functions/protocol/messages/publish.js';
import { createRun } from '../../../../functions/protocol/runs/run-operations.js';
import { aListener, anEvent, dispatchAll } from '../../../support/event-stories.js';
import { aRun, FAILED, Killed, START } from '../../../support/memory-world.js';
import { MINUTE, SweepWorld } from '../../../support/sweep-world.js';

/** A retry, a first attempt now and one later, and an event's run and fan-out have lost their messages. */
async function aTroubledWorld(): Promise<SweepWorld> {
  const world = new SweepWorld();
  await world.sweepOnce();
  world.answer = (call) => (call === 0 ? FAILED : {});
  world.events.listeners = [aListener(1, 'invoice.paid'), aListener(2, 'invoice.sent')];
  const ids = Array.from({ length: 3 }, (_, n) => makeId('run', START, Buffer.alloc(8, 100 + n)));
  await createRun(world.ports, aRun({ id: ids[0]! }));
  await world.receive(world.messages.pop()!.token);
  await createRun(world.ports, aRun({ id: ids[1]! }));
  await createRun(world.ports, aRun({ id: ids[2]!, due: START + 20 * MINUTE }));
  await publish(world.ports, anEvent({ event_name: 'invoice.paid' }));
  await dispatchAll(world);
  await publish(world.ports, anEvent({ event_name: 'invoice.sent' }));
  world.lose();
  return world;
}

/** Two rounds, the first of which dies at its `death`-th moment and is followed by another one. */
async function tell(death: number, moments: string[] = []): Promise<void> {
  const world = await aTroubledWorld();
  let step = 0;
  world.now += 15 * MINUTE;
  world.at = (moment) => {
    moments.push(moment);
    // The process ends here: nothing that it still had to do is done.
    if (death >= 0 && step++ >= death) throw new Killed();
  };
  await world.sweepOnce().catch(() => {});
  world.at = () => {};
  await world.sweepUntil(START + 45 * MINUTE);
  const copies = new Map<string, number>();
  for (const { token } of world.messages) copies.set(token.run, (copies.get(token.run) ?? 0) + 1);
  // A retry, three first attempts; and the fan-out.
  expect(copies.size).toBe(4);
  for (const count of copies.values()) expect(count).toBeLessThanOrEqual(2);
  expect(world.dispatched.length).toBeGreaterThan(0);
  expect(world.dispatched.length).toBeLessThanOrEqual(2);
  await dispatchAll(world);
  await world.settleDown();
  expect(world.calls).toHaveLength(6);
  expect([...world.states.values()].map(({ status }) => status)).toEqual(Array(5).fill('success'));
}

test('wherever a round dies, the next one repairs what it left, and nothing is multiplied', async () => {
  const moments: string[] = [];
  await tell(-1, moments);
  expect(moments.length).toBeGreaterThan(60);
  for (let death = 0; death < moments.length; death++) await tell(death);
}, 30_000);
