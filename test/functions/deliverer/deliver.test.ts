import { bury } from '../../../functions/deliverer/deliver.js';
import { encryptionWith } from '../../../functions/primitives/encryption.js';
import {
  cancelRun,
  createRun,
  giveUpRetry,
  replayDeadLetter,
  runRetryNow,
} from '../../../functions/protocol/runs/run-operations.js';
import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, aRun, FAILED, KEYRING, MemoryWorld, START } from '../../support/memory-world.js';

async function created(world: MemoryWorld, run: RunDefinition = aRun()): Promise<RunDefinition> {
  await createRun(world.ports, run);
  return run;
}

test('a run that its endpoint accepts is a success after one call', async () => {
  const world = new MemoryWorld();
  const run = await created(world);
  await world.settleDown();
  expect(world.calls).toEqual([{ run: run.id, attempt: 1, at: START }]);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1, first_attempt: { lateness_ms: 0 } });
  expect(world.letters.size).toBe(0);
});

test('a failed attempt is retried when its backoff is over, and never before', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call < 2 ? FAILED : {});
  const run = await created(world);
  await world.settleDown();
  expect(world.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(world.calls[1]!.at - world.calls[0]!.at).toBeGreaterThanOrEqual(30_000);
  expect(world.calls[2]!.at - world.calls[1]!.at).toBeGreaterThanOrEqual(120_000);
  const state = world.states.get(run.id)!;
  expect(state).toMatchObject({ status: 'success', attempt: 3 });
  expect(state.later_attempts.map((id) => world.attempts.get(id)!.attempt)).toEqual([2, 3]);
});

test('a run out of attempts becomes one dead letter, which a replay reopens with its budget anew', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call < 4 ? FAILED : {});
  const run = await created(world);
  await world.settleDown();
  expect(world.calls).toHaveLength(3);
  const letter = world.letters.get(run.id)!;
  expect(letter).toMatchObject({
    status: 'open',
    reason: 'attempts_exhausted',
    attempt: 3,
    last_attempt: { attempt: 3 },
  });
  expect(world.notices).toMatchObject([{ task: run.id, reason: 'attempts_exhausted', epoch: 0 }]);

  await replayDeadLetter(world.ports, letter);
  await world.settleDown();
  expect(world.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', epoch: 1, limit: 6 });
  expect(world.letters.get(run.id)).toMatchObject({ status: 'replayed' });
});

test('a run that dies again after its replay opens its dead letter again', async () => {
  const world = new MemoryWorld();
  world.answer = () => FAILED;
  const run = await created(world);
  await world.settleDown();
  await replayDeadLetter(world.ports, world.letters.get(run.id)!);
  await world.settleDown();
  expect(world.letters.get(run.id)).toMatchObject({ status: 'open', epoch: 1, attempt: 6 });
  expect(world.notices).toHaveLength(2);
});

test('only an open dead letter is replayed', async () => {
  const world = new MemoryWorld();
  world.answer = () => FAILED;
  const run = await created(world, aRun({ max_attempts: 1 }));
  await world.settleDown();
  const letter = world.letters.get(run.id)!;
  await world.ports.deadLetters.markResolved(letter, world.now, 'paid by hand');
  await expect(replayDeadLetter(world.ports, letter)).rejects.toThrow('The dead letter is resolved.');
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
});

test('an expired run is replayed from its dead letter alone', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call < 1 ? FAILED : {});
  const run = await created(world, aRun({ max_attempts: 1 }));
  await world.settleDown();
  world.definitions.clear();
  world.states.clear();
  await replayDeadLetter(world.ports, world.letters.get(run.id)!);
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 2 });
  expect(world.definitions.get(run.id)).toMatchObject({ payload: run.payload });
});

const MALFORMED_ANSWER = { code: 'malformed_response', message: 'The endpoint answered something.' };

test.each([
  ['blocked', { status: 'blocked', http_status: null }, 'blocked'],
  ['not retryable', { ...FAILED, http_status: 422 }, 'non_retryable'],
  ['a 2xx that cannot be read', { ...FAILED, http_status: 200, error: MALFORMED_ANSWER }, 'non_retryable'],
] as const)('what is %s is not tried again', async (_name, outcome, reason) => {
  const world = new MemoryWorld();
  world.policies.set('rp_1', {
    strategy: 'fixed',
    base_delay_seconds: 1,
    max_delay_seconds: 1,
    delays_seconds: [],
    max_attempts: 3,
    jitter: 'none',
    retry_on_statuses: ['5xx'],
    honor_retry_after: true,
  });
  world.answer = () => outcome;
  const run = await created(world, aRun({ retry_policy_id: 'rp_1' }));
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
  expect(world.letters.get(run.id)).toMatchObject({ reason });
});

test('a disabled endpoint is not called: its runs become dead letters that can be replayed', async () => {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ status: 'disabled' });
  const run = await created(world);
  await world.settleDown();
  expect(world.calls).toHaveLength(0);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'endpoint_disabled', attempt: 0 });
  world.endpoint = anEndpoint();
  await replayDeadLetter(world.ports, world.letters.get(run.id)!);
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
});

test('a token whose due moment is far away is put back, and the call starts on the moment', async () => {
  const world = new MemoryWorld();
  const run = aRun({ due: START + 3_600_000 });
  await createRun(world.ports, run);
  await world.receive(world.messages.pop()!.token);
  expect(world.calls).toHaveLength(0);
  expect(world.messages).toMatchObject([{ due: run.due, token: { hop: 1, due: run.due } }]);
  const { token } = world.messages[0]!;
  world.messages = [];
  world.now = run.due - 1_400;
  await world.receive(token);
  expect(world.calls).toMatchObject([{ at: run.due }]);
});

test('duplicates of a token call once', async () => {
  const world = new MemoryWorld();
  const run = await created(world);
  const { token } = world.messages[0]!;
  await Promise.all([world.receive(token), world.receive(token), world.receive(token)]);
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
});

test('a waiting run is cancelled for good, and cancelling it again changes nothing', async () => {
  const world = new MemoryWorld();
  const run = await created(world);
  await cancelRun(world.ports, run);
  await cancelRun(world.ports, run);
  await world.settleDown();
  expect(world.calls).toHaveLength(0);
  expect(world.states.get(run.id)).toMatchObject({ status: 'cancelled' });
});

test('a cancel of a running attempt ends the run unless the attempt succeeds', async () => {
  for (const [outcome, status] of [
    [FAILED, 'cancelled'],
    [{}, 'success'],
  ] as const) {
    const world = new MemoryWorld();
    const run = aRun();
    world.answer = () => {
      const seen = world.states.get(run.id)!;
      world.states.set(run.id, { ...seen, cancel_requested: true, version: seen.version + 1 });
      return outcome;
    };
    await created(world, run);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status, first_attempt: { attempt: 1 } });
    expect(world.calls).toHaveLength(1);
  }
});

test('a finished run cannot be cancelled', async () => {
  const world = new MemoryWorld();
  const run = await created(world);
  await world.settleDown();
  await expect(cancelRun(world.ports, run)).rejects.toThrow('The task run is success');
});

test('a retry job can be run now, once', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call === 0 ? FAILED : {});
  const run = await created(world);
  await world.receive(world.messages.pop()!.token);
  await runRetryNow(world.ports, run, world.states.get(run.id)!);
  const before = world.now;
  await world.settleDown();
  expect(world.calls).toHaveLength(2);
  expect(world.calls[1]!.at).toBe(before);
});

test('a retry job that is given up is a dead letter at once', async () => {
  const world = new MemoryWorld();
  world.answer = () => FAILED;
  const run = await created(world);
  await world.receive(world.messages.pop()!.token);
  await giveUpRetry(world.ports, run, world.states.get(run.id)!);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'given_up', attempt: 1, status: 'open' });
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
  expect(world.notices).toHaveLength(1);
});

test('a message that is poison ends its run without a call', async () => {
  const world = new MemoryWorld();
  const run = await created(world);
  await bury(world.worker, world.messages.pop()!.token);
  expect(world.calls).toHaveLength(0);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'worker_failure' });
});

test('a run for a lane of slower calls is passed on', async () => {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ timeout_ms: 120_000 });
  await created(world);
  await world.receive(world.messages.pop()!.token);
  expect(world.messages).toMatchObject([{ lane: 'slow', token: { hop: 1 } }]);
});

test('no call starts that its lease cannot cover: a worker that was slow asks for more time first', async () => {
  const world = new MemoryWorld();
  const run = await created(world);
  let delays = 1;
  const { decrypt } = encryptionWith(async () => {
    if (delays-- > 0) world.now += 60_000;
    return KEYRING;
  });
  Object.assign(world.worker, { decrypt });
  world.answer = () => {
    expect(world.states.get(run.id)!.lease! - world.now).toBeGreaterThanOrEqual(world.endpoint.timeout_ms);
    return {};
  };
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
});

test('a message that was put back too often goes round slowly, and its run does not die of it', async () => {
  const world = new MemoryWorld();
  let braked = 0;
  Object.assign(world.worker, { noteBraked: () => void braked++ });
  const run = await created(world, aRun({ due: START + 60_000 }));
  const { token } = world.messages.pop()!;
  await world.receive({ ...token, hop: 499 });
  expect([world.messages[0]!.due, braked]).toEqual([run.due, 0]);
  await world.receive({ ...token, hop: 500 });
  expect([world.messages[1]!.due, braked]).toEqual([START + 15 * 60_000, 1]);
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
});

test.each([
  ['to an endpoint', { project_deleted: true }, {}, {}],
  ['to a paused endpoint', { project_deleted: true, status: 'paused' }, {}, {}],
  [
    'to an inline target',
    {},
    { deleted_at: START },
    { target: { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 10_000 } as const },
  ],
])(
  'a message %s of a deleted project ends without a call, a write or another message',
  async (_to, onEndpoint, onProject, change) => {
    const world = new MemoryWorld();
    const { endpoint_id, ...inline } = aRun();
    await created(
      world,
      'target' in change ? { ...inline, ...change } : { ...inline, ...(endpoint_id && { endpoint_id }) },
    );
    world.endpoint = { ...world.endpoint, ...onEndpoint } as typeof world.endpoint;
    world.project = { ...world.project, ...onProject };
    await world.settleDown();
    expect(world.calls).toEqual([]);
    expect([world.states.size, world.letters.size, world.held.size, world.messages.length]).toEqual([0, 0, 0, 0]);
  },
);

test('a retry and a lost attempt of a deleted project end, too', async () => {
  for (const status of ['retry_scheduled', 'running'] as const) {
    const world = new MemoryWorld();
    world.answer = () => FAILED;
    const run = await created(world);
    await world.receive(world.messages.pop()!.token);
    const state = { ...world.states.get(run.id)!, status, ...(status === 'running' && { attempt: 2, lease: START }) };
    world.states.set(run.id, state);
    world.endpoint = { ...world.endpoint, project_deleted: true };
    await world.settleDown();
    expect(world.calls).toHaveLength(1);
    expect(world.states.get(run.id)).toEqual(state);
  }
});
