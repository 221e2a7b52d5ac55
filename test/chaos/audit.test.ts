import { audit, type Evidence } from './audit.js';
import { Book } from './book.js';
import type { ReceivedCall } from './hostile-receiver.js';
import type { Kind, PlannedTask } from './workload.js';

const call = (task: number, attempt: number, more: Partial<ReceivedCall> = {}): ReceivedCall => ({
  run: `run_${task}`,
  attempt,
  requestId: `${task}-${attempt}`,
  task,
  intact: true,
  answer: 'ok',
  claimedAt: 1_000 * attempt,
  at: 1_000 * attempt,
  ...more,
});

const DIED_AT = '2026-11-22T12:00:00.000Z';

const planned = (task: number, kind: Kind): PlannedTask => ({ task, kind, payload: { task } });
const attempt = (task: number, number: number, status = 'success') => ({
  task_id: `run_${task}`,
  attempt: number,
  status,
  http_status: status === 'success' ? 200 : 503,
});
const run = (task: number, status: string, attempt_count: number, max_attempts = 8) => ({
  id: `run_${task}`,
  endpoint_id: 'ep_1',
  status,
  attempt_count,
  max_attempts,
});

/** Run 0 succeeds at once, run 1 at its second attempt, run 2 dies at its third, run 3 is cancelled before its first. */
function goodStory() {
  const book = new Book();
  for (const task of [0, 1, 2, 3]) book.promise(task, `run_${task}`);
  book.told('run_3', 'cancel', 200, 'cancelled');
  return {
    tasks: [planned(0, 'steady'), planned(1, 'flaky'), planned(2, 'doomed'), planned(3, 'steady')],
    book,
    calls: [
      call(0, 1),
      call(1, 1, { answer: 'reset' }),
      call(1, 2),
      ...[1, 2, 3].map((number) => call(2, number, { answer: 'hang' })),
    ],
    shown: {
      runs: [
        run(0, 'success', 1),
        run(1, 'success', 2),
        run(2, 'dead_letter', 3, 3),
        { ...run(3, 'cancelled', 0), attempt_count: 0 },
      ],
      runsOfEndpoints: [0, 1, 2, 3].map((task) => `run_${task}`),
      attempts: [
        attempt(0, 1),
        attempt(1, 1, 'failed'),
        attempt(1, 2),
        ...[1, 2, 3].map((number) => attempt(2, number, 'timed_out')),
      ],
      letters: [
        { id: 'dl_2', task_id: 'run_2', reason: 'attempts_exhausted', status: 'open' as const, created_at: DIED_AT },
      ],
    },
    leftovers: [{ queue: 'DeadLetters', body: '{"dead_letter":"dl_2"}' }],
    kills: [] as number[],
  };
}

type Story = ReturnType<typeof goodStory>;

const faultsAfter = (spoil: (story: Story) => unknown): string => {
  const story = goodStory();
  spoil(story);
  return audit(story as Evidence).faults.join('; ');
};

test('a good story has no faults, and its balance', () => {
  const { faults, counts } = audit(goodStory());
  expect(faults).toEqual([]);
  expect(counts).toMatchObject({ accepted: 4, delivered: 2, dead: 1, cancelled: 1, lost: 0, 'HTTP calls': 6 });
});

test.each<[string, (story: Story) => unknown, RegExp]>([
  ['an acknowledged run that is gone', ({ shown }) => shown.runs.shift(), /run_0 was acknowledged and is gone/],
  ['a second run of one request', ({ shown }) => shown.runs.push(run(9, 'success', 1)), /no answer promised/],
  ['two ids for one request', ({ book }) => book.promise(0, 'run_9'), /task 0: run_0, then run_9/],
  ['a run that hangs', ({ shown }) => shown.runs.splice(0, 1, run(0, 'running', 1)), /run_0 .* stuck in running/],
  ['a success without a received call', ({ calls }) => calls.shift(), /answers that the receiver did not give/],
  [
    'a success that was none',
    ({ calls }) => calls.splice(0, 1, call(0, 1, { answer: 'hang' })),
    /no receiver confirmed/,
  ],
  ['a gap between attempts', ({ shown }) => shown.attempts.splice(1, 1), /run_1 .* has 2 attempts, shows 2/],
  ['an attempt twice', ({ shown }) => shown.attempts.push(attempt(0, 1)), /shows an attempt twice/],
  [
    'more attempts than allowed',
    ({ shown }) => shown.runs.splice(2, 1, run(2, 'dead_letter', 4, 3)),
    /run_2 .* made 4/,
  ],
  [
    'another payload',
    ({ calls }) => calls.splice(0, 1, call(0, 1, { intact: false })),
    /something else than was given/,
  ],
  ['a run that its endpoint does not list', ({ shown }) => shown.runsOfEndpoints.pop(), /run_3 is 0 times in the list/],
  ['a run that its endpoint lists twice', ({ shown }) => shown.runsOfEndpoints.push('run_1'), /run_1 is 2 times in/],
  ['a dead run without its letter', ({ shown }) => shown.letters.pop(), /run_2 .* letter undefined/],
  [
    'a death of our own failures',
    ({ shown: { letters } }) => letters.splice(0, 1, { ...letters[0]!, reason: 'worker_failure' }),
    /run_2 .* died of our own failures, with 3 calls/,
  ],
  ['a letter without its copy', ({ leftovers }) => leftovers.pop(), /dl_2 has no copy/],
  [
    'a call after the cancel',
    ({ calls }) => calls.push(call(3, 1, { at: Date.now() + 9 })),
    /run_3 was called 1 times after/,
  ],
  ['a cancel that did not hold', ({ shown }) => shown.runs.splice(3, 1, run(3, 'success', 0)), /told to be cancelled/],
  [
    'a repeat within the lease',
    ({ calls }) => calls.push(call(0, 1, { requestId: 'x', claimedAt: 1_400, at: 1_500 })),
    /within its lease/,
  ],
  [
    'a message whose run waits for it',
    ({ leftovers }) => leftovers.push({ queue: 'FastLane', body: '{"run":"run_9"}' }),
    /FastLane still holds/,
  ],
])('finds %s', (_what, spoil, fault) => expect(faultsAfter(spoil)).toMatch(fault));

test('an attempt that met more kills than a claim survives may be lost', () => {
  const story = goodStory();
  story.shown.letters.splice(0, 1, { ...story.shown.letters[0]!, reason: 'worker_failure' });
  const died = Date.parse(DIED_AT);
  story.kills.push(died - 50_000, died - 20_000);
  expect(audit(story).faults).toHaveLength(1);
  story.kills.push(died - 10_000);
  expect(audit(story).faults).toEqual([]);
});

test('a repeat after a kill, or when the lease was over, is excused and counted', () => {
  const story = goodStory();
  story.calls.push(
    call(0, 1, { requestId: 'x', claimedAt: 1_400, at: 1_500 }),
    call(0, 1, { requestId: 'y', claimedAt: 8_900, at: 9_000 }),
  );
  story.kills.push(1_200);
  const { faults, repeats } = audit(story);
  expect(faults).toEqual([]);
  expect(repeats).toMatchObject({ acrossKills: 1, afterLease: 1, resent: 0 });
});
