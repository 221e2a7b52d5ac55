import { firstId, makeId, shardOf, timeOf } from '../../../../functions/primitives/ids.js';
import { fanOut } from '../../../../functions/protocol/events/fan-out.js';
import { publish } from '../../../../functions/protocol/messages/publish.js';
import type { FanOutToken } from '../../../../functions/protocol/rules/token.js';
import { cancelRun, replayDeadLetter } from '../../../../functions/protocol/runs/run-operations.js';
import { isFannedOut } from '../../../../functions/subjects/events/event.js';
import { earlierRunId, runIdOf } from '../../../../functions/subjects/events/event-runs.js';
import { aListener, anEvent, dispatchAll } from '../../../support/event-stories.js';
import { anEndpoint, ENDPOINT_ID, FAILED, Killed, MemoryWorld, START } from '../../../support/memory-world.js';

function worldWith(...filters: string[][]): MemoryWorld {
  const world = new MemoryWorld();
  world.events.listeners = filters.map((own, index) => aListener(index, ...own));
  return world;
}

const calledEndpoints = (world: MemoryWorld) =>
  world.calls.map(({ run }) => world.runs().find(({ id }) => id === run)!.endpoint_id).sort();
const idsOf = (world: MemoryWorld) => world.events.listeners.map(({ id }) => id);

test('each endpoint whose filters match gets one run, whatever the number of its filters that do', async () => {
  const world = worldWith(
    ['invoice.paid', 'invoice.*', '*'],
    ['invoice.*'],
    ['*'],
    ['invoice.sent', 'job.*'],
    ['invoice'],
  );
  const event = anEvent();
  await publish(world.ports, event);
  await dispatchAll(world);
  await world.settleDown();
  expect(calledEndpoints(world)).toEqual(idsOf(world).slice(0, 3));
  const [run] = world.runs();
  expect(run).toMatchObject({
    source: { type: 'event', id: event.id },
    event: { name: 'invoice.paid', key: 'inv_123' },
    due: START,
    max_attempts: 6,
  });
  const found = await world.ports.runs.find({ project: event.project_id, run: run!.id });
  expect(found.definition!.payload).toEqual(event.payload);
  expect(isFannedOut((await world.ports.events.find(event.project_id, event.id))!)).toBe(true);
});

test('the list of the endpoint decides, not where it was found', async () => {
  const world = worldWith(['invoice.paid'], ['invoice.paid']);
  const { candidates } = world.ports.listeners;
  const stale = {
    ...world.ports.listeners,
    candidates: async (...given: Parameters<typeof candidates>) => {
      const { endpoints, ...rest } = await candidates(...given);
      return { ...rest, endpoints: [...endpoints, aListener(9, 'invoice.sent'), anEndpoint()] };
    },
  };
  await publish(world.ports, anEvent());
  await fanOut({ ...world.ports, listeners: stale }, world.dispatched[0] as FanOutToken);
  expect(world.runs().map(({ endpoint_id }) => endpoint_id)).toEqual(idsOf(world));
});

test('a payload that is large is kept once, and is what arrives', async () => {
  const world = worldWith(['*'], ['*']);
  world.answer = () => FAILED;
  const payload = { format: 'text', body: 'x'.repeat(5_000) } as const;
  await publish(world.ports, anEvent({ payload }));
  await dispatchAll(world);
  const [event] = world.events.events.keys();
  const shared = [undefined, event!.split(' ')[1]];
  expect(world.runs().map((run) => [run.payload, run.payload_id])).toEqual([shared, shared]);
  await world.settleDown();
  expect(new Set(world.requests.map(({ body }) => body.toString()))).toEqual(new Set([payload.body]));
  // The dead letters outlive the event.
  expect([...world.letters.values()].map(({ run }) => run.payload)).toEqual([payload, payload]);
});

test('a run that may live longer than its event has a payload of its own', async () => {
  const world = worldWith(['*']);
  world.events.listeners = [{ ...aListener(1, '*'), retry_policy_id: 'rp_patient' }];
  world.policies.set('rp_patient', {
    strategy: 'fixed',
    base_delay_seconds: 7 * 86_400,
    max_delay_seconds: 7 * 86_400,
    delays_seconds: [],
    max_attempts: 50,
    jitter: 'none',
    honor_retry_after: false,
  });
  const payload = { format: 'text', body: 'x'.repeat(5_000) } as const;
  await publish(world.ports, anEvent({ payload }));
  await dispatchAll(world);
  const [run] = world.runs();
  expect(run).toMatchObject({ max_attempts: 50, payload });
});

test('a run can be cancelled before it has begun', async () => {
  const world = worldWith(['*'], ['*']);
  await publish(world.ports, anEvent());
  await dispatchAll(world);
  const [run] = world.runs();
  const key = { project: run!.project_id, run: run!.id };
  await cancelRun(world.ports, (await world.ports.runs.find(key)).definition!);
  expect((await world.ports.runs.find(key)).definition).toMatchObject({ id: run!.id, endpoint_id: run!.endpoint_id });
  await world.settleDown();
  expect(world.states.get(run!.id)).toMatchObject({ status: 'cancelled', attempt: 0 });
  expect(calledEndpoints(world)).toEqual(idsOf(world).slice(1));
});

test('a run that died before its first attempt is replayed', async () => {
  const world = worldWith(['*']);
  const [listener] = world.events.listeners;
  world.events.listeners = [{ ...listener!, status: 'disabled' }];
  await publish(world.ports, anEvent());
  await dispatchAll(world);
  await world.settleDown();
  world.events.listeners = [listener!];
  const [letter] = world.letters.values();
  await replayDeadLetter(world.ports, letter!);
  await world.settleDown();
  expect(world.states.get(letter!.run.id)).toMatchObject({ status: 'success', epoch: 1 });
  expect(world.requests.map(({ body }) => body.toString())).toEqual(['{"amount":1}']);
});

test('an endpoint that is disabled, or gone, gets a dead letter', async () => {
  const world = worldWith(['*'], ['*']);
  world.events.listeners = [{ ...aListener(0, '*'), status: 'disabled' }, aListener(1, '*')];
  await publish(world.ports, anEvent());
  await dispatchAll(world);
  world.events.listeners.pop();
  await world.settleDown();
  expect([...world.letters.values()].map(({ reason }) => reason)).toEqual(['endpoint_disabled', 'endpoint_disabled']);
  expect(world.calls).toEqual([]);
});

test('a token waits for its event for five minutes', async () => {
  const world = worldWith(['*'], ['*']);
  const event = anEvent();
  const token = {
    kind: 'fanout',
    project: event.project_id,
    event: event.id,
    cursor: '',
    sent_at: START,
    hop: 3,
  } as const;
  await fanOut(world.ports, token);
  expect(world.dispatched).toEqual([{ ...token, hop: 4 }]);
  world.dispatched.length = 0;
  world.now = START + 5 * 60_000;
  await fanOut(world.ports, token);
  expect(world.dispatched).toEqual([]);
  await world.ports.events.create(event);
  await fanOut(world.ports, token);
  expect(world.runs()).toHaveLength(2);
});

test('what comes twice, late or out of order makes no second run', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const world = worldWith(...Array.from({ length: 11 }, () => ['*']));
    let state = seed;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const { sendToDispatcher } = world.ports.wakeUps;
    let copies = 0;
    const twice = {
      ...world.ports.wakeUps,
      sendToDispatcher: async (token: FanOutToken) => {
        await sendToDispatcher(token);
        if (copies++ < 40) await sendToDispatcher(token);
      },
    };
    Object.assign(world.ports, { wakeUps: twice });
    await publish(world.ports, anEvent());
    await dispatchAll(world, random);
    await world.settleDown();
    expect({ seed, called: calledEndpoints(world) }).toEqual({ seed, called: idsOf(world) });
  }
});

test('a death at every call of publishing and of fanning out leaves one run for each endpoint', async () => {
  const payload = { format: 'text', body: 'x'.repeat(500) } as const;
  for (let dieAt = 0, moments = Infinity; dieAt < moments; dieAt += 1) {
    const world = worldWith(...Array.from({ length: 7 }, () => ['invoice.*']));
    const event = anEvent({ payload });
    let passed = 0;
    world.at = (moment) => {
      if (passed++ === dieAt) throw new Killed(moment);
    };
    // The client whose request died repeats it under its Idempotency-Key, so with the same event.
    await publish(world.ports, event).catch(() => publish(world.ports, event));
    await dispatchAll(world);
    await world.settleDown();
    expect({ dieAt, called: new Set(calledEndpoints(world)) }).toEqual({ dieAt, called: new Set(idsOf(world)) });
    expect(world.runs()).toHaveLength(7);
    for (const { status } of world.states.values()) expect(status).toBe('success');
    expect(world.calls.length).toBeLessThanOrEqual(8);
    moments = passed;
    if (dieAt === 0) expect(moments).toBeGreaterThan(70);
  }
});

test('a publication that dies, and is not repeated, leaves no event that no endpoint gets', async () => {
  for (let dieAt = 0; dieAt < 4; dieAt += 1) {
    const world = worldWith(['*']);
    let passed = 0;
    world.at = (moment) => {
      if (passed++ === dieAt) throw new Killed(moment);
    };
    await publish(world.ports, anEvent()).catch(() => {});
    await dispatchAll(world);
    await world.settleDown();
    expect(world.calls).toHaveLength(world.events.events.size);
  }
});

test('the slower of two workers of a page sends nothing: the page that was put is finished', async () => {
  const world = worldWith(...Array.from({ length: 12 }, () => ['*']));
  await publish(world.ports, anEvent());
  const [first] = world.dispatched as [FanOutToken];
  const { events, ...others } = world.ports;
  // Another worker does the same page meanwhile, and is done first.
  const overtaken = {
    ...others,
    events: {
      ...events,
      putPage: async (...given: Parameters<typeof events.putPage>) => {
        const all = world.events.listeners;
        world.events.listeners = all.slice(2);
        await fanOut(world.ports, first);
        world.events.listeners = all;
        return events.putPage(...given);
      },
    },
  };
  world.dispatched.length = 0;
  await fanOut(overtaken, first);
  const [page] = world.events.pages.get(`${first.project} ${first.event}`)!;
  expect(page!.runs.map(({ endpoint_id }) => endpoint_id)).toEqual(idsOf(world).slice(2, 5));
  expect(world.messages.map(({ token }) => token.run).sort()).toEqual(
    world
      .runs()
      .map(({ id }) => id)
      .sort(),
  );
  expect(world.dispatched.map((token) => (token as FanOutToken).cursor)).toEqual([page!.end]);
  await dispatchAll(world);
  await world.settleDown();
  expect(calledEndpoints(world)).toEqual(idsOf(world).slice(2));
});

test('a token that comes again when its page is done makes no run for who began to listen since', async () => {
  const world = worldWith(...Array.from({ length: 5 }, () => ['*']));
  await publish(world.ports, anEvent());
  const [token] = world.dispatched as [FanOutToken];
  await fanOut(world.ports, token);
  world.events.listeners.unshift({ ...aListener(0, '*'), id: makeId('ep', 1, Buffer.alloc(8)) });
  await fanOut(world.ports, token);
  await dispatchAll(world);
  await fanOut(world.ports, token);
  expect(world.runs()).toHaveLength(5);
});

test('a death while endpoints come and go leaves no run without its token', async () => {
  for (let dieAt = 0, moments = Infinity; dieAt < moments; dieAt += 1) {
    const world = worldWith(...Array.from({ length: 6 }, () => ['invoice.*']));
    const stays = idsOf(world).slice(2);
    let passed = 0;
    world.at = (moment) => {
      if (passed++ !== dieAt) return;
      // Two endpoints stop listening, and another begins, before the page is done again.
      world.events.listeners = [...world.events.listeners.slice(2), aListener(50, 'invoice.paid')];
      throw new Killed(moment);
    };
    const event = anEvent();
    await publish(world.ports, event).catch(() => publish(world.ports, event));
    await dispatchAll(world);
    world.at = () => {};
    world.endpoint = anEndpoint();
    await world.settleDown();
    for (const { id } of world.runs()) expect(world.states.get(id)).toBeDefined();
    for (const id of stays) expect(calledEndpoints(world)).toContain(id);
    moments = passed;
  }
});

describe("the ids of an event's runs", () => {
  const event = makeId('evt', START, Buffer.alloc(8, 77), 9);

  test('follow from event and endpoint, with the time and the shard of the event', () => {
    const id = runIdOf(event, ENDPOINT_ID);
    expect(runIdOf(event, ENDPOINT_ID)).toBe(id);
    expect([timeOf(id), shardOf(id)]).toEqual([START, 9]);
    const others = Array.from({ length: 5_000 }, (_, n) => runIdOf(event, aListener(n).id));
    expect(new Set(others).size).toBe(5_000);
    expect(runIdOf(makeId('evt', START, Buffer.alloc(8, 78), 9), ENDPOINT_ID)).not.toBe(id);
  });

  test('are compared with those of their siblings', () => {
    const [first, last] = [firstId('run', START), firstId('run', START + 1)];
    expect(runIdOf(event, ENDPOINT_ID) > first && runIdOf(event, ENDPOINT_ID) < last).toBe(true);
    expect(earlierRunId(undefined, last)).toBe(last);
    expect(earlierRunId(first.replace('run', 'dl'), last)).toBe(first);
    expect(earlierRunId(firstId('run', START + 2), last)).toBe(last);
  });
});

test('an event that one read does not show yet is looked up again, and its token is not sent anew', async () => {
  const world = worldWith(['*'], ['*']);
  await publish(world.ports, anEvent());
  const [token] = world.dispatched.splice(0) as [FanOutToken];
  const { find } = world.ports.events;
  let looks = 0;
  const late = {
    ...world.ports.events,
    find: async (...key: Parameters<typeof find>) => (looks++ > 0 ? find(...key) : undefined),
  };
  await fanOut({ ...world.ports, events: late }, token);
  expect(world.runs()).toHaveLength(2);
  expect(world.dispatched).toEqual([]);
});

test('a page that is done already is not planned again', async () => {
  const world = worldWith(['*']);
  await publish(world.ports, anEvent());
  const [token] = world.dispatched as [FanOutToken];
  await dispatchAll(world);
  const listeners = { ...world.ports.listeners, candidates: () => Promise.reject(new Error('planned again')) };
  await fanOut({ ...world.ports, listeners }, token);
  expect(world.runs()).toHaveLength(1);
});

test('a page says when it was decided only if that is more than a minute after its event', async () => {
  const decided: (number | undefined)[] = [];
  for (const late of [0, 60_000, 60_001]) {
    const world = worldWith(['*']);
    const event = anEvent();
    await publish(world.ports, event);
    world.now = START + late;
    await fanOut(world.ports, world.dispatched[0] as FanOutToken);
    decided.push((await world.ports.events.find(event.project_id, event.id))!.pages[0]!.decided_at);
  }
  expect(decided).toEqual([undefined, undefined, START + 60_001]);
});

test('the first run of an event was counted when the event came; each other one is counted by its page', async () => {
  const counted = async (listeners: number) => {
    const world = worldWith(...Array.from({ length: listeners }, () => ['*']));
    const counts: number[] = [];
    const takeRuns = async (_project: string, { count }: { readonly count: number }) => counts.push(count) > 0;
    Object.assign(world.ports, { takeRuns });
    const event = anEvent();
    await publish(world.ports, event);
    await dispatchAll(world);
    const { pages } = (await world.ports.events.find(event.project_id, event.id))!;
    return { counts, runs: pages.map(({ runs }) => runs.length) };
  };
  const { counts, runs } = await counted(7);
  expect(runs.length).toBeGreaterThan(1);
  expect(counts).toEqual([runs[0]! - 1, ...runs.slice(1)].filter((count) => count > 0));
  expect((await counted(1)).counts).toEqual([]);
});

test('of a page, only those runs have a payload of their own that may outlive the event', async () => {
  const world = worldWith(['*'], ['*']);
  const [first, second] = world.events.listeners;
  world.events.listeners = [{ ...first!, retry_policy_id: 'rp_patient' }, second!];
  world.policies.set('rp_patient', {
    strategy: 'fixed',
    base_delay_seconds: 7 * 86_400,
    max_delay_seconds: 7 * 86_400,
    delays_seconds: [],
    max_attempts: 50,
    jitter: 'none',
    honor_retry_after: false,
  });
  const payload = { format: 'text', body: 'x'.repeat(5_000) } as const;
  await publish(world.ports, anEvent({ payload }));
  await dispatchAll(world);
  const own = new Map(world.runs().map((run) => [run.endpoint_id, run.payload]));
  expect([own.get(first!.id), own.get(second!.id)]).toEqual([payload, undefined]);
});
