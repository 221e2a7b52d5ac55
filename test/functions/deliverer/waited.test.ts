import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import { pendingState, type RunState } from '../../../functions/subjects/task-runs/task-run.js';
import {
  anEndpoint,
  aRun,
  FAILED,
  type HttpEndpoint,
  MemoryWorld,
  PROJECT_ID,
  START,
} from '../../support/memory-world.js';
import { patchEndpoint } from '../../support/patched-endpoint.js';

/** Whether each run's first attempt is said to have waited by a rule of its project. */
const waited = (world: MemoryWorld) =>
  world.runs().map(({ id }) => world.states.get(id)?.first_attempt?.waited ?? false);

async function created(count: number, endpoint: Partial<HttpEndpoint> = {}): Promise<MemoryWorld> {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint(endpoint);
  for (let n = 0; n < count; n++) await createRun(world.ports, aRun());
  return world;
}

test('nothing has made a run wait that its lane delivers late, or that came too early for its moment', async () => {
  const world = await created(1);
  world.now += 60_000;
  const due = world.now + 20_000;
  const early = aRun({ due });
  await createRun(world.ports, early);
  for (const { token } of world.messages.splice(0)) await world.receive(token);
  expect(world.messages).toMatchObject([{ token: { hop: 1 } }]); // the Scheduler's message came before its moment
  await world.settleDown();
  expect(world.states.get(early.id)!.first_attempt!.lateness_ms).toBe(0);
  expect(waited(world)).toEqual([false, false]);
});

test('a paused endpoint makes runs wait', async () => {
  const world = await created(2, { status: 'paused' });
  await world.settleDown();
  await patchEndpoint(world, { status: 'active' });
  await world.settleDown();
  expect(waited(world)).toEqual([true, true]);
});

test.each([
  ['in the function', 20],
  ['in the queue', 0.1],
])('a rate limit makes a run wait %s, unless the rate has room for it', async (_where, rate_limit_per_second) => {
  const world = await created(2, { rate_limit_per_second });
  await world.settleDown();
  expect(waited(world)).toEqual([false, true]);
});

test('a copy of the message that waits for its booked moment waits too', async () => {
  const world = await created(2, { rate_limit_per_second: 0.1 });
  const [first, second] = world.messages.splice(0);
  for (const { token } of [first!, second!, second!]) await world.receive(token);
  expect(world.messages).toMatchObject([{ token: { waited: true } }, { token: { hop: 1, waited: true } }]);
});

test('a limit of concurrency makes the run wait that finds no slot', async () => {
  const world = await created(2, { max_concurrency: 1 });
  const [first, second] = world.messages.splice(0);
  world.answer = async (call) => {
    if (call === 0) await world.receive(second!.token);
    return {};
  };
  await world.receive(first!.token);
  expect(world.messages).toMatchObject([{ token: { waited: true, slot: {} } }]);
  await world.settleDown();
  expect(waited(world)).toEqual([false, true]);
});

test('another run of the schedule makes a retry wait; a retry itself is no wait of that kind', async () => {
  const world = new MemoryWorld();
  world.answer = (call) => (call === 0 ? FAILED : {});
  const run = aRun({ source: { type: 'manual', id: 'sch_1' }, overlap: 'skip' });
  await createRun(world.ports, run);
  const other = aRun();
  const executing: RunState = {
    ...pendingState(other),
    status: 'running',
    attempt: 1,
    nonce: 'n',
    lease: START + 90_000,
  };
  world.clocks.set('sch_1', { project_id: PROJECT_ID, id: 'sch_1', gen: 1, runs: 0 } as never);
  await world.receive(world.messages.pop()!.token);
  expect(world.messages).not.toMatchObject([{ token: { waited: true } }]);
  world.states.set(other.id, executing);
  await world.ports.schedules.takeLock(world.clocks.get('sch_1')!, other.id, 'n');
  const [retry] = world.messages.splice(0);
  world.now = retry!.due;
  await world.receive(retry!.token);
  expect(world.messages).toMatchObject([{ token: { attempt: 2, waited: true } }]);
});
