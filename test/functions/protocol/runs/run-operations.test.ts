import { performDeath } from '../../../../functions/protocol/effects/effects.js';
import { dead, superseded } from '../../../../functions/protocol/rules/transitions.js';
import {
  cancelPendingRun,
  cancelRun,
  createRun,
  giveUpRetry,
  replayDeadLetter,
  runRetryNow,
} from '../../../../functions/protocol/runs/run-operations.js';
import type { DeadLetter } from '../../../../functions/subjects/dead-letters/dead-letter.js';
import type { RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, FAILED, Killed, MemoryWorld, START } from '../../../support/memory-world.js';

const KEEP_MS = 30 * 86_400_000;

/** A run that was created, and the tokens whose wake-ups were disarmed. */
async function created() {
  const world = new MemoryWorld();
  const disarmed: number[] = [];
  const ports = {
    ...world.ports,
    wakeUps: { ...world.ports.wakeUps, disarm: async (_run: string, n: number) => void disarmed.push(n) },
  };
  const run = aRun();
  await createRun(ports, run);
  const state = () => world.states.get(run.id)!;
  return { world, ports, run, disarmed, state };
}

/** A run whose first attempt has failed, and whose retry waits. */
async function retrying() {
  const all = await created();
  all.world.answer = () => FAILED;
  await all.world.receive(all.world.messages.pop()!.token);
  return { ...all, waiting: all.state() };
}

/** A run that executes: its worker has died in the call. */
async function executing() {
  const all = await created();
  all.world.answer = () => Promise.reject(new Killed());
  await expect(all.world.receive(all.world.messages.pop()!.token)).rejects.toBeInstanceOf(Killed);
  return all;
}

async function buried() {
  const all = await retrying();
  const state = dead(all.waiting, 'given_up', START);
  all.world.states.set(all.run.id, state);
  await performDeath(all.ports, all.run, state);
  return { ...all, letter: all.world.letters.get(all.run.id)! };
}

describe('a cancel', () => {
  test('ends a run that waits, and disarms its wake-up; a repeat changes nothing', async () => {
    const { ports, run, state, disarmed } = await created();
    await cancelRun(ports, run);
    const cancelled = state();
    expect(cancelled).toMatchObject({ status: 'cancelled', finished_at: START });
    await cancelRun(ports, run);
    expect(state()).toBe(cancelled);
    expect(disarmed).toEqual([1, 1]);
  });

  test('asks the worker of a running attempt to stop, once', async () => {
    const { ports, run, state } = await executing();
    await cancelRun(ports, run);
    const asked = state();
    expect(asked).toMatchObject({ status: 'running', cancel_requested: true });
    await cancelRun(ports, run);
    expect(state()).toBe(asked);
  });

  test("takes a newer run's request over as a person's", async () => {
    const { world, ports, run, state } = await executing();
    world.states.set(run.id, superseded(state()));
    await cancelRun(ports, run);
    expect(state()).toMatchObject({ status: 'running', cancel_requested: true });
    expect(state()).not.toHaveProperty('superseded');
  });

  test('comes too late for a run that has ended', async () => {
    const { ports, run } = await buried();
    await expect(cancelRun(ports, run)).rejects.toThrow(
      'The task run is dead_letter; it cannot be cancelled any more.',
    );
  });

  test('of a pending run finds itself again, and refuses a run that has begun', async () => {
    const { ports, run, state, disarmed } = await created();
    await cancelPendingRun(ports, run, START + 7);
    const cancelled = state();
    expect(cancelled).toMatchObject({ status: 'cancelled', finished_at: START + 7 });
    await cancelPendingRun(ports, run, START + 7);
    expect(state()).toBe(cancelled);
    expect(disarmed).toEqual([1, 1]);
    await expect(cancelPendingRun(ports, run, START + 8)).rejects.toThrow('The task run is cancelled, not pending.');
    const begun = await retrying();
    await expect(cancelPendingRun(begun.ports, begun.run, START)).rejects.toThrow('not pending');
  });
});

describe('a retry that waits', () => {
  test('is made now: its token is sent, and its due moment is moved', async () => {
    const { world, ports, run, waiting, state } = await retrying();
    const before = world.messages.length;
    world.now += 1_000;
    await runRetryNow(ports, run, waiting);
    expect(world.messages.slice(before)).toMatchObject([{ token: { kind: 'deliver', attempt: 2 }, due: world.now }]);
    expect(state()).toEqual({ ...waiting, due: world.now, version: waiting.version + 1 });
  });

  test('is not moved once its token has made the attempt, and not made after its run has ended', async () => {
    const { world, ports, run, waiting, state } = await retrying();
    const faster: RunState = { ...waiting, status: 'running', attempt: 2 };
    world.states.set(run.id, faster);
    await runRetryNow(ports, run, waiting);
    expect(state()).toBe(faster);
    world.states.set(run.id, dead(waiting, 'given_up', START));
    await expect(runRetryNow(ports, run, waiting)).rejects.toThrow('The task run is dead_letter; no retry is waiting.');
  });

  test('is given up: its run dies, with a later token that makes sure of the effects; a repeat changes nothing', async () => {
    const { world, ports, run, waiting, state, disarmed } = await retrying();
    const before = world.messages.length;
    await giveUpRetry(ports, run, waiting);
    const given = state();
    expect(given).toMatchObject({ status: 'dead_letter', reason: 'given_up', attempt: 1 });
    expect(world.messages[before]).toMatchObject({ token: { kind: 'settle', attempt: 1 }, due: world.now + 5_000 });
    expect(world.letters.get(run.id)).toMatchObject({ reason: 'given_up' });
    await giveUpRetry(ports, run, waiting);
    expect(state()).toBe(given);
    expect(disarmed).toEqual([2, 2]);
  });

  test.each<[string, Partial<RunState>]>([
    ['its attempt runs', { status: 'running', attempt: 2 }],
    ['a later one waits', { attempt: 2 }],
    ['its run was cancelled', { status: 'cancelled' }],
    ['its run died of something else', { status: 'dead_letter', reason: 'attempts_exhausted' }],
  ])('cannot be given up any more: %s', async (_name, change) => {
    const { world, ports, run, waiting, state } = await retrying();
    const other = { ...waiting, ...change };
    world.states.set(run.id, other);
    await expect(giveUpRetry(ports, run, waiting)).rejects.toThrow('no retry is waiting');
    expect(state()).toBe(other);
  });
});

describe('a replay', () => {
  const replayed = (letter: DeadLetter, change: Partial<DeadLetter> = {}): DeadLetter => ({
    ...letter,
    status: 'replayed',
    ...change,
  });

  test('reopens the run with a new budget, after its token was sent', async () => {
    const { world, ports, run, letter, state } = await buried();
    const before = world.messages.length;
    await replayDeadLetter(ports, letter);
    expect(state()).toMatchObject({ status: 'pending', epoch: 1, attempt: 1, limit: 1 + run.max_attempts });
    expect(world.messages.slice(before)).toMatchObject([{ token: { kind: 'deliver', attempt: 2 } }]);
    expect(world.letters.get(run.id)).toMatchObject({ status: 'replayed' });
  });

  test('is refused if the dead letter is not open', async () => {
    const { world, ports, letter } = await buried();
    const sent = world.messages.length;
    await expect(replayDeadLetter(ports, replayed(letter))).rejects.toThrow('The dead letter is replayed.');
    await expect(replayDeadLetter(ports, { ...letter, status: 'resolved' }, 'bulk_1')).rejects.toThrow(
      'The dead letter is resolved.',
    );
    expect(world.messages).toHaveLength(sent);
  });

  test('of a bulk continues what the same bulk has marked, and nothing that another one has', async () => {
    const { world, ports, run, letter, state } = await buried();
    const marked = replayed(letter, { bulk_id: 'bulk_1' });
    world.letters.set(run.id, marked);
    await expect(replayDeadLetter(ports, marked, 'bulk_2')).rejects.toThrow('The dead letter is replayed.');
    await expect(replayDeadLetter(ports, marked)).rejects.toThrow('The dead letter is replayed.');
    await replayDeadLetter(ports, marked, 'bulk_1');
    expect(state()).toMatchObject({ status: 'pending', epoch: 1 });
  });

  test('loses against a resolution that came first, and joins another replay', async () => {
    const { world, ports, run, letter, state } = await buried();
    world.letters.set(run.id, { ...letter, status: 'resolved' });
    await expect(replayDeadLetter(ports, letter)).rejects.toThrow('The dead letter is resolved.');
    expect(state()).toMatchObject({ status: 'dead_letter' });
    world.letters.set(run.id, replayed(letter));
    await replayDeadLetter(ports, letter);
    const reopened = state();
    expect(reopened).toMatchObject({ status: 'pending', epoch: 1 });
    await replayDeadLetter(ports, letter);
    expect(state()).toBe(reopened);
  });

  test('of an earlier death changes nothing once the run has died again', async () => {
    const { world, ports, run, letter, state } = await buried();
    const again = { ...state(), epoch: 1 };
    world.states.set(run.id, again);
    world.letters.set(run.id, { ...letter, epoch: 1 });
    await replayDeadLetter(ports, letter);
    expect(state()).toBe(again);
    expect(world.letters.get(run.id)).toMatchObject({ status: 'open', epoch: 1 });
  });

  test('keeps the run for as long as it is told', async () => {
    const { world, ports, letter, state } = await buried();
    await replayDeadLetter({ ...ports, keepMs: 50 * KEEP_MS }, letter);
    expect(state().expires_at).toBeGreaterThanOrEqual(world.now + 50 * KEEP_MS);
  });

  test('is refused if the endpoint was deleted; one that has been marked goes on', async () => {
    const { world, ports, run, letter, state } = await buried();
    const config = { ...ports.config, endpoint: async () => undefined };
    const without = { ...ports, config };
    await expect(replayDeadLetter(without, letter)).rejects.toThrow('Its endpoint was deleted');
    const marked = replayed(letter, { bulk_id: 'bulk_1' });
    world.letters.set(run.id, marked);
    await replayDeadLetter(without, marked, 'bulk_1');
    expect(state()).toMatchObject({ status: 'pending', epoch: 1 });
  });
});
