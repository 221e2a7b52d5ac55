import { executingRun, isStillWanted, takeOverlapLock } from '../../../../functions/protocol/schedules/overlap.js';
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

describe('at the due moment', () => {
  const occurrence = { ...run, source: { type: 'schedule', id: 'sch_1' }, occurrence: START } as const;
  const finding = (found: object) => ({ schedules: { find: async () => found } }) as never;

  test.each([
    ['its schedule', { clock: {} }],
    ['its clock', { schedule: {} }],
  ])('a run is not wanted any more without %s', async (_name, found) => {
    expect(await isStillWanted(finding(found), occurrence)).toEqual({ wanted: false });
  });

  test('a run that a person has asked for is wanted, whatever its schedule is', async () => {
    const manual = { ...occurrence, source: { type: 'manual', id: 'sch_1' } } as const;
    expect(await isStillWanted(finding({}), manual)).toEqual({ wanted: true });
  });
});

describe('the lock', () => {
  const own = { ...run, source: { type: 'schedule', id: 'sch_1' } } as const;
  /** The ports of a world where `clock` is stored, and its holder executes. */
  const portsOf = (clock: object | undefined) =>
    ({
      clock: { now: () => START },
      schedules: { find: async () => ({ ...(clock && { clock }) }) },
      runs: { find: async () => ({ state: { ...pendingState(run), status: 'running', lease: START + 9 } }) },
    }) as never;

  test('of a schedule that is gone is taken: nothing can overlap', async () => {
    expect(await takeOverlapLock(portsOf(undefined), own, { attempt: 1 })).toEqual({ lock: 'taken' });
  });

  test.each([
    ['skips a first attempt', 1, { lock: 'skip', holder: 'run_other' }],
    ['lets a retry wait three seconds', 2, { lock: 'wait', until: START + 3_000 }],
  ])('of a run that executes %s', async (_name, attempt, expected) => {
    expect(await takeOverlapLock(portsOf({ lock_run: 'run_other' }), own, { attempt, nonce: 'n' })).toEqual(expected);
  });
});
