import { createHash } from 'node:crypto';
import { makeId } from '../../../../functions/primitives/ids.js';
import { fanOut } from '../../../../functions/protocol/events/fan-out.js';
import { release } from '../../../../functions/protocol/limits/held-runs.js';
import { publish } from '../../../../functions/protocol/messages/publish.js';
import { laneGroup } from '../../../../functions/protocol/messages/send-run.js';
import type { FanOutToken, ReleaseToken } from '../../../../functions/protocol/rules/token.js';
import { type BulkPorts, beginBulkJob } from '../../../../functions/protocol/runs/bulk-jobs.js';
import { createRun, replayDeadLetter } from '../../../../functions/protocol/runs/run-operations.js';
import { createSchedule } from '../../../../functions/protocol/schedules/schedule-chain.js';
import type { RunDefinition } from '../../../../functions/subjects/task-runs/task-run.js';
import { aListener, anEvent, dispatchAll } from '../../../support/event-stories.js';
import { anEndpoint, aRun, aSchedule, ENDPOINT_ID, FAILED, PROJECT_ID, START } from '../../../support/memory-world.js';
import { patchEndpoint } from '../../../support/patched-endpoint.js';
import { MINUTE, SweepWorld } from '../../../support/sweep-world.js';

const GROUP = laneGroup({ project_id: PROJECT_ID, endpoint_id: ENDPOINT_ID });
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Rounds have been running for a while, a quarter of an hour apart. */
async function aWorld(): Promise<SweepWorld> {
  const world = new SweepWorld();
  await world.sweepOnce();
  return world;
}

const hourly = () => aSchedule({ name: 'every hour', cron: '0 * * * *' });

let serial = 0;
function runMadeAt(now: number, change: Partial<RunDefinition> = {}): RunDefinition {
  const id = makeId('run', now, createHash('sha256').update(`${++serial}`).digest());
  return aRun({ id, due: now, created_at: now, expires_at: now + 400 * DAY, ...change });
}

async function waitingRun(world: SweepWorld): Promise<RunDefinition> {
  world.answer = (call) => (call === 0 ? FAILED : {});
  const run = runMadeAt(world.now);
  await createRun(world.ports, run);
  await world.receive(world.messages.pop()!.token);
  expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled' });
  return run;
}

/** How long after `moment` the first message is sent again. */
async function repairedAfter(world: SweepWorld, moment: number): Promise<number> {
  const sent = () => world.messages.length + world.dispatched.length + world.fires.length;
  for (let rounds = 0; sent() === 0; rounds++) {
    if (rounds > 100) throw new Error('it is never sent again');
    await world.sweepUntil(world.now + 15 * MINUTE);
  }
  return world.now - moment;
}

/** A round's own waiting takes seconds. */
const HALF_AN_HOUR = 30 * MINUTE + 30_000;

describe('what has lost its message goes out within half an hour of its moment', () => {
  test.each([0, 3, 4.9, 5, 9, 14.9])('a task, made %d minutes after a round', async (minutes) => {
    const world = await aWorld();
    world.now += minutes * MINUTE;
    const run = runMadeAt(world.now);
    await createRun(world.ports, run);
    world.lose();
    world.now = START;
    expect(await repairedAfter(world, run.due)).toBeLessThan(HALF_AN_HOUR);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
    expect(world.calls).toHaveLength(1);
  });

  test.each([1, 8, 14, 20, 100 * 24 * 60 + 7])('a task due in %d minutes', async (minutes) => {
    const world = await aWorld();
    const run = runMadeAt(START + 7 * MINUTE, { due: START + 7 * MINUTE + minutes * MINUTE });
    await createRun(world.ports, run);
    world.lose();
    // By then it is on a list: months are passed in leaps.
    await world.sweepUntil(START + 45 * MINUTE);
    if (minutes > 1_000) world.now = run.due - 40 * MINUTE;
    expect(world.now < run.due ? world.messages : []).toEqual([]);
    expect(await repairedAfter(world, run.due)).toBeLessThan(Math.max(HALF_AN_HOUR, world.now - run.due + 1));
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
  });

  test('runs of an event', async () => {
    const world = await aWorld();
    world.events.listeners = [aListener(1, '*'), aListener(2, '*')];
    await publish(world.ports, anEvent());
    await dispatchAll(world);
    await world.receive(world.messages.pop()!.token);
    world.lose();
    expect(await repairedAfter(world, START)).toBeLessThan(HALF_AN_HOUR);
    await world.settleDown();
    expect(world.calls).toHaveLength(2);
  });

  test.each([0, 1, 2])('a fan-out after %d pages', async (pages) => {
    const world = await aWorld();
    world.events.pageSize = 1;
    world.events.listeners = [aListener(1, '*'), aListener(2, '*'), aListener(3, '*')];
    const event = anEvent();
    await publish(world.ports, event);
    for (let page = 0; page < pages; page++) await fanOut(world.ports, world.dispatched.pop() as FanOutToken);
    await world.settleDown();
    world.lose();
    expect(await repairedAfter(world, START)).toBeLessThan(HALF_AN_HOUR);
    await dispatchAll(world);
    await world.settleDown();
    expect(world.calls).toHaveLength(3);
  });

  test('runs of a page that was decided, and whose worker then died for good', async () => {
    for (const last of ['putPage', 'create']) {
      const world = await aWorld();
      world.events.listeners = [aListener(1, '*'), aListener(2, '*')];
      await publish(world.ports, anEvent());
      world.at = (moment) => {
        if (moment === `after ${last}`) throw new Error('killed');
      };
      const page = fanOut(world.ports, world.dispatched.pop() as FanOutToken);
      await expect(page).rejects.toThrow('killed');
      world.at = () => {};
      world.lose();
      expect(await repairedAfter(world, START)).toBeLessThan(HALF_AN_HOUR);
      await dispatchAll(world);
      await world.settleDown();
      expect(new Set(world.calls.map(({ run }) => run)).size).toBe(2);
    }
  });

  test('a run of an event that was fanned out late', async () => {
    const world = await aWorld();
    world.events.listeners = [aListener(1, '*')];
    world.stuck.add('wake-ups');
    await publish(world.ports, anEvent());
    await world.sweepUntil(START + 2 * HOUR);
    world.stuck.clear();
    await dispatchAll(world);
    world.lose();
    const late = world.now;
    expect(await repairedAfter(world, late)).toBeLessThan(HALF_AN_HOUR);
    await world.settleDown();
    expect(world.calls).toHaveLength(1);
  });

  test('a run of a schedule that was made late', async () => {
    const world = await aWorld();
    world.stuck.add('wake-ups');
    await world.sweepUntil(START + 2 * HOUR);
    world.stuck.clear();
    // The dispatcher has just worked its backlog off: the run bears the time of its occurrence.
    const run = runMadeAt(START + 30 * MINUTE, { source: { type: 'schedule', id: 'sch_1' } });
    await createRun(world.ports, run);
    world.lose();
    expect(await repairedAfter(world, world.now)).toBeLessThan(HALF_AN_HOUR);
  });

  test('a retry', async () => {
    const world = await aWorld();
    const run = await waitingRun(world);
    world.lose();
    expect(await repairedAfter(world, world.states.get(run.id)!.due!)).toBeLessThan(HALF_AN_HOUR);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 2 });
  });

  test.each([1, 2])('attempt %d whose worker died, message and all', async (attempt) => {
    const world = await aWorld();
    const run = attempt === 1 ? runMadeAt(world.now) : await waitingRun(world);
    if (attempt === 1) await createRun(world.ports, run);
    const [message] = world.messages.splice(0);
    world.now = Math.max(world.now, message!.due);
    world.at = (moment) => {
      if (moment === 'before call') throw new Error('the worker dies');
    };
    await expect(world.receive(message!.token)).rejects.toThrow();
    world.at = () => {};
    expect(world.states.get(run.id)).toMatchObject({ status: 'running', attempt });
    expect(await repairedAfter(world, world.states.get(run.id)!.lease!)).toBeLessThan(HALF_AN_HOUR);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt });
  });

  test('a replay', async () => {
    const world = await aWorld();
    world.answer = (call) => (call < 3 ? FAILED : {});
    const run = runMadeAt(world.now);
    await createRun(world.ports, run);
    await world.settleDown();
    await world.sweepUntil(world.now + 2 * DAY);
    await replayDeadLetter(world.ports, world.letters.get(run.id)!);
    const replayed = world.now;
    world.lose();
    expect(await repairedAfter(world, replayed)).toBeLessThan(HALF_AN_HOUR);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', epoch: 1 });
  });

  test.each(['active', 'gone'])('what a paused endpoint held that is %s now', async (now) => {
    const world = await aWorld();
    world.endpoint = anEndpoint({ status: 'paused' });
    const run = runMadeAt(world.now);
    await createRun(world.ports, run);
    await world.settleDown();
    expect(world.held.size).toBe(1);
    await world.sweepUntil(world.now + DAY);
    expect(world.messages).toEqual([]);
    if (now === 'active') await patchEndpoint(world, { status: 'active' });
    else world.endpoint = anEndpoint({ id: makeId('ep', START, Buffer.alloc(8, 9)) });
    const resumed = world.now;
    world.lose();
    expect(await repairedAfter(world, resumed)).toBeLessThan(HALF_AN_HOUR + (now === 'gone' ? 5 * MINUTE : 0));
    expect((world.dispatched[0] as ReleaseToken).kind).toBe('release');
    await world.settleDown();
    expect(world.held.size).toBe(0);
    expect(world.states.get(run.id)!.status).toBe(now === 'active' ? 'success' : 'dead_letter');
  });

  test.each([1, 2])('attempt %d that its endpoint let go, and whose message was lost then', async (attempt) => {
    const world = await aWorld();
    if (attempt === 1) world.endpoint = anEndpoint({ status: 'paused' });
    const run = attempt === 1 ? runMadeAt(world.now) : await waitingRun(world);
    if (attempt === 1) await createRun(world.ports, run);
    world.endpoint = anEndpoint({ status: 'paused' });
    await world.settleDown();
    await world.sweepUntil(world.now + DAY);
    await patchEndpoint(world, { status: 'active' });
    await world.settleReleases();
    const released = world.now;
    world.lose();
    // When that was nothing tells: it is first seen to be let go, and then missed.
    expect(await repairedAfter(world, released)).toBeLessThan(45 * MINUTE + 30_000);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
  });

  test('who waits for a slot that no run passes on', async () => {
    const world = await aWorld();
    world.endpoint = anEndpoint({ max_concurrency: 1 });
    world.slots.set(0, { index: 0, run: 'run_another', holder: 'a worker that died', lease: world.now + 15_000 });
    const run = runMadeAt(world.now);
    await createRun(world.ports, run);
    await world.settleDown();
    expect(world.held.size).toBe(1);
    await repairedAfter(world, START);
    await world.settleDown();
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
    expect([world.held.size, world.slots.size]).toEqual([0, 0]);
  });

  test('a page of a bulk replay', async () => {
    const world = await aWorld();
    const job = {
      id: makeId('bulk', START, Buffer.alloc(8, 1)),
      project_id: PROJECT_ID,
      until: START,
      status: 'running',
      cursor: '',
      done: 0,
      created_at: START,
      expires_at: START + DAY,
    } as const;
    const bulkJobs = { create: async () => void world.jobs.set(job.id, job) };
    await beginBulkJob({ ...world.ports, bulkJobs } as unknown as BulkPorts, job);
    world.lose();
    expect(await repairedAfter(world, START)).toBeLessThan(HALF_AN_HOUR);
    expect(world.dispatched).toMatchObject([{ kind: 'bulk', job: job.id, cursor: '' }]);
    // It moves on: the next page's moment is another.
    world.lose();
    const moved = world.now;
    world.jobs.set(job.id, { ...job, cursor: 'dl_1', updated_at: moved });
    expect(await repairedAfter(world, moved)).toBeLessThan(HALF_AN_HOUR);
    expect(world.dispatched).toMatchObject([{ cursor: 'dl_1' }]);
  });

  test('the wake-up of a schedule', async () => {
    const world = await aWorld();
    const schedule = hourly();
    await createSchedule(world.ports, schedule, 'active', 0);
    const { next_at } = world.clocks.get(schedule.id)!;
    world.lose();
    expect(await repairedAfter(world, next_at!)).toBeLessThan(HALF_AN_HOUR);
    expect(world.fires).toMatchObject([{ token: { kind: 'fire', gen: 2, occurrence: next_at } }]);
  });
});

describe('no message is added to one that still waits', () => {
  test('while a lane stands still for three days nothing is sent again; what it lost, once it goes on', async () => {
    const world = await aWorld();
    const retry = await waitingRun(world);
    const first = runMadeAt(world.now);
    await createRun(world.ports, first);
    const waiting = world.messages;
    world.messages = [];
    world.stuck.add('fast');
    await world.sweepUntil(world.now + 3 * DAY);
    expect(world.messages).toEqual([]);
    // The backlog is worked off: nothing is left to send.
    world.messages = waiting;
    await world.settleDown();
    world.stuck.clear();
    world.letProbesThrough();
    await world.sweepUntil(world.now + HOUR);
    expect([world.messages, world.metrics.counts.rearmed]).toEqual([[], undefined]);
    expect([retry, first].map(({ id }) => world.states.get(id)!.status)).toEqual(['success', 'success']);
  });

  test('what was lost before a lane stood still is sent once afterwards', async () => {
    const world = await aWorld();
    await waitingRun(world);
    await createRun(world.ports, runMadeAt(world.now));
    world.lose();
    world.stuck.add('fast');
    await world.sweepUntil(world.now + 3 * DAY);
    expect(world.messages).toEqual([]);
    world.stuck.clear();
    world.letProbesThrough();
    await world.sweepUntil(world.now + 15 * MINUTE);
    expect(world.messages).toHaveLength(2);
    await world.sweepUntil(world.now + 15 * MINUTE);
    expect(world.messages).toHaveLength(2);
  });

  test('the lanes keep their own time', async () => {
    const world = await aWorld();
    const timeouts = { fast: 10_000, slow: 60_000 };
    const targets = Object.values(timeouts).map((timeout_ms) => ({ ...anEndpoint(), timeout_ms }));
    for (const target of targets) await createRun(world.ports, runMadeAt(world.now, { target }));
    world.lose();
    world.stuck.add('fast');
    await world.sweepUntil(world.now + 2 * HOUR);
    expect(new Set(world.messages.map(({ lane }) => lane))).toEqual(new Set(['slow']));
  });

  test('runs in a long line of their group are not joined by copies while others pass by', async () => {
    const world = await aWorld();
    const other = anEndpoint({ id: makeId('ep', 1_700_000_000_000, Buffer.alloc(8, 5)) });
    world.events.listeners = [other];
    for (let n = 0; n < 20; n++) await createRun(world.ports, runMadeAt(world.now));
    const lost = runMadeAt(world.now, { endpoint_id: other.id });
    await createRun(world.ports, lost);
    const line = world.messages.filter(({ token }) => token.run !== lost.id);
    world.lose();
    world.stuck.add(`fast ${GROUP}`);
    await world.sweepUntil(world.now + DAY);
    expect(new Set(world.messages.map(({ token }) => token.run))).toEqual(new Set([lost.id]));
    world.stuck.clear();
    world.messages = [...line, world.messages[0]!];
    await world.settleDown();
    await world.sweepUntil(world.now + DAY);
    expect([world.calls.length, world.messages]).toEqual([21, []]);
  });

  test('held retries are left where they are', async () => {
    const world = await aWorld();
    world.answer = () => FAILED;
    world.endpoint = anEndpoint({ max_concurrency: 1 });
    for (let n = 0; n < 20; n++) await createRun(world.ports, runMadeAt(world.now));
    const isFirst = ({ token }: (typeof world.messages)[number]) => token.kind === 'deliver' && token.attempt === 1;
    for (let next = world.messages.find(isFirst); next; next = world.messages.find(isFirst)) {
      world.messages = world.messages.filter((message) => message !== next);
      await world.receive(next.token);
    }
    // The one slot is taken for long by a slow call.
    world.slots.set(0, { index: 0, run: 'run_x', holder: 'slow', lease: world.now + 10 * HOUR });
    for (const { due, token } of world.messages.splice(0)) {
      world.now = Math.max(world.now, due);
      await world.receive(token);
    }
    expect(world.held.size).toBe(20);
    await world.sweepUntil(world.now + 3 * HOUR);
    expect([world.held.size, world.messages]).toEqual([20, []]);
  });

  test('a retry that its paused endpoint holds is left where it is', async () => {
    const world = await aWorld();
    const run = await waitingRun(world);
    world.endpoint = anEndpoint({ status: 'paused' });
    await world.settleDown();
    await world.sweepUntil(world.now + DAY);
    expect([world.held.size, world.messages]).toEqual([1, []]);
    expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled' });
  });

  test.each(['first attempts', 'retries'])(
    '%s that an endpoint has just let go, a long line of them, are not joined by copies',
    async (kind) => {
      const world = await aWorld();
      if (kind === 'retries') world.answer = (call) => (call < 20 ? FAILED : {});
      else world.endpoint = anEndpoint({ status: 'paused' });
      for (let n = 0; n < 20; n++) await createRun(world.ports, runMadeAt(world.now));
      for (const { token } of world.messages.splice(0)) await world.receive(token);
      world.endpoint = anEndpoint({ status: 'paused' });
      await world.settleDown();
      expect(world.held.size).toBe(20);
      await world.sweepUntil(world.now + 5 * HOUR);
      world.now += 10 * MINUTE;
      await patchEndpoint(world, { status: 'active' });
      await world.settleReleases();
      expect(world.messages).toHaveLength(20);
      const released = world.now;
      // The line takes its time.
      world.stuck.add('fast');
      await world.sweepUntil(world.now + 100 * MINUTE);
      for (const name of ['fast', `fast ${GROUP}`]) world.workedOff.set(name, released - 1);
      await world.sweepUntil(world.now + 30 * MINUTE);
      expect(world.messages).toHaveLength(20);
      await world.settleDown();
      expect([...world.states.values()].map(({ status }) => status)).toEqual(Array(20).fill('success'));
    },
  );

  test('what is due later, or whose turn is still to come, is not missed', async () => {
    const world = await aWorld();
    const run = await waitingRun(world);
    const state = world.states.get(run.id)!;
    world.states.set(run.id, { ...state, turn: { n: 1, at: world.now + DAY } });
    world.lose();
    await world.sweepUntil(world.now + DAY);
    expect(world.messages).toEqual([]);
    await world.sweepUntil(world.now + 30 * MINUTE);
    expect(world.messages).toHaveLength(1);
  });

  test('a message that is lost again and again, or that fails while others pass, is joined by ten in fourteen days', async () => {
    const world = await aWorld();
    await createRun(world.ports, runMadeAt(world.now));
    await waitingRun(world);
    world.lose();
    await world.sweepUntil(world.now + 14 * DAY);
    expect(world.messages.filter(({ token }) => token.kind === 'deliver' && token.attempt === 1)).toHaveLength(10);
    expect(world.messages).toHaveLength(20);
  });

  test('a fire that waits in its queue keeps its place there', async () => {
    const world = await aWorld();
    const schedule = hourly();
    await createSchedule(world.ports, schedule, 'active', 0);
    const fires = world.fires;
    world.stuck.add('wake-ups');
    await world.sweepUntil(world.now + DAY);
    expect(world.fires).toEqual(fires);
    expect(world.clocks.get(schedule.id)).toMatchObject({ gen: 1 });
  });

  test('a fan-out that is under way is not begun beside itself', async () => {
    const world = await aWorld();
    world.events.pageSize = 1;
    world.events.listeners = Array.from({ length: 8 }, (_, n) => aListener(n + 1, '*'));
    await publish(world.ports, anEvent());
    // A page every ten minutes.
    for (let page = 0; page < 8; page++) {
      await fanOut(world.ports, world.dispatched.pop() as FanOutToken);
      expect(world.dispatched).toHaveLength(page < 7 ? 1 : 0);
      world.now += 9 * MINUTE;
      await world.sweepOnce();
      expect(world.dispatched).toHaveLength(page < 7 ? 1 : 0);
    }
  });

  test('a release that is under way is not begun beside itself', async () => {
    const world = await aWorld();
    world.endpoint = anEndpoint({ status: 'paused' });
    for (let n = 0; n < 250; n++) await createRun(world.ports, runMadeAt(world.now));
    for (const { token } of world.messages.splice(0)) await world.receive(token);
    await patchEndpoint(world, { status: 'active' });
    // Fifty a page, and a page in each round; what is let go waits in its lane.
    world.stuck.add('fast');
    for (let page = 1; page <= 5; page++) {
      await world.sweepUntil(world.now + 15 * MINUTE);
      expect(world.dispatched).toHaveLength(1);
      await release(world.ports, world.dispatched.pop() as ReleaseToken);
      expect(world.messages).toHaveLength(50 * page);
    }
    expect(world.metrics.counts.rearmed).toBeUndefined();
  });
});

test('a token sent again although the first one lives calls once', async () => {
  const world = await aWorld();
  const run = runMadeAt(world.now);
  await createRun(world.ports, run);
  await world.sweepUntil(world.now + HOUR);
  expect(world.messages.length).toBeGreaterThan(1);
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
});

test('a row that throws is told of, looked at again in the next round, and keeps no other from its turn', async () => {
  const world = await aWorld();
  world.events.listeners = [aListener(1, '*')];
  const [bad, good] = [runMadeAt(world.now), runMadeAt(world.now)];
  await createRun(world.ports, bad);
  await createRun(world.ports, good);
  const retry = await waitingRun(world);
  const schedule = hourly();
  await createSchedule(world.ports, schedule, 'active', 0);
  world.lose();
  const { sendToLane } = world.ports.wakeUps;
  const poisoned = new Set([bad.id, retry.id]);
  Object.assign(world.sweepPorts.wakeUps, {
    sendToLane: async (...sent: Parameters<typeof sendToLane>) => {
      if (poisoned.has(sent[1].run)) throw new Error('poison');
      return sendToLane(...sent);
    },
  });
  await world.sweepUntil(world.now + 2 * HOUR);
  expect(new Set(world.messages.map(({ token }) => token.run))).toEqual(new Set([good.id]));
  expect(world.fires.length).toBeGreaterThan(0);
  const rows = world.failures.map(({ row }) => row);
  expect(rows.filter((row) => row === bad.id).length).toBeGreaterThan(5);
  expect(rows.filter((row) => row === retry.id).length).toBeGreaterThan(5);
  expect(world.metrics.counts).toMatchObject({ sweep_failures: rows.length, swept: 9 });
  poisoned.clear();
  world.lose();
  await world.sweepUntil(world.now + 15 * MINUTE);
  expect(world.messages.map(({ token }) => token.run).sort()).toEqual([bad.id, retry.id].sort());
});

test('a schedule, a bulk replay or an event that throws once has its turn in the next round', async () => {
  const world = await aWorld();
  const schedule = hourly();
  await createSchedule(world.ports, schedule, 'active', 0);
  await publish(world.ports, anEvent());
  const base = { project_id: PROJECT_ID, until: START, cursor: '', done: 0, created_at: START };
  const job = {
    ...base,
    id: makeId('bulk', START, Buffer.alloc(8)),
    status: 'running',
    expires_at: START + DAY,
  } as const;
  world.jobs.set(job.id, job);
  world.now = Math.max(world.now, world.clocks.get(schedule.id)!.next_at!);
  world.lose();
  let isBroken = true;
  world.at = (moment) => {
    if (isBroken && (moment === 'before dispatch' || moment === 'before sendFire')) throw new Error('throttled');
  };
  await world.sweepUntil(world.now + 15 * MINUTE);
  isBroken = false;
  expect(world.failures.map(({ row }) => row?.slice(0, 4)).sort()).toEqual(['bulk', 'evt_', 'sch_']);
  await world.sweepUntil(world.now + 15 * MINUTE);
  expect(world.dispatched.map(({ kind }) => kind).sort()).toEqual(['bulk', 'fanout']);
  expect(world.fires).toHaveLength(1);
});
