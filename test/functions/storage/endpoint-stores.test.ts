import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { HeldRun } from '../../../functions/protocol/rules/held-run.js';
import { createConfigStore } from '../../../functions/storage/config-store.js';
import { createEndpointHealthStore } from '../../../functions/storage/endpoint-health-store.js';
import { payloadKey, rateClocksKey } from '../../../functions/storage/keys.js';
import { payloadItem } from '../../../functions/storage/payload-item.js';
import { definitionItems } from '../../../functions/storage/run-items.js';
import type { LimitStore } from '../../../functions/subjects/endpoints/rate-booking.js';
import { keepSlot, keptFor, takeSlot } from '../../../functions/subjects/endpoints/slots.js';
import { MemoryRateClocks } from '../../support/memory-rate-clocks.js';
import type { HttpEndpoint } from '../../support/memory-world.js';
import { aRunOf, aState, DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

/** An endpoint in the configuration table, as the API makes it. */
async function stored(change: Partial<HttpEndpoint> = {}) {
  const store = createConfigStore(world.client, 'config', world.ports.clock);
  const endpoint = await store.createEndpoint(world.addEndpoint(world.addProject(), change));
  const health = createEndpointHealthStore(world.client, 'config');
  const key = { project: endpoint.project_id, endpoint: endpoint.id };
  return { store, health, endpoint, key, now: () => store.endpoint(key.project, key.endpoint) };
}

describe('turns', () => {
  const inAll = (count: number) => Array.from({ length: count }, (_, n) => n);

  test('are booked one after the other, however many ask at once, and start anew after a rest', async () => {
    const { limits } = world.ports;
    const { key } = await stored();
    const booked = await Promise.all(inAll(20).map(() => limits.bookMoment(key, 250, NOW)));
    expect(booked.map((turn) => turn!.at).sort()).toEqual(inAll(20).map((n) => NOW + n * 250));
    expect(booked.filter((turn) => turn!.isTaken)).toHaveLength(1);
    expect(await limits.bookMoment(key, 250, NOW + 60_000)).toEqual({ at: NOW + 60_000, isTaken: true });
    expect(await limits.bookMoment((await stored()).key, 250, NOW)).toEqual({ at: NOW, isTaken: true });
  });

  test('that were missed give as many calls as the rate has room for, however many come at once', async () => {
    const { limits } = world.ports;
    const { key } = await stored();
    const taken = await Promise.all(inAll(20).map(() => limits.takeMoment(key, 250, NOW, NOW + 2_000, true)));
    const starts = taken.filter((at) => at !== undefined).sort();
    expect(starts).toEqual([NOW, ...inAll(9).map((n) => NOW + n * 250)]);
    const again = await Promise.all(inAll(5).map(() => limits.bookAgain(key, 250, NOW + 2_000)));
    expect(again.sort()).toEqual(inAll(5).map((n) => NOW + 2_000 + n * 250));
  });

  test('cost one write when they are booked, and one when they have come', async () => {
    const { limits } = world.ports;
    const { key } = await stored();
    const send = jest.spyOn(world.client, 'send');
    const requests = async (work: () => Promise<unknown>) => {
      send.mockClear();
      await work();
      return send.mock.calls.map(([command]) => command.constructor.name);
    };
    await limits.bookMoment(key, 250, NOW);
    for (const n of [1, 2, 3, 4])
      expect(await requests(() => limits.bookMoment(key, 250, NOW + n))).toEqual(['UpdateCommand']);
    for (const n of [1, 2, 3, 4]) {
      const come = () => limits.takeMoment(key, 250, NOW + n * 250 + 7, NOW + 2_000, false);
      expect(await requests(come)).toEqual(['UpdateCommand']);
    }
    send.mockRestore();
  });

  test('are as the suites in memory have them', async () => {
    const op = fc.record({
      name: fc.constantFrom('bookMoment', 'takeMoment', 'bookAgain'),
      after: fc.constantFrom(0, 100, 250, 400, 3_000),
      interval: fc.constantFrom(100, 250),
      wait: fc.constantFrom(0, 500, 2_000),
      missed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 25 }), async (ops) => {
        const { key } = await stored();
        const memory = new MemoryRateClocks().store;
        let now = NOW;
        for (const { name, after, interval, wait, missed } of ops) {
          now += after;
          const ask = (turns: Pick<LimitStore, 'bookMoment' | 'takeMoment' | 'bookAgain'> | typeof memory) => {
            if (name === 'bookMoment') return turns.bookMoment(key, interval, now);
            if (name === 'bookAgain') return turns.bookAgain(key, interval, now + wait);
            return turns.takeMoment(key, interval, now, now + wait, missed);
          };
          expect(await ask(world.ports.limits)).toEqual(ask(memory));
        }
      }),
      { numRuns: 30 },
    );
  });

  test('stay booked as long as anything that an endpoint holds', async () => {
    const { key } = await stored();
    await world.ports.limits.bookMoment(key, 250, NOW);
    const { Item } = await world.client.send(
      new GetCommand({ TableName: 'runs', Key: rateClocksKey(key.project, key.endpoint) }),
    );
    expect(Item!['ttl']).toBeGreaterThan((NOW + 3_600 * DAY) / 1_000);
  });
});

describe('slots', () => {
  const hex = (n: number) => n.toString(16).padStart(32, '0');
  const wish = (n: number) => ({ run: `run_${hex(n)}`, nonce: `att_${hex(n)}`, lease: NOW + 1_000 });

  test('are as many as the endpoint takes, also in a crowd; free, lapsed or one’s own they are taken', async () => {
    const { endpoint, key } = await stored({ max_concurrency: 3 });
    const taken = await Promise.all(Array.from({ length: 8 }, (_, n) => takeSlot(world.ports, endpoint, wish(n))));
    expect(taken.filter((index) => typeof index === 'number').sort()).toEqual([0, 1, 2]);
    const mine = taken.findIndex((index) => typeof index === 'number');
    const index = taken[mine] as number;
    expect(await takeSlot(world.ports, endpoint, wish(mine))).toBe(index);
    expect(await takeSlot(world.ports, endpoint, wish(9))).toEqual({});
    await world.ports.limits.freeSlot(key, index, 'att_other');
    expect(await takeSlot(world.ports, endpoint, wish(9))).toEqual({});
    await world.ports.limits.freeSlot(key, index, wish(mine).nonce);
    expect(await takeSlot(world.ports, endpoint, wish(9))).toBe(index);
    world.time.now = NOW + 1_000;
    expect(typeof (await takeSlot(world.ports, endpoint, wish(10)))).toBe('number');
    world.time.now = NOW;
  });

  test('say so when one of them is that of a worker before, for the same run', async () => {
    const { endpoint } = await stored({ max_concurrency: 1 });
    expect(await takeSlot(world.ports, endpoint, wish(1))).toBe(0);
    const again = { ...wish(1), nonce: `att_${hex(5)}`, lease: NOW + 2_000 };
    expect(await takeSlot(world.ports, endpoint, again)).toEqual({ strayUntil: NOW + 1_000 });
  });

  test('one that is kept for a run is taken by its claim alone', async () => {
    const { endpoint } = await stored({ max_concurrency: 1 });
    const { run, lease } = wish(1);
    const keep = (caller: number) => keepSlot(world.ports, endpoint, { run, holder: keptFor(run, hex(caller)), lease });
    expect(await keep(7)).toBe(0);
    expect(await keep(8)).toBe('called up');
    expect(await keep(7)).toBe(0); // it comes again
    expect(await takeSlot(world.ports, endpoint, wish(2))).toEqual({});
    expect(await takeSlot(world.ports, endpoint, wish(1))).toBe(0);
  });
});

describe('held runs', () => {
  test('come out oldest first over all shards; one that was held again stays, and keeps what was left of its life', async () => {
    const project = world.addProject(3);
    const { id: endpoint } = world.addEndpoint(project);
    const key = { project: project.id, endpoint };
    const runs = Array.from({ length: 9 }, (_, n) => aRunOf(project, {}, (9 - n) * 1_000));
    const held = runs.map(({ id }): HeldRun => {
      const moments = { due: NOW, sent_at: NOW };
      const token = {
        kind: 'deliver',
        project: key.project,
        run: id,
        group: endpoint,
        attempt: 1,
        ...moments,
        hop: 0,
      } as const;
      return { ...key, token, nonce: 'a', left_ms: DAY };
    });
    for (const one of [...held].reverse()) await world.ports.heldRuns.put(one);
    expect(await world.ports.heldRuns.oldest(key, 3, 4)).toEqual(held.slice(0, 4));
    await world.ports.heldRuns.put({ ...held[0]!, nonce: 'b', left_ms: 5 });
    await world.ports.heldRuns.remove(held[0]!);
    expect(await world.ports.heldRuns.oldest(key, 3, 1)).toEqual([{ ...held[0]!, nonce: 'b' }]);
    await world.ports.heldRuns.remove({ ...held[0]!, nonce: 'b' });
    expect(await world.ports.heldRuns.oldest(key, 3, 100)).toEqual(held.slice(1));
  });

  test('their definition, payload and state live on, and age again', async () => {
    const project = world.addProject();
    const definition = aRunOf(project, {
      payload: { format: 'text', body: Array.from({ length: 900 }, Math.random).join() },
    });
    const run = { definition, state: aState(definition, {}) };
    await world.store([run]);
    const key = { project: project.id, run: definition.id };
    await world.ports.runs.keepUntil(run, NOW + 900 * DAY);
    world.time.now = NOW + 899 * DAY;
    expect(await world.ports.runs.find(key)).toMatchObject({
      definition: { payload: definition.payload, expires_at: NOW + 900 * DAY },
      state: { status: 'pending', expires_at: NOW + 901 * DAY, version: 1 },
    });
    await world.ports.runs.keepUntil(run, NOW + 898 * DAY);
    expect((await world.ports.runs.find(key)).definition).toBeUndefined();
    world.time.now = NOW;
  });

  test('what is to happen to a run later makes it live longer, and never shorter', async () => {
    const project = world.addProject();
    const definition = aRunOf(project, {
      payload: { format: 'text', body: Array.from({ length: 900 }, Math.random).join() },
    });
    const run = { definition, state: aState(definition, {}) };
    await world.store([run]);
    const { runs } = world.ports;
    const key = { project: project.id, run: definition.id };
    await runs.keepAtLeast(run, NOW + 60 * DAY);
    world.time.now = NOW + 59 * DAY;
    const living = {
      definition: { payload: definition.payload, expires_at: NOW + 60 * DAY },
      state: { status: 'pending', expires_at: NOW + 61 * DAY, version: 1 },
    };
    expect(await runs.find(key)).toMatchObject(living);
    await runs.keepAtLeast(run, NOW + 40 * DAY); // by a writer that has read the run before
    expect(await runs.find(key)).toMatchObject(living);
    const unknown = aRunOf(project, {});
    await runs.keepAtLeast({ definition: unknown, state: aState(unknown, {}) }, NOW + 60 * DAY);
    expect(await runs.find({ project: project.id, run: unknown.id })).toEqual({});
    world.time.now = NOW;
  });

  test('their payload lives on also where it would lie with the definition today', async () => {
    const project = world.addProject();
    const { payload, ...definition } = aRunOf(project, { payload: { format: 'text', body: 'short' } });
    const key = { project: project.id, run: definition.id };
    await world.client.send(
      new PutCommand({ TableName: 'runs', Item: { ...definitionItems(definition)[0], payload_apart: true } }),
    );
    const apart = payloadItem(project.id, definition.id, payload!, (NOW + DAY) / 1000);
    await world.client.send(new PutCommand({ TableName: 'runs', Item: apart }));
    await world.ports.runs.keepUntil(await world.ports.runs.find(key), NOW + 900 * DAY);
    const { Item } = await world.client.send(
      new GetCommand({ TableName: 'runs', Key: payloadKey(project.id, definition.id) }),
    );
    expect(Item!['ttl']).toBe((NOW + 900 * DAY) / 1000);
  });

  test('nothing comes into being by it', async () => {
    const project = world.addProject();
    const definition = aRunOf(project);
    await world.ports.runs.keepUntil({ definition, state: aState(definition, {}) }, NOW + DAY);
    expect(await world.ports.runs.find({ project: project.id, run: definition.id })).toEqual({});
  });
});

describe('health', () => {
  test('is noted once, and a recovery of it too', async () => {
    const { health, key, now } = await stored();
    await health.noteFailing(key, NOW);
    await health.noteFailing(key, NOW + 5);
    expect(await now()).toMatchObject({ failing_since: NOW });
    await health.noteRecovered(key, NOW + 5, NOW + 6);
    expect(await now()).toMatchObject({ failing_since: NOW });
    await health.noteRecovered(key, NOW, NOW + 6);
    expect(await now()).toMatchObject({ recovered_at: NOW + 6 });
    expect(await now()).not.toHaveProperty('failing_since');
  });

  test('disabling holds once, also when its reply was lost, and not over a person’s change', async () => {
    const { store, health, endpoint, key, now } = await stored({ rev: 2 });
    expect(await health.disable(endpoint, 'Why.', NOW)).toBe(true);
    expect(await health.disable(endpoint, 'Why.', NOW)).toBe(true);
    expect(await health.disable(endpoint, 'Why.', NOW + 1)).toBe(false);
    expect(await now()).toMatchObject({ status: 'disabled', disabled_reason: 'Why.', announcement_due: true });
    await health.noteAnnounced(key, NOW + 1);
    expect(await now()).toHaveProperty('announcement_due');
    await health.noteAnnounced(key, NOW);
    expect(await now()).not.toHaveProperty('announcement_due');
    await store.changeEndpoint(key.project, key.endpoint, (it) => ({ ...it, status: 'active', updated_at: NOW + 9 }));
    expect(await health.disable(endpoint, 'Why.', NOW + 10)).toBe(false);
    expect((await now())!.status).toBe('active');
  });

  test('a change that a person makes at the same time does not wipe it out', async () => {
    const { store, health, key, now } = await stored();
    await Promise.all([
      store.changeEndpoint(key.project, key.endpoint, (it) => ({ ...it, name: 'renamed' })),
      health.noteFailing(key, NOW),
    ]);
    expect(await now()).toMatchObject({ name: 'renamed', failing_since: NOW });
  });

  test('an endpoint that is gone stays gone', async () => {
    const { store, health, endpoint, key, now } = await stored();
    await store.deleteEndpoint(key.project, key.endpoint);
    await health.noteFailing(key, NOW);
    expect(await health.disable(endpoint, 'Why.', NOW)).toBe(false);
    expect(await now()).toBeUndefined();
  });
});
