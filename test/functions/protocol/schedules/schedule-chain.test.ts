import type { Destination } from '../../../../functions/destinations/registry.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import { cancelRequested } from '../../../../functions/protocol/rules/transitions.js';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  fire,
  rearmSchedule,
} from '../../../../functions/protocol/schedules/schedule-chain.js';
import { DEFAULT_RETRY_POLICY } from '../../../../functions/subjects/retry-policies/retry-policy.js';
import { dueOf } from '../../../../functions/subjects/schedules/fire-plan.js';
import { occurrencesAfter, type Schedule } from '../../../../functions/subjects/schedules/schedule.js';
import type { RunStatus } from '../../../../functions/subjects/task-runs/task-run.js';
import { aListener, dispatchAll } from '../../../support/event-stories.js';
import {
  anEndpoint,
  aSchedule,
  FAILED,
  Killed,
  MemoryWorld,
  PROJECT_ID,
  START,
} from '../../../support/memory-world.js';
import { client } from '../../../support/repeating-client.js';

const MINUTE = 60_000;
const KEEP_MS = 30 * 86_400_000;
/** 14 November 2026 or so: at a full minute. */
const NOON = Math.ceil(START / (60 * MINUTE)) * 60 * MINUTE;

function worldAt(now: number): MemoryWorld {
  const world = new MemoryWorld();
  world.now = now;
  return world;
}

const keyOf = (schedule: Schedule) => ({ project: PROJECT_ID, schedule: schedule.id });
/** As a user does who has just read the schedule. */
const change = (world: MemoryWorld, schedule: Schedule, status: 'active' | 'paused') => {
  const seen = { schedule: world.schedules.get(schedule.id)!, clock: world.clocks.get(schedule.id)! };
  const version = seen.schedule.version + 1;
  return changeSchedule(world.ports, { ...schedule, version }, seen, status);
};
const firedAt = (world: MemoryWorld) => world.calls.map(({ at }) => (at - NOON) / 1000);
const statuses = (world: MemoryWorld) => [...world.states.values()].map(({ status }) => status);

test('every occurrence makes one run, called on its moment', async () => {
  const world = worldAt(NOON + 10);
  await createSchedule(world.ports, aSchedule(), 'active', 0);
  await world.runUntil(NOON + 5 * MINUTE + 1_000);
  expect(firedAt(world)).toEqual([60, 120, 180, 240, 300]);
});

test('a fire looks at its schedule once: what its own commit left behind needs no second look', async () => {
  const world = worldAt(NOON + 10);
  await createSchedule(world.ports, aSchedule(), 'active', 0);
  const find = jest.spyOn(world.ports.schedules, 'find');
  const [{ token, due }] = world.fires as [(typeof world.fires)[number]];
  world.now = due;
  await fire(world.ports, token);
  expect(find).toHaveBeenCalledTimes(1);
  expect(world.messages).toHaveLength(1);
  // One that comes while the clock is behind it goes on until it is not.
  const [next] = world.fires.slice(-1) as [(typeof world.fires)[number]];
  const clock = world.clocks.get(token.schedule)!;
  world.clocks.set(token.schedule, { ...clock, next_at: token.occurrence, tok: token.nonce });
  await fire(world.ports, { ...next.token, nonce: 'lost' });
  expect(world.clocks.get(token.schedule)).toMatchObject({ next_at: next.token.occurrence });
  expect(find).toHaveBeenCalledTimes(3);
});

test('one wake-up covers a minute of an expression with seconds', async () => {
  const world = worldAt(NOON + 10);
  await createSchedule(world.ports, aSchedule({ cron: '*/10 * * * * *' }), 'active', 0);
  await world.runUntil(NOON + MINUTE + 500);
  expect(firedAt(world)).toEqual([10, 20, 30, 40, 50, 60]);
});

test('a schedule of one moment is completed when it has fired', async () => {
  const world = worldAt(NOON);
  const { cron: _cron, ...plain } = aSchedule({ run_at: NOON + 90_000 });
  await createSchedule(world.ports, plain, 'active', 0);
  await world.runUntil(NOON + 5 * MINUTE);
  expect(firedAt(world)).toEqual([90]);
  expect(world.clocks.get(plain.id)).toMatchObject({ status: 'completed', runs: 1 });
  expect(world.fires).toEqual([]);
});

describe('a schedule of one moment that passed while it was paused', () => {
  const DAY = 24 * 60 * MINUTE;
  const once = (more: Partial<Schedule> = {}) => {
    const { cron: _cron, ...plain } = aSchedule({ run_at: NOON + 90_000, ...more });
    return plain;
  };
  const resumedAt = async (at: number, schedule: Schedule) => {
    const world = worldAt(NOON);
    await createSchedule(world.ports, schedule, 'paused', 0);
    world.now = at;
    await change(world, schedule, 'active');
    await world.runUntil(at + 30_000);
    return world;
  };

  test.each([
    ['a minute', NOON + 150_000],
    ['a day', NOON + DAY],
    ['longer than runs are kept', NOON + 100 * DAY],
  ])('runs once when it is resumed %s later', async (_name, at) => {
    const schedule = once();
    const world = await resumedAt(at, schedule);
    expect(statuses(world)).toEqual(['success']);
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed', runs: 1 });
    const [run] = world.runs();
    expect(run).toMatchObject({ due: NOON + 90_000 });
    expect(run!.expires_at).toBeGreaterThanOrEqual(at + KEEP_MS);
  });

  test('is skipped for all to see where its misfire policy says so, and within its grace it runs', async () => {
    const skip = { misfire_policy: 'skip' } as const;
    expect(statuses(await resumedAt(NOON + DAY, once(skip)))).toEqual(['skipped']);
    expect(statuses(await resumedAt(NOON + 120_000, once(skip)))).toEqual(['success']);
  });

  test('runs no second time, whatever is changed, also where its clock is of a release that kept no list', async () => {
    const schedule = once();
    const world = await resumedAt(NOON + DAY, schedule);
    for (const status of ['paused', 'active', 'active'] as const) {
      await change(world, world.schedules.get(schedule.id)!, status);
      const { ahead: _ahead, ...clock } = world.clocks.get(schedule.id)!;
      world.clocks.set(schedule.id, clock);
      await world.runUntil(world.now + MINUTE);
    }
    expect(world.calls).toHaveLength(1);
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed', runs: 1 });
  });
});

test('a schedule of one moment in this very second runs at once', async () => {
  const world = worldAt(NOON + 700);
  const { cron: _cron, ...plain } = aSchedule({ run_at: NOON });
  await createSchedule(world.ports, plain, 'active', 0);
  await world.runUntil(NOON + MINUTE);
  expect(firedAt(world)).toEqual([0.7]);
});

test('a schedule ends after its last run, or at its end', async () => {
  for (const bound of [{ max_runs: 3 }, { end_at: NOON + 3 * MINUTE }]) {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule(bound);
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 10 * MINUTE);
    expect(firedAt(world)).toEqual([60, 120, 180]);
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed' });
  }
});

describe('a schedule whose endpoint is gone', () => {
  const GONE = makeId('ep', START, Buffer.alloc(8, 9));

  test('comes to its end: what is due becomes dead letters, and no more follow', async () => {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule({ cron: '*/20 * * * * *' });
    await createSchedule(world.ports, schedule, 'active', 0);
    world.schedules.set(schedule.id, { ...schedule, endpoint_id: GONE });
    await world.runUntil(NOON + 10 * MINUTE);
    expect(world.calls).toEqual([]);
    expect(statuses(world)).toEqual(['dead_letter', 'dead_letter', 'dead_letter']);
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed', runs: 3 });
    expect(world.fires).toEqual([]);
  });

  test('is not woken by another name, and goes on with another endpoint', async () => {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule();
    await createSchedule(world.ports, schedule, 'active', 0);
    world.schedules.set(schedule.id, { ...schedule, endpoint_id: GONE });
    await world.runUntil(NOON + 2 * MINUTE);
    await change(world, { ...schedule, endpoint_id: GONE, name: 'renamed' }, 'active');
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed' });
    expect(world.fires).toEqual([]);
    await change(world, schedule, 'active');
    await world.runUntil(NOON + 4 * MINUTE + 1_000);
    expect(firedAt(world)).toEqual([180, 240]);
  });

  test('is looked for once in a fire, with the look that its runs need anyway', async () => {
    const world = worldAt(NOON + 10);
    await createSchedule(world.ports, aSchedule({ cron: '*/10 * * * * *' }), 'active', 0);
    const look = jest.spyOn(world.ports.config, 'endpoint');
    const [{ token, due }] = world.fires as [(typeof world.fires)[number]];
    world.now = due;
    await fire(world.ports, token);
    expect(look).toHaveBeenCalledTimes(1);
    expect(world.messages).toHaveLength(6);
  });
});

test('a fork of the chain ends where it began', async () => {
  const world = worldAt(NOON + 10);
  await createSchedule(world.ports, aSchedule(), 'active', 0);
  const [first] = world.fires;
  world.fires.push({ ...first!, token: { ...first!.token, nonce: 'another' } }, first!);
  await world.runUntil(NOON + 10 * MINUTE + 1_000);
  expect(firedAt(world)).toHaveLength(10);
  expect(world.fires).toHaveLength(1);
});

test('what was missed for long runs once, or is skipped for all to see', async () => {
  for (const [misfire_policy, called, seen] of [
    ['fire_once', 1, 'success'],
    ['skip', 0, 'skipped'],
  ] as const) {
    const world = worldAt(NOON + 10);
    await createSchedule(world.ports, aSchedule({ misfire_policy }), 'active', 0);
    world.now = NOON + 60 * MINUTE + 10; // an outage of an hour
    await world.runUntil(world.now + 30_000);
    expect(world.calls).toHaveLength(called);
    expect(statuses(world)).toEqual([seen]);
    await world.runUntil(NOON + 62 * MINUTE + 1_000);
    expect(world.calls).toHaveLength(called + 2);
  }
});

test('an occurrence is skipped only when its wake-up came too late, not when we handled it too late', async () => {
  for (const [received, statusOfMissed] of [
    [59_000, 'success'],
    [61_000, 'skipped'],
  ] as const) {
    const world = worldAt(NOON + 10);
    await createSchedule(world.ports, aSchedule({ misfire_policy: 'skip' }), 'active', 0);
    const [{ token }] = world.fires.splice(0) as [(typeof world.fires)[number]];
    world.now = NOON + MINUTE + 5 * MINUTE;
    await fire(world.ports, token, NOON + MINUTE + received);
    await world.runUntil(world.now + 30_000);
    expect(statuses(world)).toEqual([statusOfMissed]);
    // One stands for what was missed since.
    await world.runUntil(NOON + 8 * MINUTE + 1_000);
    expect(world.definitions.size).toBe(3);
  }
});

test('a wake-up that waits for its commit keeps the moment at which it came', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule({ misfire_policy: 'skip', misfire_grace_seconds: 1 });
  await createSchedule(world.ports, schedule, 'active', 0);
  const [{ token }] = world.fires.splice(0) as [(typeof world.fires)[number]];
  const clock = world.clocks.get(schedule.id)!;
  world.clocks.delete(schedule.id); // its writer is slow
  world.now = NOON + MINUTE - 1_000;
  await fire(world.ports, token);
  world.clocks.set(schedule.id, clock);
  world.now = NOON + MINUTE + 3_000;
  await fire(world.ports, world.fires[0]!.token);
  await world.runUntil(NOON + MINUTE + 10_000);
  expect(statuses(world)).toEqual(['success']);
});

test('a fire that dies over a minute of runs, and comes again too late, counts those that were made', async () => {
  const world = worldAt(NOON + 10);
  world.redeliverMs = 30_000;
  world.at = (moment) => {
    if (moment !== 'before changeClock') return;
    world.at = () => {};
    throw new Killed(moment);
  };
  const schedule = aSchedule({ cron: '*/10 * * * * *', misfire_grace_seconds: 1 });
  await createSchedule(world.ports, schedule, 'active', 0);
  await world.runUntil(NOON + 3 * MINUTE + 1_000);
  expect(firedAt(world)).toEqual(Array.from({ length: 18 }, (_, n) => 10 * n + 10));
  expect(world.clocks.get(schedule.id)).toMatchObject({ runs: world.definitions.size });
});

test('a paused schedule calls nothing, also for a run that was made already', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule();
  await createSchedule(world.ports, schedule, 'active', 0);
  await world.runUntil(NOON + MINUTE - 1_500); // the run for the first minute waits in its lane
  expect(world.definitions.size).toBe(1);
  await change(world, schedule, 'paused');
  await world.runUntil(NOON + 5 * MINUTE);
  expect(world.calls).toEqual([]);
  expect(statuses(world)).toEqual(['cancelled']);
  await change(world, schedule, 'active');
  await world.runUntil(NOON + 7 * MINUTE + 1_000);
  expect(firedAt(world)).toEqual([360, 420]);
});

test('a change of the expression takes back what was due by the old one; a new name does not', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule();
  await createSchedule(world.ports, schedule, 'active', 0);
  await world.runUntil(NOON + MINUTE - 1_500);
  await change(world, { ...schedule, name: 'renamed' }, 'active');
  await world.runUntil(NOON + MINUTE + 30_000);
  expect(firedAt(world)).toEqual([60]);
  await world.runUntil(NOON + 2 * MINUTE - 1_500);
  await change(world, { ...schedule, cron: '30 * * * *' }, 'active');
  await world.runUntil(NOON + 31 * MINUTE);
  expect(firedAt(world)).toEqual([60, 1800]);
});

test('no change loses an occurrence that was due before it, and whose fire is late', async () => {
  for (const [changed, fired] of [
    [{ name: 'renamed' }, [62, 120]],
    [{ cron: '*/2 * * * *' }, [62, 120]],
    [{ cron: '30 * * * * *' }, [62, 90]],
  ] as const) {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule();
    await createSchedule(world.ports, schedule, 'active', 0);
    world.fires = []; // its worker has died, and the message is hidden
    world.now = NOON + MINUTE + 2_000;
    await change(world, { ...schedule, ...changed }, 'active');
    await world.runUntil(NOON + 2 * MINUTE + 1_000);
    expect(firedAt(world)).toEqual(fired);
  }
});

describe('a change holds from the next call on', () => {
  const inline = (path: string): Destination => {
    return { url: `https://x.test/${path}`, method: 'POST', headers: {}, timeout_ms: 9_000 };
  };
  const targeted = (change: Partial<Schedule>) => {
    const { endpoint_id: _endpoint, ...plain } = aSchedule(change);
    return { ...plain, target: inline('old') };
  };
  const urls = (world: MemoryWorld) => world.requests.map(({ url, body }) => `${url.split('/').at(-1)} ${body}`);

  test('also for the runs of a minute that were made before', async () => {
    const world = worldAt(NOON + 10);
    const schedule = targeted({ cron: '*/2 * * * * *', payload: { format: 'text', body: '1' } });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 7_000);
    const payload = { format: 'text', body: '2' } as const;
    await change(world, { ...schedule, target: inline('new'), payload }, 'active');
    const replace = jest.spyOn(world.ports.runs, 'replace');
    await world.runUntil(NOON + 3 * MINUTE);
    expect(urls(world)).toEqual([...Array(3).fill('old 1'), ...Array(87).fill('new 2')]);
    expect(firedAt(world)).toEqual(Array.from({ length: 90 }, (_, n) => 2 * n + 2));
    // Only what was made before; and each of them once.
    expect(replace).toHaveBeenCalledTimes(27);
    expect(world.clocks.get(schedule.id)).toMatchObject({ runs: world.definitions.size });
  });

  test('a bound counts runs, each once: a new name takes none away', async () => {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule({ cron: '* * * * * *', max_runs: 90 });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 5_000);
    await change(world, { ...schedule, name: 'renamed' }, 'active');
    await world.runUntil(NOON + 5 * MINUTE);
    expect(firedAt(world)).toEqual(Array.from({ length: 90 }, (_, n) => n + 1));
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed', runs: 90 });
  });

  test('shortly before an occurrence, too', async () => {
    const world = worldAt(NOON + 10);
    const schedule = targeted({ max_runs: 3, payload: { format: 'text', body: '1' } });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 2 * MINUTE - 2_500);
    await change(world, { ...schedule, payload: { format: 'text', body: '2' } }, 'active');
    await world.runUntil(NOON + 10 * MINUTE);
    expect(urls(world)).toEqual(['old 1', 'old 2', 'old 2']);
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed', runs: 3 });
  });

  test('however often it is renamed, it has as many runs as it says', async () => {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule({ cron: '* * * * * *' });
    await createSchedule(world.ports, schedule, 'active', 0);
    for (const at of [3, 6, 9, 12, 15]) {
      await world.runUntil(NOON + at * 1_000);
      await change(world, { ...schedule, name: `name ${at}` }, 'active');
    }
    await world.runUntil(NOON + 17_500);
    expect(firedAt(world)).toEqual(Array.from({ length: 17 }, (_, n) => n + 1));
    expect(world.clocks.get(schedule.id)).toMatchObject({ runs: world.definitions.size });
  });

  test('also where the clock was written by a release that did not keep what was made ahead', async () => {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule({ cron: '* * * * * *', max_runs: 90 });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 5_000);
    const { ahead: _ahead, dropped: _dropped, ...before } = world.clocks.get(schedule.id)!;
    world.clocks.set(schedule.id, before);
    for (const [id, { schedule_version: _version, ...run }] of world.definitions) world.definitions.set(id, run);
    await change(world, { ...schedule, name: 'renamed' }, 'active');
    await world.runUntil(NOON + 5 * MINUTE);
    expect(firedAt(world)).toHaveLength(90);
    expect(world.clocks.get(schedule.id)).toMatchObject({ status: 'completed', runs: 90 });
  });

  test('what it was made with does not hinder it: a disabled endpoint, or a budget of attempts', async () => {
    const world = worldAt(NOON + 10);
    world.endpoint = anEndpoint({ status: 'disabled' });
    const schedule = aSchedule({ cron: '* * * * *' });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + MINUTE - 3_000);
    const { endpoint_id: _endpoint, ...plain } = schedule;
    const retry_policy = { ...DEFAULT_RETRY_POLICY, max_attempts: 1 };
    world.answer = () => FAILED;
    await change(world, { ...plain, target: inline('new'), retry_policy }, 'active');
    await world.runUntil(NOON + MINUTE + 1_000);
    expect([...world.states.values()]).toMatchObject([
      { status: 'dead_letter', reason: 'attempts_exhausted', attempt: 1, limit: 1 },
    ]);
  });

  test('but not for a run that has begun: neither its retries nor a message that comes twice', async () => {
    const world = worldAt(NOON + 10);
    const schedule = targeted({ payload: { format: 'text', body: '1' } });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + MINUTE - 3_000);
    const [message] = world.messages;
    world.answer = (call) => (call === 0 ? FAILED : {});
    await world.runUntil(NOON + MINUTE + 100);
    await change(world, { ...schedule, payload: { format: 'text', body: '2' } }, 'active');
    world.messages.push(message!);
    await world.runUntil(NOON + MINUTE + 50_000);
    world.messages.push(message!);
    await world.runUntil(NOON + MINUTE + 54_000);
    expect(urls(world)).toEqual(['old 1', 'old 1']);
    expect([...world.definitions.values()][0]).toMatchObject({ payload: { body: '1' } });
  });
});

test('a change skips nothing: whether a late wake-up came in time, it cannot tell', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule({ misfire_policy: 'skip' });
  await createSchedule(world.ports, schedule, 'active', 0);
  world.now = NOON + 5 * MINUTE + 10_000;
  await change(world, { ...schedule, name: 'renamed' }, 'active');
  await world.runUntil(NOON + 6 * MINUTE + 1_000);
  expect(statuses(world)).toEqual(['success', 'success']);
});

test('a run that is put off by its jitter stays with a new name, and goes with another expression', async () => {
  const hourly = { cron: '0 * * * *', jitter_seconds: 1_800 };
  const first = NOON + 60 * MINUTE;
  const patient = () => {
    for (;;) {
      const schedule = aSchedule(hourly);
      if (dueOf(schedule, first) > first + MINUTE) return schedule;
    }
  };
  for (const [changed, called] of [
    [{ name: 'renamed', jitter_seconds: 0 }, 1],
    [{ cron: '59 * * * *' }, 0],
  ] as const) {
    const world = worldAt(NOON + 10);
    const schedule = patient();
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(first + 1_000);
    await change(world, { ...schedule, ...changed }, 'active');
    await world.runUntil(first + 40 * MINUTE);
    expect(world.calls.map(({ at }) => at)).toEqual(Array(called).fill(dueOf(schedule, first)));
    expect(world.clocks.get(schedule.id)).toMatchObject({ runs: called });
    expect([...world.definitions.values()]).toMatchObject([{ due: dueOf(schedule, first) }]);
  }
});

describe('what a pause takes back', () => {
  /** Every second, and paused at half past the sixth. */
  async function paused() {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule({ cron: '* * * * * *' });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 6_500);
    await change(world, schedule, 'paused');
    return { world, schedule };
  }
  const seconds = (world: MemoryWorld, status: RunStatus) =>
    [...world.definitions.values()]
      .filter(({ id }) => world.states.get(id)?.status === status)
      .map(({ occurrence }) => (occurrence! - NOON) / 1_000);

  test('is not called when it comes after the pause, be it seconds or minutes late', async () => {
    for (const laneIsBackAt of [NOON + 20_000, NOON + 200_000]) {
      const { world, schedule } = await paused();
      world.messages = world.messages.map((message) => ({ ...message, due: Math.max(message.due, laneIsBackAt) }));
      await world.runUntil(NOON + 11_400);
      await change(world, schedule, 'active');
      await world.runUntil(NOON + 300_000);
      // What is due within a second of a change belongs to the schedule as it was.
      expect(seconds(world, 'cancelled')).toEqual([8, 9, 10, 11, 12]);
      expect(seconds(world, 'success').slice(0, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 13, 14]);
      expect(world.clocks.get(schedule.id)).toMatchObject({ runs: world.definitions.size - 5, dropped: [] });
    }
  });

  test('is called and counted when the pause ends before its moment, however late its lane', async () => {
    const { world, schedule } = await paused();
    await change(world, schedule, 'active');
    const late = (at: number) => {
      world.messages = world.messages.map((message) => ({ ...message, due: Math.max(message.due, NOON + at) }));
    };
    for (let second = 7; second < 130; second++) {
      late(150_000);
      await world.runUntil(NOON + second * 1_000);
    }
    await world.runUntil(NOON + 200_000);
    expect(seconds(world, 'success').slice(0, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seconds(world, 'cancelled')).toEqual([]);
    expect(world.clocks.get(schedule.id)).toMatchObject({ runs: world.definitions.size });
  });

  test('is not counted when its run was cancelled just before the pause ended', async () => {
    const { world, schedule } = await paused();
    const next = world.messages.find(({ token }) => token.kind === 'deliver' && token.due === NOON + 21_000);
    await world.runUntil(NOON + 20_500);
    await world.receive(next!.token);
    await change(world, schedule, 'active');
    await world.runUntil(NOON + 2 * MINUTE);
    expect(seconds(world, 'success').slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 22, 23]);
    // The seventh was due when the pause came.
    const taken = seconds(world, 'cancelled').length - 1;
    expect(world.clocks.get(schedule.id)).toMatchObject({ runs: world.definitions.size - taken });
  });
});

test('a deleted schedule is gone, and so are its wake-ups', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule();
  await createSchedule(world.ports, schedule, 'active', 0);
  await deleteSchedule(world.ports, keyOf(schedule));
  await world.runUntil(NOON + 20 * MINUTE);
  expect(world.calls).toEqual([]);
  expect(world.fires).toEqual([]);
});

test.each(['fire_once', 'skip'] as const)(
  'a schedule (%s) whose wake-up was lost is armed again, once',
  async (misfire_policy) => {
    const world = worldAt(NOON + 10);
    const schedule = aSchedule({ misfire_grace_seconds: 0, misfire_policy });
    await createSchedule(world.ports, schedule, 'active', 0);
    world.fires = [];
    expect(await rearmSchedule(world.ports, keyOf(schedule), 10 * MINUTE)).toBe(false);
    world.now = NOON + 15 * MINUTE + 10;
    expect(await rearmSchedule(world.ports, keyOf(schedule), 10 * MINUTE)).toBe(true);
    await world.runUntil(NOON + 17 * MINUTE + 1_000);
    expect(world.calls).toHaveLength(3); // the missed one, and two on time
  },
);

describe('runs that would overlap', () => {
  async function overlapping(overlap_policy: Schedule['overlap_policy']) {
    const world = worldAt(NOON + 10);
    world.endpoint = anEndpoint({ timeout_ms: 20_000 });
    await createSchedule(world.ports, aSchedule({ overlap_policy, cron: '*/5 * * * * *', max_runs: 3 }), 'active', 0);
    world.answer = async (call) => {
      // While the first call is in flight, the others become due.
      if (call > 0) return {};
      for (const { token } of world.messages.splice(0)) {
        world.now = Math.max(world.now, token.kind === 'deliver' ? token.due : 0);
        await world.receive(token);
      }
      return {};
    };
    await world.runUntil(NOON + 4 * MINUTE);
    return world;
  }

  test('skip: what is due while one executes is skipped, naming it', async () => {
    const world = await overlapping('skip');
    const [first] = [...world.states.keys()];
    expect(statuses(world).sort()).toEqual(['skipped', 'skipped', 'success']);
    for (const state of world.states.values())
      if (state.status === 'skipped') expect(state).toMatchObject({ held_by: first, attempt: 0 });
  });

  test('allow: all of them are called', async () => {
    expect(statuses(await overlapping('allow'))).toEqual(['success', 'success', 'success']);
  });

  test('skip: a run that merely waits for its retry holds up no other run', async () => {
    const world = worldAt(NOON + 10);
    world.answer = (call) => (call === 0 ? FAILED : {});
    await createSchedule(
      world.ports,
      aSchedule({ overlap_policy: 'skip', cron: '*/10 * * * * *', max_runs: 3 }),
      'active',
      0,
    );
    await world.runUntil(NOON + 5 * MINUTE);
    expect(statuses(world)).toEqual(['success', 'success', 'success']);
    expect(world.calls).toHaveLength(4);
  });

  test('a run that is cancelled between its claim and its lock is not called', async () => {
    const world = worldAt(NOON + 10);
    world.endpoint = anEndpoint({ timeout_ms: 20_000 });
    const schedule = aSchedule({ overlap_policy: 'cancel_previous', cron: '*/5 * * * * *', max_runs: 2 });
    await createSchedule(world.ports, schedule, 'active', 0);
    let wasCancelled = false;
    world.answer = async (call) => {
      if (call > 0) return {};
      // The first call is in flight when the second run is claimed, and a user cancels the second run at once.
      world.at = (moment) => {
        const [, second] = [...world.states.entries()];
        if (moment !== 'after begin' || second === undefined || wasCancelled) return;
        const [id, state] = second;
        world.states.set(id, cancelRequested(state));
        wasCancelled = true;
      };
      for (const { token } of world.messages.splice(0)) {
        world.now = Math.max(world.now, token.kind === 'deliver' ? token.due : 0);
        await world.receive(token);
      }
      return {};
    };
    await world.runUntil(NOON + 4 * MINUTE);
    expect(wasCancelled).toBe(true);
    expect(statuses(world)).toEqual(['success', 'cancelled']);
    expect(world.calls).toHaveLength(1);
  });

  test('cancel_previous: a run that waits for its retry has failed, and ends so, whichever worker dies on the way', async () => {
    for (let dieAt = 0, moments = Infinity; dieAt < moments; dieAt++) {
      const world = worldAt(NOON + 10);
      world.redeliverMs = 2_000;
      world.events.listeners = [aListener(1, 'job.failed')];
      const called = new Set<string>();
      world.answer = (call) => {
        called.add(world.calls[call]!.run);
        return called.size === 1 ? FAILED : {};
      };
      const schedule = aSchedule({ overlap_policy: 'cancel_previous', cron: '*/10 * * * * *', max_runs: 2 });
      await createSchedule(world.ports, schedule, 'active', 0);
      await world.runUntil(NOON + 12_000);
      expect(statuses(world)).toEqual(['retry_scheduled']);
      let passed = 0;
      world.at = (moment) => {
        if (passed++ === dieAt) throw new Killed(moment);
      };
      await world.runUntil(NOON + 5 * MINUTE);
      await dispatchAll(world);
      await world.runUntil(NOON + 6 * MINUTE);
      moments = Math.min(moments, passed);
      const [first] = [...called] as [string];
      expect({ dieAt, statuses: [...called].map((id) => world.states.get(id)?.status) }).toEqual({
        dieAt,
        statuses: ['dead_letter', 'success', 'success'],
      });
      expect([...world.letters.values()]).toMatchObject([
        { run: { id: first }, reason: 'given_up', attempt: 1, status: 'open', last_attempt: { http_status: 503 } },
      ]);
      const [told] = world.requests.filter(({ headers }) => 'x-cronflow-signature' in headers);
      expect(JSON.parse(told!.body.toString())).toMatchObject({ event: 'job.failed', job_id: schedule.id });
    }
  });

  test('cancel_previous: a retry that begins while it is given up is broken off instead', async () => {
    const world = worldAt(NOON + 10);
    world.answer = (call) => (call === 0 ? FAILED : {});
    const schedule = aSchedule({ overlap_policy: 'cancel_previous', cron: '*/10 * * * * *', max_runs: 2 });
    await createSchedule(world.ports, schedule, 'active', 0);
    let isFaster = false;
    world.at = (moment) => {
      const [found] = [...world.states.entries()].filter(([, { status }]) => status === 'retry_scheduled');
      // Right before the older run is read to be given up, its retry is claimed by a worker that will die.
      if (moment !== 'before send' || world.calls.length !== 1 || !found || isFaster || world.states.size < 2) return;
      isFaster = true;
      const [id, state] = found;
      world.states.set(id, {
        ...state,
        version: state.version + 1,
        status: 'running',
        attempt: 2,
        lease: world.now + 400,
      });
    };
    await world.runUntil(NOON + 5 * MINUTE);
    expect(isFaster).toBe(true);
    expect(statuses(world)).toEqual(['dead_letter', 'success']);
    expect([...world.letters.values()]).toMatchObject([{ reason: 'given_up', attempt: 2 }]);
  });
});

/** What happens to a schedule of every minute within five minutes, and when its calls must start. */
const stories: [string, (world: MemoryWorld, schedule: Schedule) => Promise<void>, number[]][] = [
  ['left alone', async () => {}, [60, 120, 180]],
  [
    'paused and resumed',
    async (world, schedule) => {
      await world.runUntil(NOON + 70_000);
      await client(() => change(world, schedule, 'paused'));
      await world.runUntil(NOON + 130_000);
      await client(() => change(world, schedule, 'active'));
    },
    [60, 180],
  ],
  [
    'changed, and changed back',
    async (world, schedule) => {
      await world.runUntil(NOON + MINUTE - 3_000);
      await client(() => change(world, { ...schedule, cron: '*/7 * * * *' }, 'active'));
      await world.runUntil(NOON + MINUTE + 10_000);
      await client(() => change(world, schedule, 'active'));
    },
    [120, 180],
  ],
  [
    'made more frequent before its first fire',
    async (world, schedule) => {
      await world.runUntil(NOON + 10_000);
      await client(() => change(world, { ...schedule, cron: '*/30 * * * * *' }, 'active'));
    },
    [30, 60, 90, 120, 150, 180],
  ],
  [
    'renamed, and bound',
    async (world, schedule) => {
      await world.runUntil(NOON + MINUTE - 3_000);
      await client(() => change(world, { ...schedule, name: 'renamed', max_runs: 2 }, 'active'));
    },
    [60, 120],
  ],
  [
    'deleted',
    async (world, schedule) => {
      await world.runUntil(NOON + 130_000);
      await client(() => deleteSchedule(world.ports, keyOf(schedule)));
    },
    [60, 120],
  ],
];

test.each(stories)(
  'a schedule %s survives a death at every call: each occurrence makes exactly one run',
  async (_name, tell, times) => {
    for (let dieAt = 0, moments = Infinity; dieAt < moments; dieAt++) {
      const world = worldAt(NOON + 10);
      world.redeliverMs = 2_000;
      let passed = 0;
      world.at = (moment) => {
        if (passed++ === dieAt) throw new Killed(moment);
      };
      const schedule = aSchedule({ end_at: NOON + 3 * MINUTE, misfire_grace_seconds: 3_600 });
      await client(() => createSchedule(world.ports, schedule, 'active', 0));
      await tell(world, schedule);
      await world.runUntil(NOON + 20 * MINUTE);
      const runs = [...world.definitions.values()].filter(({ id }) => world.states.get(id)?.status === 'success');
      const occurrences = runs.map(({ occurrence }) => (occurrence! - NOON) / 1000).sort((a, b) => a - b);
      expect({ dieAt, occurrences }).toEqual({ dieAt, occurrences: times });
      const { runs: counted = times.length } = world.clocks.get(schedule.id) ?? {};
      expect({ dieAt, counted }).toEqual({ dieAt, counted: times.length });
      for (const { run, at } of world.calls) expect(at).toBeGreaterThanOrEqual(world.definitions.get(run)!.due);
      expect(world.calls.length).toBeLessThanOrEqual(times.length + 1);
      expect(world.fires).toEqual([]);
      moments = passed;
    }
  },
);

/** Its wake-ups are armed with EventBridge Scheduler, each under a name. */
describe('a schedule of every day', () => {
  const DAY = 24 * 60 * MINUTE;
  const daily = () => aSchedule({ cron: '30 11 * * *', end_at: NOON + 3 * DAY, misfire_grace_seconds: 3_600 });
  const firstOf = (schedule: Schedule) => occurrencesAfter(schedule, NOON, 1)[0]!;

  async function dyingAtEveryCall(tell: (world: MemoryWorld, schedule: Schedule) => Promise<void>) {
    for (let dieAt = 0, moments = Infinity; dieAt < moments; dieAt++) {
      const world = worldAt(NOON + 10);
      world.redeliverMs = 2_000;
      const schedule = daily();
      await createSchedule(world.ports, schedule, 'active', 0);
      let passed = 0;
      world.at = (moment) => {
        if (passed++ === dieAt) throw new Killed(moment);
      };
      await tell(world, schedule);
      await world.runUntil(NOON + 5 * DAY);
      const occurrences = [...world.definitions.values()].map(({ occurrence }) => occurrence! - firstOf(schedule));
      expect({ dieAt, occurrences }).toEqual({ dieAt, occurrences: [0, DAY, 2 * DAY] });
      expect(statuses(world)).toEqual(['success', 'success', 'success']);
      moments = passed;
    }
  }

  test('goes on whichever worker dies: a wake-up that was armed before, under the same name, is the clock’s own', () =>
    dyingAtEveryCall(async () => {}));

  test('goes on when a change of it dies, and the request is not repeated', () =>
    dyingAtEveryCall(async (world, schedule) => {
      await change(world, { ...schedule, name: 'renamed' }, 'active').catch((error) => {
        if (!(error instanceof Killed)) throw error;
      });
    }));
});

test('a run has the name that its schedule had when the run was made', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule({ max_runs: 2 });
  await createSchedule(world.ports, schedule, 'active', 0);
  await world.runUntil(NOON + MINUTE + 1_000);
  await change(world, { ...schedule, name: 'renamed' }, 'active');
  await world.runUntil(NOON + 3 * MINUTE);
  expect([...world.definitions.values()].map(({ title }) => title)).toEqual(['every minute', 'renamed']);
});
