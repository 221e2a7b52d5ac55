import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, aRun, FAILED, MemoryWorld, START } from '../../support/memory-world.js';
import { patchEndpoint } from '../../support/patched-endpoint.js';

const DAY = 86_400_000;
const GONE = { ...FAILED, http_status: 410 };

async function deliver(world: MemoryWorld, change: Partial<RunDefinition> = { max_attempts: 1 }) {
  const run = aRun(change);
  await createRun(world.ports, run);
  await world.settleDown();
  return run;
}

/** The notes that were taken, by name. */
function notesOf(world: MemoryWorld): string[] {
  const notes: string[] = [];
  world.at = (moment) => {
    const [, name] = /^after (note\w+|disable|announce)$/.exec(moment) ?? [];
    if (name) notes.push(name);
  };
  return notes;
}

test('410 disables the endpoint at once, announces it, and ends the run', async () => {
  const world = new MemoryWorld();
  world.answer = () => GONE;
  const run = await deliver(world, {});
  expect(world.calls).toHaveLength(1);
  expect(world.endpoint).toMatchObject({
    status: 'disabled',
    disabled_reason: 'It answered 410 Gone.',
    disabled_at: START + 20,
  });
  expect(world.endpoint.announcement_due).toBeUndefined();
  expect(world.announced).toMatchObject([{ id: world.endpoint.id, disabled_reason: 'It answered 410 Gone.' }]);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'endpoint_disabled', last_attempt: { http_status: 410 } });
});

test('410 of a target given inline is a failure like any other', async () => {
  const world = new MemoryWorld();
  world.answer = () => GONE;
  const { endpoint_id: _none, ...inline } = aRun({ max_attempts: 2 });
  const target = { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1_000 } as const;
  const run = { ...inline, target };
  await createRun(world.ports, run);
  await world.settleDown();
  expect(world.calls).toHaveLength(2);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'attempts_exhausted' });
  expect(world.endpoint.status).toBe('active');
});

test('410 of a test is shown to the person who asked for it, and disables nothing', async () => {
  const world = new MemoryWorld();
  world.answer = () => GONE;
  const run = await deliver(world, { max_attempts: 1, source: { type: 'test', id: world.endpoint.id } });
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'attempts_exhausted' });
  expect(world.endpoint.status).toBe('active');
});

test('five days of nothing but failure disable it, with since when; nothing is written on the way', async () => {
  const world = new MemoryWorld();
  world.answer = () => FAILED;
  const notes = notesOf(world);
  await deliver(world);
  const since = world.endpoint.failing_since!;
  for (let hour = 1; hour < 120; hour++) {
    world.now = since + hour * 3_600_000;
    await deliver(world);
  }
  expect(notes).toEqual(['noteFailing']);
  world.now = since + 5 * DAY + 3_600_000;
  await deliver(world);
  expect(world.endpoint).toMatchObject({
    status: 'disabled',
    failing_since: since,
    disabled_reason: `Every call has failed since ${new Date(since).toISOString()}, for 5 days.`,
  });
  expect(world.announced).toHaveLength(1);
});

test('one success ends it, and five days begin anew', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call === 1 ? {} : FAILED);
  await deliver(world);
  world.now = START + 4 * DAY;
  await deliver(world);
  expect(world.endpoint.failing_since).toBeUndefined();
  world.now = START + 6 * DAY;
  await deliver(world);
  expect(world.endpoint).toMatchObject({ status: 'active', failing_since: START + 6 * DAY + 20 });
});

test('while all goes well nothing is noted, and one that fails by turns costs two notes a minute at most', async () => {
  const world = new MemoryWorld();
  const notes = notesOf(world);
  await deliver(world);
  expect(notes).toEqual([]);
  world.answer = (call) => (call % 2 === 0 ? {} : FAILED);
  for (let n = 0; n < 60; n++) {
    world.now = START + 100_000 + n * 1_000;
    await deliver(world);
  }
  expect(notes.length).toBeLessThanOrEqual(4);
});

test('a cancelled call says nothing about the endpoint', async () => {
  const world = new MemoryWorld();
  const notes = notesOf(world);
  world.answer = () => ({ status: 'cancelled', http_status: null });
  await deliver(world);
  expect(notes).toEqual([]);
});

test('a person who has just changed the endpoint is not overruled by an older answer', async () => {
  const world = new MemoryWorld();
  world.answer = async () => {
    world.now += 1;
    await patchEndpoint(world, { status: 'active' });
    return GONE;
  };
  await deliver(world);
  expect(world.endpoint.status).toBe('active');
  expect(world.announced).toEqual([]);
});

test('active again: all trouble is forgotten', async () => {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ failing_since: START - 1 });
  world.answer = () => GONE;
  await deliver(world);
  await patchEndpoint(world, { status: 'active' });
  expect(world.endpoint).toMatchObject({ status: 'active' });
  for (const name of ['disabled_reason', 'disabled_at', 'failing_since', 'announcement_due'])
    expect(world.endpoint).not.toHaveProperty(name);
});
