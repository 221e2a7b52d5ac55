import { makeId } from '../../../../functions/primitives/ids.js';
import { createRun } from '../../../../functions/protocol/runs/run-operations.js';
import { createLiveHours } from '../../../../functions/subjects/stats/read-hours.js';
import { HOUR_MS, hourOf } from '../../../../functions/subjects/stats/stats-ports.js';
import { MemoryStats } from '../../../support/memory-stats.js';
import { aRun, MemoryWorld, START } from '../../../support/memory-world.js';

const HOUR = hourOf(START) + HOUR_MS;

/** So many runs, delivered in the first minutes of the hour; three rows make a page. */
async function anHourOf(runs: number) {
  const world = new MemoryWorld();
  const stats = new MemoryStats(world);
  world.now = HOUR;
  for (let n = 0; n < runs; n++)
    await createRun(world.ports, aRun({ id: makeId('run', HOUR + n, Buffer.alloc(8, n)), due: HOUR }));
  await world.settleDown();
  return { world, stats, live: createLiveHours(stats.ports, stats.ports.clock) };
}

test('a busy hour is looked at in part, and says so', async () => {
  for (const [runs, counted, isPartial] of [
    [5, 5, false],
    [6, 6, false],
    [7, 6, true],
  ] as const) {
    const { world, live } = await anHourOf(runs);
    const [, current] = await live(world.project);
    expect([runs, current!.stats.outcomes.success, current!.isPartial]).toEqual([runs, counted, isPartial]);
  }
});

test('those who ask within five seconds get one answer, and a failed one is not kept', async () => {
  const { world, live } = await anHourOf(1);
  let reads = 0;
  world.at = (moment) => {
    if (moment !== 'before runs') return;
    reads++;
    if (reads === 1) throw new Error('the table is not there');
  };
  await expect(live(world.project)).rejects.toThrow('not there');
  await Promise.all([live(world.project), live(world.project)]);
  expect(reads).toBe(3); // two hours each time, the first of them failing once
  world.now += 5_000;
  await live(world.project);
  expect(reads).toBe(5);
});
