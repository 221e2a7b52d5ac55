import { redactRun, SETTLED_MS } from '../../../../functions/protocol/runs/redact-run.js';
import { createRun } from '../../../../functions/protocol/runs/run-operations.js';
import type { RunDefinition } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, FAILED, Killed, MemoryWorld } from '../../../support/memory-world.js';

const DAY = 86_400_000;
const SECRET = 'of a customer';

/** A run with two attempts, whose calls and answers are confidential. */
async function ended(world: MemoryWorld, outcomes: readonly object[]): Promise<RunDefinition> {
  world.answer = (call) => ({
    ...outcomes[call],
    response_body: `answer ${SECRET}`,
    response_headers: { 'x-answer': SECRET },
  });
  const run = aRun({ payload: { format: 'text', body: SECRET }, max_attempts: 2 });
  await createRun(world.ports, run);
  await world.settleDown();
  return run;
}

const keyOf = ({ id, project_id }: RunDefinition) => ({ project: project_id, run: id });
const stored = (world: MemoryWorld) =>
  JSON.stringify([world.definitions, world.states, world.attempts, world.letters].map((map) => [...map.values()]));

async function redact(world: MemoryWorld, run: RunDefinition): Promise<void> {
  await redactRun(world.ports, keyOf(run), world.states.get(run.id)!);
}

test('payload and answers of an ended run are gone from all rows; the outcomes stay', async () => {
  const world = new MemoryWorld();
  const run = await ended(world, [FAILED, {}]);
  world.now += SETTLED_MS;
  expect(stored(world)).toContain(SECRET);
  const { first_attempt, ...state } = world.states.get(run.id)!;
  await redact(world, run);
  expect(stored(world)).not.toContain(SECRET);
  const after = world.states.get(run.id)!;
  expect(after).toMatchObject({ status: 'success', version: state.version + 1, later_attempts: state.later_attempts });
  expect(after.first_attempt).toEqual({
    ...first_attempt,
    request_headers: {},
    response_headers: {},
    response_body: '',
  });
  expect(world.definitions.get(run.id)).toMatchObject({ id: run.id, due: run.due, redacted_at: world.now });
});

test('a dead letter is redacted once it is resolved', async () => {
  const world = new MemoryWorld();
  const run = await ended(world, [FAILED, FAILED]);
  world.now += SETTLED_MS;
  await expect(redact(world, run)).rejects.toThrow('Resolve the dead letter first');
  await world.ports.deadLetters.markResolved(world.letters.get(run.id)!, world.now, 'seen to');
  await redact(world, run);
  expect(stored(world)).not.toContain(SECRET);
  expect(world.letters.get(run.id)).toMatchObject({
    status: 'resolved',
    note: 'seen to',
    reason: 'attempts_exhausted',
  });
});

test('a run that waits, or whose worker may still be at work, keeps all', async () => {
  const world = new MemoryWorld();
  const run = await ended(world, [{}]);
  const state = world.states.get(run.id)!;
  world.now = state.finished_at! + SETTLED_MS - 1;
  await expect(redact(world, run)).rejects.toThrow('ended only just now');
  world.now += DAY;
  for (const status of ['pending', 'running', 'retry_scheduled'] as const)
    await expect(redactRun(world.ports, keyOf(run), { ...state, status })).rejects.toThrow(`is ${status}`);
  expect(stored(world)).toContain(SECRET);
  // No worker has begun it.
  await redactRun(world.ports, keyOf(run), { ...state, attempt: 0, finished_at: world.now });
});

test('wherever it dies, a repeat removes the rest, and the mark comes last', async () => {
  for (let death = 0; ; death++) {
    const world = new MemoryWorld();
    const run = await ended(world, [FAILED, FAILED]);
    await world.ports.deadLetters.markResolved(world.letters.get(run.id)!, world.now, 'seen to');
    world.now += SETTLED_MS;
    let step = 0;
    world.at = () => {
      if (step++ >= death) throw new Killed();
    };
    const isDone = await redact(world, run).then(
      () => true,
      () => false,
    );
    world.at = () => {};
    if (world.definitions.get(run.id)!.redacted_at !== undefined) expect(stored(world)).not.toContain(SECRET);
    await redact(world, run);
    expect(stored(world)).not.toContain(SECRET);
    if (isDone) return expect(death).toBeGreaterThan(8);
  }
});
