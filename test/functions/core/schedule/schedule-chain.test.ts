import { createHash } from 'node:crypto';
import { makeId } from '../../../../functions/core/ids.js';
import { cancelRequested } from '../../../../functions/core/run/transitions.js';
import type { Schedule } from '../../../../functions/core/schedule/schedule.js';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  fire,
  rearmSchedule,
} from '../../../../functions/core/schedule/schedule-chain.js';
import {
  anEndpoint,
  ENDPOINT_ID,
  FAILED,
  Killed,
  MemoryWorld,
  PROJECT_ID,
  START,
} from '../../../support/memory-world.js';
import { client } from '../../../support/repeating-client.js';

const MINUTE = 60_000;
/** 14 November 2026 or so: at a full minute. */
const NOON = Math.ceil(START / (60 * MINUTE)) * 60 * MINUTE;

let serial = 0;
function aSchedule(change: Partial<Schedule> = {}): Schedule {
  return {
    id: makeId('sch', START, createHash('sha256').update(`${++serial}`).digest()),
    project_id: PROJECT_ID,
    name: 'every minute',
    cron: '* * * * *',
    timezone: 'UTC',
    endpoint_id: ENDPOINT_ID,
    overlap_policy: 'allow',
    misfire_policy: 'fire_once',
    misfire_grace_seconds: 60,
    created_at: START,
    updated_at: START,
    version: 1,
    ...change,
  };
}

function worldAt(now: number): MemoryWorld {
  const world = new MemoryWorld();
  world.now = now;
  return world;
}

const keyOf = (schedule: Schedule) => ({ project: PROJECT_ID, schedule: schedule.id });
/** As somebody does who has just read it. */
const change = (world: MemoryWorld, schedule: Schedule, status: 'active' | 'paused') => {
  const version = world.schedules.get(schedule.id)!.version + 1;
  return changeSchedule(world.ports, { ...schedule, version }, world.clocks.get(schedule.id)!, status);
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
  await fire(world.ports, token, 30 * 86_400_000);
  expect(find).toHaveBeenCalledTimes(1);
  expect(world.messages).toHaveLength(1);
  // One that comes while the clock is behind it goes on until it is not.
  const [next] = world.fires.slice(-1) as [(typeof world.fires)[number]];
  const clock = world.clocks.get(token.schedule)!;
  world.clocks.set(token.schedule, { ...clock, next_at: token.occurrence, tok: token.nonce });
  await fire(world.ports, { ...next.token, nonce: 'lost' }, 30 * 86_400_000);
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

test('a new name does not lose an occurrence whose fire is late; a new expression does', async () => {
  for (const [changed, fired] of [
    [{ name: 'renamed' }, [62, 120]],
    [{ cron: '*/2 * * * *' }, [120]],
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

test('a deleted schedule is gone, and so are its wake-ups', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule();
  await createSchedule(world.ports, schedule, 'active', 0);
  await deleteSchedule(world.ports, keyOf(schedule));
  await world.runUntil(NOON + 20 * MINUTE);
  expect(world.calls).toEqual([]);
  expect(world.fires).toEqual([]);
});

test('a schedule whose wake-up was lost is armed again, once', async () => {
  const world = worldAt(NOON + 10);
  const schedule = aSchedule({ misfire_grace_seconds: 0 });
  await createSchedule(world.ports, schedule, 'active', 0);
  world.fires = [];
  expect(await rearmSchedule(world.ports, keyOf(schedule), 10 * MINUTE)).toBe(false);
  world.now = NOON + 15 * MINUTE + 10;
  expect(await rearmSchedule(world.ports, keyOf(schedule), 10 * MINUTE)).toBe(true);
  await world.runUntil(NOON + 17 * MINUTE + 1_000);
  expect(world.calls).toHaveLength(3); // the missed one, and two on time
});

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

  test('skip: a run that merely waits for its retry holds up nobody', async () => {
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
      // The first call is in flight when the second run is claimed, and somebody cancels that one at once.
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

  test('cancel_previous: a run that waits for its retry is cancelled by the next', async () => {
    const world = worldAt(NOON + 10);
    world.answer = (call) => (call === 0 ? FAILED : {});
    const schedule = aSchedule({ overlap_policy: 'cancel_previous', cron: '*/10 * * * * *', max_runs: 2 });
    await createSchedule(world.ports, schedule, 'active', 0);
    await world.runUntil(NOON + 5 * MINUTE);
    expect(statuses(world)).toEqual(['cancelled', 'success']);
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
      for (const { run, at } of world.calls) expect(at).toBeGreaterThanOrEqual(world.definitions.get(run)!.due);
      expect(world.calls.length).toBeLessThanOrEqual(times.length + 1);
      expect(world.fires).toEqual([]);
      moments = passed;
    }
  },
);
