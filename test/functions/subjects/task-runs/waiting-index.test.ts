import { isIndexedAsWaiting, type RunStatus } from '../../../../functions/subjects/task-runs/task-run.js';

test.each<[RunStatus, attempt: number, epoch: number, boolean]>([
  ['pending', 0, 0, false],
  ['running', 1, 0, false],
  ['running', 2, 0, true],
  ['retry_scheduled', 1, 0, true],
  ['pending', 3, 1, true],
  ['pending', 0, 1, true],
  ['running', 1, 1, true],
  ['success', 2, 1, false],
  ['dead_letter', 6, 0, false],
])('a run that is %s after attempt %i, replayed %i times: %s', (status, attempt, epoch, isIndexed) => {
  expect(isIndexedAsWaiting({ status, attempt, epoch })).toBe(isIndexed);
});
