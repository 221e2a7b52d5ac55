import { lastAttemptOf } from '../../../../functions/protocol/effects/last-attempt.js';
import { type Attempt, pendingState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun } from '../../../support/memory-world.js';

const run = aRun();
const named = (id: string) => ({ id }) as Attempt;
/** Answers the row of each attempt that it is asked for. */
const rowOf = (id: string) => ({ ...named(id), request_id: 'of the row' });
const ports = { runs: { attempts: async (_project: string, ids: string[]) => ids.map(rowOf) } } as never;

test.each([
  ['that the state carries', { last_attempt: named('att_3'), later_attempts: ['att_2', 'att_3'] }, named('att_3')],
  ['that has a row, the latest of them', { later_attempts: ['att_2', 'att_3', 'att_4'] }, rowOf('att_4')],
  ['that is the first', { first_attempt: named('att_1') }, named('att_1')],
  ['that is none yet', {}, undefined],
])('the last attempt is the one %s', async (_name, change, expected) => {
  expect(await lastAttemptOf(ports, run, { ...pendingState(run), ...change })).toEqual(expected);
});
