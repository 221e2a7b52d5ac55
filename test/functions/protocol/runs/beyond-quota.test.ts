import { publish } from '../../../../functions/protocol/messages/publish.js';
import { replayDeadLetter } from '../../../../functions/protocol/runs/run-operations.js';
import { createSchedule } from '../../../../functions/protocol/schedules/schedule-chain.js';
import type { NewRuns } from '../../../../functions/subjects/projects/quotas.js';
import { aListener, anEvent, dispatchAll } from '../../../support/event-stories.js';
import { aSchedule, Killed, MemoryWorld, START } from '../../../support/memory-world.js';

const MINUTE = 60_000;
const NOON = Math.ceil(START / (60 * MINUTE)) * 60 * MINUTE;

/** A project that may make no runs, while `isFull`. */
function fullWorld() {
  const world = new MemoryWorld();
  const quota = { isFull: true, asked: [] as NewRuns[] };
  const takeRuns = async (_project: string, runs: NewRuns) => {
    quota.asked.push(runs);
    return !quota.isFull;
  };
  Object.assign(world.ports, { takeRuns });
  return { world, quota };
}

function eventWorld() {
  const full = fullWorld();
  full.world.events.listeners = [aListener(0, '*'), aListener(1, '*'), aListener(2, '*')];
  return full;
}

/** As the project's people see them. */
const ends = (world: MemoryWorld) =>
  world.runs().map(({ id }) => [...world.letters.values()].find(({ run }) => run.id === id)?.reason);

test('runs of an event are dead letters with their payload, and can be replayed', async () => {
  const { world, quota } = eventWorld();
  const payload = { format: 'text', body: 'x'.repeat(5_000) } as const;
  await publish(world.ports, anEvent({ payload }));
  await dispatchAll(world);
  await world.settleDown();
  // The first one, and the payload that is stored apart, were counted when the event was published.
  expect(quota.asked).toEqual([{ count: 2, bytes: 0 }]);
  expect(ends(world)).toEqual(['over_quota', 'over_quota', 'over_quota']);
  expect([...world.letters.values()].map(({ run }) => run.payload)).toEqual([payload, payload, payload]);
  expect(world.calls).toEqual([]);
  const [letter] = world.letters.values();
  await replayDeadLetter(world.ports, letter!);
  await world.settleDown();
  expect(world.calls).toMatchObject([{ run: letter!.run.id, attempt: 1 }]);
});

test('a job notification is not counted', async () => {
  const { world, quota } = eventWorld();
  await publish(world.ports, anEvent({ body_format: 'notification' }));
  await dispatchAll(world);
  await world.settleDown();
  expect([quota.asked, ends(world)]).toEqual([[], [undefined, undefined, undefined]]);
  expect(world.calls).toHaveLength(3);
});

test('a death at every call of the fan-out: the decided page holds, whatever the quota says then', async () => {
  for (let dieAt = 0; ; dieAt += 1) {
    const { world, quota } = eventWorld();
    await publish(world.ports, anEvent());
    let passed = 0;
    world.at = (moment) => {
      if (passed++ !== dieAt) return;
      if (world.events.pages.size > 0) quota.isFull = false;
      throw new Killed(moment);
    };
    await dispatchAll(world);
    await world.settleDown();
    expect([dieAt, ...ends(world)]).toEqual([dieAt, 'over_quota', 'over_quota', 'over_quota']);
    expect(world.calls).toEqual([]);
    if (passed <= dieAt) break;
  }
});

test('a death at every call of a fire leaves a dead letter or a call, and the schedule goes on', async () => {
  for (let dieAt = 0; ; dieAt += 1) {
    const { world, quota } = fullWorld();
    world.now = NOON + 10;
    world.redeliverMs = 2_000;
    await createSchedule(world.ports, aSchedule(), 'active', 0);
    let passed = 0;
    world.at = (moment) => {
      if (passed++ !== dieAt) return;
      quota.isFull = dieAt % 2 === 0; // the repeat finds the quota otherwise
      throw new Killed(moment);
    };
    await world.runUntil(NOON + 3 * MINUTE + 1_000);
    const runs = world.runs();
    expect([dieAt, runs.length]).toEqual([dieAt, 3]);
    for (const [index, end] of ends(world).entries()) {
      const isCalled = world.calls.some(({ run }) => run === runs[index]!.id);
      expect([dieAt, index, isCalled !== (end === 'over_quota')]).toEqual([dieAt, index, true]);
    }
    if (passed <= dieAt) break;
  }
});
