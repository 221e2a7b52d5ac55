import { performDeath } from '../../../../functions/protocol/effects/effects.js';
import { pendingState, type RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, MemoryWorld } from '../../../support/memory-world.js';

/** The copy of a dead letter, and the status beside it. */
async function copied(change: Partial<RunState>) {
  const world = new MemoryWorld();
  const sent: unknown[] = [];
  const deadLetterQueue = { send: async (...copy: unknown[]) => void sent.push(...copy) };
  const run = aRun();
  const state: RunState = { ...pendingState(run), status: 'dead_letter', reason: 'given_up', epoch: 2, ...change };
  await performDeath({ ...world.ports, deadLetterQueue }, run, state);
  return { run, sent, letter: world.letters.get(run.id)! };
}

test('the copy of a dead letter names its run, its endpoint, and the dead letter that is filed', async () => {
  const { run, sent, letter } = await copied({});
  expect(letter.id).toMatch(/^dl_/);
  const { project_id: project, id: task, endpoint_id: endpoint } = run;
  expect(sent[0]).toEqual({ project, dead_letter: letter.id, task, endpoint, reason: 'given_up', epoch: 2 });
});

const last_error = { code: 'timeout_response', message: '' };
test.each([
  ['the last HTTP status', { last_status: 503, last_error }, '503'],
  ['without an answer the error', { last_error }, 'timeout_response'],
  ['without a call none', {}, 'none'],
])('beside the copy of a dead letter stands %s', async (_name, change, expected) => {
  expect((await copied(change)).sent[1]).toBe(expected);
});
