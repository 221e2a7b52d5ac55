import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import type { HeldRun } from '../../functions/protocol/rules/held-run.js';
import type { EndpointKey } from '../../functions/subjects/endpoints/endpoint.js';
import type { Slot } from '../../functions/subjects/endpoints/rate-booking.js';
import { DAY, NOW } from '../support/pipeline-world.js';
import { atOnce, freshEndpoint, freshProject, type Stores } from './stores.js';

export function heldRunStoreContract(stores: () => Stores): void {
  const held = (key: EndpointKey, at: number, shard = 0): HeldRun => {
    const run = makeId('run', at, randomBytes(8), shard);
    const token = { kind: 'deliver', project: key.project, run, group: key.endpoint, attempt: 1 } as const;
    return { ...key, token: { ...token, due: at, sent_at: at, hop: 0 }, nonce: 'a', left_ms: DAY };
  };

  test('held runs come oldest first, over the shards asked for, those of one endpoint', async () => {
    const { heldRuns } = stores();
    const key = aKey();
    const rows = Array.from({ length: 9 }, (_, n) => held(key, NOW + n * 1_000, n % 3));
    const others = [
      held({ ...key, endpoint: aKey().endpoint }, NOW - 1),
      held({ ...key, project: aKey().project }, NOW),
    ];
    for (const row of [...rows, ...others].reverse()) await heldRuns.put(row);
    expect(await heldRuns.oldest(key, 3, 4)).toEqual(rows.slice(0, 4));
    expect(await heldRuns.oldest(key, 3, 100)).toEqual(rows);
    expect(await heldRuns.oldest(key, 1, 100)).toEqual([rows[0], rows[3], rows[6]]);
    expect(await heldRuns.oldest(others[0]!, 3, 100)).toEqual([others[0]]);
    expect(await heldRuns.oldest(aKey(), 3, 100)).toEqual([]);
  });

  test('one that is held again keeps what was left of its life, and is taken away by its holding alone', async () => {
    const { heldRuns } = stores();
    const key = aKey();
    const row = held(key, NOW);
    expect(await heldRuns.put(row)).toEqual(row);
    const again = { ...row, nonce: 'b', left_ms: 5, token: { ...row.token, attempt: 2 } };
    expect(await heldRuns.put(again)).toEqual({ ...again, left_ms: DAY });
    await heldRuns.remove(row);
    await heldRuns.remove({ ...again, endpoint: aKey().endpoint });
    expect(await heldRuns.oldest(key, 1, 9)).toEqual([{ ...again, left_ms: DAY }]);
    await heldRuns.remove(again);
    await heldRuns.remove(again);
    expect(await heldRuns.oldest(key, 1, 9)).toEqual([]);
    expect(await heldRuns.put({ ...again, left_ms: 5 })).toMatchObject({ left_ms: 5 });
  });
}

export function limitStoreContract(stores: () => Stores): void {
  const slot = (index: number, change: Partial<Slot> = {}): Slot => ({
    index,
    run: 'run_1',
    holder: 'att_1',
    lease: NOW + 60_000,
    ...change,
  });

  test('turns are booked one after the other, however many ask at once; one alone may call at once', async () => {
    const { limits } = stores();
    const key = aKey();
    const booked = await atOnce(8, () => limits.bookMoment(key, 250, NOW));
    expect(booked.filter((turn) => turn?.isTaken)).toEqual([{ at: NOW, isTaken: true }]);
    const moments = booked.map((turn) => turn!.at).sort((a, b) => a - b);
    expect(moments).toEqual(Array.from({ length: 8 }, (_, n) => NOW + n * 250));
    expect(await limits.bookMoment(key, 1_000, NOW + 60_000)).toEqual({ at: NOW + 60_000, isTaken: true });
  });

  test('moments for calls keep the interval, but for one more at the start, and are never further ahead than is waited for', async () => {
    const { limits } = stores();
    const key = aKey();
    const taken = await atOnce(4, () => limits.takeMoment(key, 1_000, NOW, NOW + 2_000, true));
    const moments = taken.filter((at) => at !== undefined).sort((a, b) => a - b);
    expect(moments.slice(2).every((at, n) => at - moments[n]! >= 1_000)).toBe(true);
    expect(moments.at(-1)).toBeLessThanOrEqual(NOW + 2_000);
    expect(moments.length).toBeGreaterThan(0);
  });

  test('turns that were missed are booked near now, one after the other', async () => {
    const { limits } = stores();
    const key = aKey();
    const booked = await atOnce(4, () => limits.bookAgain(key, 500, NOW));
    expect(booked.sort((a, b) => a - b)).toEqual([0, 1, 2, 3].map((n) => NOW + n * 500));
  });

  test('turns are the endpoint’s own', async () => {
    const { limits } = stores();
    const key = aKey();
    for (const own of [key, { ...key, project: aKey().project }, { ...key, endpoint: aKey().endpoint }])
      expect(await limits.bookMoment(own, 1_000, NOW)).toEqual({ at: NOW, isTaken: true });
    expect(await limits.bookMoment(key, 1_000, NOW)).toEqual({ at: NOW + 1_000, isTaken: false });
  });

  test('a free slot is taken once, however many try', async () => {
    const { limits } = stores();
    const key = aKey();
    const wish = (n: number) => slot(0, { holder: `att_${n}` });
    const taken = await atOnce(5, (n) => limits.takeSlot(key, wish(n), [`att_${n}`, `att_${n}`], NOW));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await limits.slots(key)).toEqual([wish(taken.indexOf(true))]);
  });

  test('a slot is taken from its holders named, and once its lease is over', async () => {
    const { limits } = stores();
    const key = aKey();
    const take = (change: Partial<Slot>, holders: string[], now = NOW) =>
      limits.takeSlot(key, slot(0, change), holders, now);
    expect(await take({}, ['att_1'])).toBe(true);
    expect(await take({ holder: 'att_2' }, ['att_2'])).toBe(false);
    expect(await take({ holder: 'att_2' }, ['att_2', 'att_3', 'att_4'])).toBe(false);
    expect(await take({ lease: NOW + 90_000 }, ['att_1', 'att_1'])).toBe(true); // its own, kept for longer
    expect(await take({ holder: 'att_2', lease: NOW + 90_000 }, ['att_2', 'att_1'])).toBe(true);
    expect(await take({ holder: 'att_3' }, ['att_3'], NOW + 89_999)).toBe(false);
    expect(await take({ holder: 'att_3', lease: NOW + 99_000 }, ['att_3'], NOW + 90_000)).toBe(true);
    expect(await limits.slots(key)).toEqual([slot(0, { holder: 'att_3', lease: NOW + 99_000 })]);
  });

  test('a slot is given up by its holder alone', async () => {
    const { limits } = stores();
    const key = aKey();
    await limits.takeSlot(key, slot(0), ['att_1'], NOW);
    await limits.takeSlot(key, slot(1, { holder: 'att_2' }), ['att_2'], NOW);
    await limits.freeSlot(key, 0, 'att_2');
    await limits.freeSlot(key, 7, 'att_2');
    expect(await limits.slots(key)).toEqual([slot(0), slot(1, { holder: 'att_2' })]);
    await limits.freeSlot(key, 0, 'att_1');
    expect(await limits.slots(key)).toEqual([slot(1, { holder: 'att_2' })]);
  });

  test('slots are the endpoint’s own', async () => {
    const { limits } = stores();
    const key = aKey();
    const others = [
      { ...key, project: aKey().project },
      { ...key, endpoint: aKey().endpoint },
    ];
    await limits.takeSlot(key, slot(0), ['att_1'], NOW);
    for (const other of others) {
      expect(await limits.slots(other)).toEqual([]);
      await limits.freeSlot(other, 0, 'att_1');
      expect(await limits.takeSlot(other, slot(0, { holder: 'att_2' }), ['att_2'], NOW)).toBe(true);
    }
    expect(await limits.slots(key)).toEqual([slot(0)]);
  });
}

export function healthStoreContract(stores: () => Stores): void {
  async function stored(change: Parameters<typeof freshEndpoint>[1] = {}) {
    const endpoint = freshEndpoint(freshProject(), change);
    await stores().addEndpoint(endpoint);
    const key = { project: endpoint.project_id, endpoint: endpoint.id };
    return { endpoint, key, now: () => stores().config.endpoint(key.project, key.endpoint) };
  }

  test('failing is noted once, and taken away by who saw it', async () => {
    const { health } = stores();
    const { endpoint, key, now } = await stored({ recovered_at: NOW - 5 });
    await health.noteFailing(key, NOW);
    await health.noteFailing(key, NOW + 5);
    const { recovered_at: _gone, ...rest } = endpoint;
    expect(await now()).toEqual({ ...rest, failing_since: NOW });
    await health.noteRecovered(key, NOW + 5, NOW + 6);
    expect(await now()).toEqual({ ...rest, failing_since: NOW });
    await health.noteRecovered(key, NOW, NOW + 6);
    await health.noteRecovered(key, NOW, NOW + 7);
    expect(await now()).toEqual({ ...rest, recovered_at: NOW + 6 });
  });

  test('disabling holds for its own moment, also when its reply was lost, and for no other', async () => {
    const { health } = stores();
    const { endpoint, key, now } = await stored({ rev: 2 });
    expect(await health.disable(endpoint, 'Why.', NOW)).toBe(true);
    const first = await now();
    const { rev, ...rest } = first!;
    const said = { status: 'disabled', disabled_reason: 'Why.', disabled_at: NOW, announcement_due: true } as const;
    expect(rest).toEqual({ ...freshOf(endpoint), ...said });
    expect(rev).toBeGreaterThan(2);
    expect(await health.disable(endpoint, 'Why.', NOW)).toBe(true);
    expect(await now()).toMatchObject(said);
    for (const at of [NOW - 1, NOW + 1]) expect(await health.disable(endpoint, 'Another.', at)).toBe(false);
    await health.noteAnnounced(key, NOW + 1);
    expect(await now()).toMatchObject(said);
    await health.noteAnnounced(key, NOW);
    expect(await now()).not.toHaveProperty('announcement_due');
  });

  test('the mark of a listener is taken away, and not that of another one', async () => {
    const { health } = stores();
    const { endpoint, key, now } = await stored({ listener_id: 'lst_2' });
    await health.forgetListener(key, 'lst_1');
    expect(await now()).toEqual(endpoint);
    await health.forgetListener(key, 'lst_2');
    await health.forgetListener(key, 'lst_2');
    const { listener_id: _gone, ...rest } = endpoint;
    expect(await now()).toEqual(rest);
  });

  test('of two that disable at the same time one does', async () => {
    const { health } = stores();
    const { endpoint, now } = await stored();
    const disabled = await atOnce(4, (n) => health.disable(endpoint, `${n}`, NOW + n));
    expect(disabled.filter(Boolean)).toHaveLength(1);
    expect((await now())!.disabled_reason).toBe(`${disabled.indexOf(true)}`);
  });

  test('disabling does not hold over a person’s change', async () => {
    const { health } = stores();
    const { endpoint, now } = await stored({ updated_at: NOW + 9 });
    expect(await health.disable({ ...endpoint, updated_at: NOW }, 'Why.', NOW + 10)).toBe(false);
    expect(await now()).toEqual(endpoint);
  });

  test('an endpoint that is gone, or of another project, stays so', async () => {
    const { health, config } = stores();
    const { endpoint, key, now } = await stored();
    const other = { ...endpoint, project_id: freshProject().id };
    const otherKey = { project: other.project_id, endpoint: other.id };
    await health.noteFailing(otherKey, NOW);
    await health.noteAnnounced(otherKey, NOW);
    expect(await health.disable(other, 'Why.', NOW)).toBe(false);
    expect(await config.endpoint(otherKey.project, otherKey.endpoint)).toBeUndefined();
    expect(await now()).toEqual(endpoint);
    await health.noteRecovered({ ...key, endpoint: aKey().endpoint }, NOW, NOW);
    expect(await now()).toEqual(endpoint);
  });
}

function aKey(): EndpointKey {
  const project = freshProject();
  return { project: project.id, endpoint: freshEndpoint(project).id };
}

function freshOf({ rev: _rev, ...endpoint }: ReturnType<typeof freshEndpoint>) {
  return endpoint;
}
