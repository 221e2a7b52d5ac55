import { executingRun } from '../../../../functions/protocol/schedules/overlap.js';
import { pendingState, type RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, START } from '../../../support/memory-world.js';

const run = aRun();
const key = { project: run.project_id, schedule: 'sch_1' };

function executing(lock_run: string | undefined, state: Partial<RunState> | undefined) {
  const found = state && { ...pendingState(run), ...state };
  return executingRun(
    {
      clock: { now: () => START },
      schedules: { find: async () => ({ clock: lock_run === undefined ? {} : { lock_run } }) },
      runs: { find: async () => ({ state: found }) },
    } as never,
    key,
  );
}

test.each<[string, Partial<RunState> | undefined, string | undefined]>([
  ['executes under its lease', { status: 'running', lease: START + 1 }, run.id],
  ['has outlived its lease', { status: 'running', lease: START }, undefined],
  ['waits for a retry', { status: 'retry_scheduled', lease: START + 1 }, undefined],
  ['has not begun', undefined, undefined],
])("the holder of a schedule's lock that %s", async (_name, state, expected) => {
  expect(await executing(run.id, state)).toBe(expected);
});

test('nothing executes if no run holds the lock', async () => {
  expect(await executing(undefined, { status: 'running', lease: START + 1 })).toBeUndefined();
});
