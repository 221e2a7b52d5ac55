import { createRun } from '../../../../functions/protocol/runs/run-operations.js';
import type { RunDefinition } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, FAILED, START } from '../../../support/memory-world.js';
import { MINUTE, SweepWorld } from '../../../support/sweep-world.js';

/** Tables as they were at an earlier moment, with queues and schedules that are new and empty: docs/runbook.md tells of it. */
function restorePoint(world: SweepWorld): () => void {
  const { round } = world;
  const tables = [world.definitions, world.states, world.lists, world.workedOff];
  const kept = tables.map((table) => [...(table as Map<string, object>)]);
  return () => {
    tables.forEach((table, n) => {
      table.clear();
      for (const [key, value] of kept[n]!) (table as Map<string, object>).set(key, value);
    });
    world.round = round;
    world.lose();
  };
}

async function made(world: SweepWorld, id: string, due = world.now): Promise<RunDefinition> {
  const run = aRun({ id, due, created_at: world.now, expires_at: world.now + 400 * 24 * 60 * MINUTE });
  await createRun(world.ports, run);
  return run;
}

const idAt = (ms: number, n: number) => `run_${ms.toString(16).padStart(12, '0')}${String(n).padStart(20, '0')}`;

/** How often each run was called. */
const callsOf = (world: SweepWorld, runs: Readonly<Record<string, RunDefinition>>) =>
  Object.fromEntries(
    Object.entries(runs).map(([name, { id }]) => [name, world.calls.filter(({ run }) => run === id).length]),
  );

test('what ended after the restored moment is called again, what ended before is not, what is due later still is', async () => {
  const world = new SweepWorld();
  await world.sweepOnce();
  const before = await made(world, idAt(world.now, 1));
  await world.settleDown();
  const between = await made(world, idAt(world.now, 2));
  const later = await made(world, idAt(world.now, 3), world.now + 60 * MINUTE);
  world.answer = (call) => (call === 1 ? FAILED : {});
  const restore = restorePoint(world);

  await world.receive(world.messages.find(({ token }) => token.run === between.id)!.token);
  const after = await made(world, idAt(world.now, 4));
  await world.receive(world.messages.find(({ token }) => token.run === after.id)!.token);
  const runs = { before, between, later, after };
  expect(callsOf(world, runs)).toEqual({ before: 1, between: 1, later: 0, after: 1 });

  restore();
  await world.sweepUntil(START + 45 * MINUTE, () => world.settleDown());
  await world.settleDown();
  expect(callsOf(world, runs)).toEqual({ before: 1, between: 2, later: 0, after: 1 });
  expect(world.states.get(after.id)).toBeUndefined();

  world.now = later.due;
  await world.sweepUntil(later.due + 45 * MINUTE, () => world.settleDown());
  await world.settleDown();
  expect(callsOf(world, runs)).toEqual({ before: 1, between: 2, later: 1, after: 1 });
  for (const { id } of [before, between, later]) expect(world.states.get(id)).toMatchObject({ status: 'success' });
});
