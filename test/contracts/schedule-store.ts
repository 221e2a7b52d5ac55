import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import type { Schedule, ScheduleClock } from '../../functions/subjects/schedules/schedule.js';
import { DAY, NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

export function scheduleStoreContract(stores: () => Stores): void {
  const find = ({ project_id, id }: Pick<Schedule, 'project_id' | 'id'>) =>
    stores().schedules.find({ project: project_id, schedule: id });

  describe('a schedule', () => {
    test('is changed from the version before alone, once', async () => {
      const { schedules } = stores();
      const schedule = aSchedule(freshProject().id);
      expect(await schedules.putSchedule({ ...schedule, version: 2 })).toBe(false);
      expect(await schedules.putSchedule(schedule)).toBe(true);
      expect(await schedules.putSchedule({ ...schedule, name: 'again' })).toBe(false);
      expect(await schedules.putSchedule({ ...schedule, version: 3 })).toBe(false);
      expect(await find(schedule)).toEqual({ schedule });
      const changed = await atOnce(4, (n) => schedules.putSchedule({ ...schedule, version: 2, name: `${n}` }));
      expect(changed.filter(Boolean)).toHaveLength(1);
      expect((await find(schedule)).schedule!.name).toBe(`${changed.indexOf(true)}`);
    });

    test('and its clock are removed together, and are another project’s nothing', async () => {
      const { schedules } = stores();
      const schedule = aSchedule(freshProject().id);
      const clock = aClock(schedule);
      const other = { project: freshProject().id, schedule: schedule.id };
      await schedules.putSchedule(schedule);
      await schedules.begin(clock);
      expect(await find(schedule)).toEqual({ schedule, clock });
      expect(await schedules.find(other)).toEqual({});
      await schedules.remove(other);
      expect(await find(schedule)).toEqual({ schedule, clock });
      await schedules.remove({ project: schedule.project_id, schedule: schedule.id });
      expect(await find(schedule)).toEqual({});
      await schedules.remove({ project: schedule.project_id, schedule: schedule.id });
      expect(await schedules.renew(clock, { ...clock, gen: 2 })).toBe(false);
    });

    test('and clocks are listed newest first, a page at a time, those of one project', async () => {
      const { schedules } = stores();
      const [project, other] = [freshProject().id, freshProject().id];
      const made = Array.from({ length: 7 }, (_, n) => aSchedule(project, NOW + n * 1_000));
      for (const schedule of [made[3]!, ...made, aSchedule(other)]) {
        await schedules.putSchedule(schedule);
        await schedules.begin(aClock(schedule));
      }
      const newest = [...made].reverse();
      const second = newest[2]!.id;
      expect(await schedules.schedules(project, undefined, 3)).toEqual(newest.slice(0, 3));
      expect(await schedules.schedules(project, second, 3)).toEqual(newest.slice(3, 6));
      expect(await schedules.schedules(project, newest[5]!.id, 3)).toEqual(newest.slice(6));
      expect(await schedules.schedules(freshProject().id, undefined, 3)).toEqual([]);
    });
  });

  describe('those that name an endpoint or a policy', () => {
    test('are found by their project, newest first, up to a limit', async () => {
      const { schedules } = stores();
      const [project, other] = [freshProject().id, freshProject().id];
      const [mine, foreign] = ['ep_1', 'ep_2'];
      const made = Array.from({ length: 5 }, (_, n) => {
        const base = aSchedule(project, NOW + n * 1_000);
        return { ...base, endpoint_id: n === 1 ? foreign : mine, ...(n === 2 && { retry_policy_id: 'rp_1' }) };
      });
      for (const schedule of [...made, { ...aSchedule(other), endpoint_id: mine }])
        await schedules.putSchedule(schedule);
      const ids = [4, 3, 2, 0].map((n) => made[n]!.id);
      expect(await schedules.naming(project, { field: 'endpoint_id', id: mine }, 10)).toEqual(ids);
      expect(await schedules.naming(project, { field: 'endpoint_id', id: mine }, 2)).toEqual(ids.slice(0, 2));
      expect(await schedules.naming(project, { field: 'retry_policy_id', id: 'rp_1' }, 2)).toEqual([made[2]!.id]);
      expect(await schedules.naming(project, { field: 'retry_policy_id', id: mine }, 2)).toEqual([]);
      expect(await schedules.naming(freshProject().id, { field: 'endpoint_id', id: mine }, 2)).toEqual([]);
    });
  });

  describe('a clock', () => {
    test('begins once', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      await schedules.begin({ ...clock, gen: 9 });
      expect(await now()).toEqual(clock);
    });

    test('that never began does not change', async () => {
      const { schedules } = stores();
      const clock = aClock(aSchedule(freshProject().id));
      expect(await schedules.moveOn(clock, { ...clock, runs: 1 })).toBe(false);
      expect(await schedules.renew(clock, { ...clock, gen: 2 })).toBe(false);
      expect(await schedules.takeLock(clock, 'run_1', 'att_1')).toBe(false);
      expect(await find(clock)).toEqual({});
    });

    test('moves on from the generation and position that were seen, once', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      const next: ScheduleClock = { ...clock, next_at: NOW + 2 * DAY, tok: 'b', runs: 1 };
      expect(await schedules.moveOn({ ...clock, gen: 2 }, next)).toBe(false);
      expect(await schedules.moveOn({ ...clock, next_at: NOW }, next)).toBe(false);
      const { next_at: _none, ...ended } = clock;
      expect(await schedules.moveOn(ended, next)).toBe(false);
      const moved = await atOnce(4, (n) => schedules.moveOn(clock, { ...next, tok: `${n}` }));
      expect(moved.filter(Boolean)).toHaveLength(1);
      expect(await now()).toEqual({ ...next, tok: `${moved.indexOf(true)}` });
    });

    test('comes to its end: no position, no wake-up', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      const { next_at: _at, tok: _tok, ...ended } = { ...clock, status: 'completed', runs: 1 } as const;
      expect(await schedules.moveOn(clock, ended)).toBe(true);
      expect(await now()).toEqual(ended);
      expect(await schedules.moveOn(clock, clock)).toBe(false);
      const renewed = { ...clock, gen: 2, runs: 1 };
      expect(await schedules.renew(ended, renewed)).toBe(true);
      expect(await now()).toEqual(renewed);
    });

    test('is renewed from the generation and position that were seen, once', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      const next: ScheduleClock = { ...clock, gen: 2, status: 'paused' };
      expect(await schedules.renew({ ...clock, gen: 2 }, next)).toBe(false);
      expect(await schedules.renew({ ...clock, next_at: clock.next_at! + 1_000 }, next)).toBe(false);
      const renewed = await atOnce(4, (n) => schedules.renew(clock, { ...next, tok: `${n}` }));
      expect(renewed.filter(Boolean)).toHaveLength(1);
      expect(await now()).toEqual({ ...next, tok: `${renewed.indexOf(true)}` });
      expect(await schedules.moveOn(clock, { ...clock, runs: 1 })).toBe(false);
    });

    test('has an overlap lock that one takes from where it was seen, and that no fire and no person writes', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      const taken = await atOnce(4, (n) => schedules.takeLock(clock, `run_${n}`, 'att_1'));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const lock_run = `run_${taken.indexOf(true)}`;
      const locked: ScheduleClock = { ...clock, lock_run, lock_claim: 'att_1' };
      expect(await now()).toEqual(locked);
      // A claim of the same run is another lock.
      expect(await schedules.takeLock({ ...locked, lock_claim: 'att_0' }, lock_run, 'att_2')).toBe(false);
      expect(await schedules.takeLock(locked, lock_run, 'att_2')).toBe(true);
      const moved: ScheduleClock = { ...clock, next_at: NOW + 2 * DAY, runs: 1 };
      expect(await schedules.moveOn(clock, { ...moved, lock_run: 'run_old', lock_claim: 'att_old' })).toBe(true);
      expect(await now()).toEqual({ ...moved, lock_run, lock_claim: 'att_2' });
      expect(await schedules.renew(moved, { ...moved, gen: 2, lock_run: 'run_old', lock_claim: 'att_old' })).toBe(true);
      expect(await now()).toEqual({ ...moved, gen: 2, lock_run, lock_claim: 'att_2' });
    });

    test('without a lock is not given one by a fire', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      const moved: ScheduleClock = { ...clock, next_at: NOW + 2 * DAY, runs: 1 };
      await schedules.moveOn(clock, { ...moved, lock_run: 'run_old', lock_claim: 'att_old' });
      expect(await now()).toEqual(moved);
    });

    test('is out of another project’s reach', async () => {
      const { schedules } = stores();
      const { clock, now } = await begun();
      const other = { ...clock, project_id: freshProject().id };
      expect(await schedules.moveOn(other, { ...other, runs: 1 })).toBe(false);
      expect(await schedules.renew(other, { ...other, gen: 2 })).toBe(false);
      expect(await schedules.takeLock(other, 'run_1', 'att_1')).toBe(false);
      await schedules.begin({ ...other, gen: 5 });
      expect(await now()).toEqual(clock);
    });
  });

  async function begun() {
    const schedule = aSchedule(freshProject().id);
    const clock = aClock(schedule);
    await stores().schedules.begin(clock);
    return { clock, now: async () => (await find(schedule)).clock };
  }
}

function aSchedule(project_id: string, at = NOW): Schedule {
  return {
    id: makeId('sch', at, randomBytes(8)),
    project_id,
    name: 'nightly',
    cron: '0 0 * * *',
    timezone: 'UTC',
    target: { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1_000 },
    overlap_policy: 'skip',
    misfire_policy: 'fire_once',
    misfire_grace_seconds: 60,
    created_at: at,
    updated_at: at,
    version: 1,
  };
}

function aClock({ id, project_id }: Schedule): ScheduleClock {
  return { id, project_id, gen: 1, shard: 0, status: 'active', next_at: NOW + DAY, tok: 'a', runs: 0 };
}
