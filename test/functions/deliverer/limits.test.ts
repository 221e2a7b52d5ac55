import { Unfinished } from '../../../functions/deliverer/worker.js';
import type { DeliverToken } from '../../../functions/protocol/rules/token.js';
import { cancelRun, createRun } from '../../../functions/protocol/runs/run-operations.js';
import { keptFor } from '../../../functions/subjects/endpoints/slots.js';
import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, aRun, FAILED, Killed, MemoryWorld, START } from '../../support/memory-world.js';
import { mostInASecond } from '../../support/most-in-a-second.js';
import { patchEndpoint } from '../../support/patched-endpoint.js';

async function created(world: MemoryWorld, count: number): Promise<RunDefinition[]> {
  const runs = Array.from({ length: count }, () => aRun());
  for (const run of runs) await createRun(world.ports, run);
  return runs;
}

describe('a rate limit', () => {
  function limited(rate_limit_per_second: number): MemoryWorld {
    const world = new MemoryWorld();
    world.endpoint = anEndpoint({ rate_limit_per_second });
    return world;
  }

  test('lets calls start that far apart, in the order in which they came, each as its first attempt', async () => {
    const world = limited(4);
    const runs = await created(world, 20);
    await world.settleDown();
    expect(world.calls.map(({ run }) => run)).toEqual(runs.map(({ id }) => id));
    for (const [index, { at, attempt }] of world.calls.entries()) {
      expect(at).toBeGreaterThanOrEqual(START + index * 250);
      expect(at).toBeLessThan(START + index * 250 + 500);
      expect(attempt).toBe(1);
    }
  });

  test('shows when the turn is, and sends each token on once', async () => {
    const world = limited(0.1);
    const [, second] = await created(world, 2);
    for (const { token } of world.messages.splice(0)) await world.receive(token);
    expect(world.states.get(second!.id)).toMatchObject({
      status: 'pending',
      attempt: 0,
      turn: { n: 1, at: START + 10_000 },
    });
    expect(world.messages).toMatchObject([
      { due: START + 10_000, token: { hop: 0, turn: { n: 1, at: START + 10_000 } } },
    ]);
    await world.settleDown();
    expect(world.states.get(second!.id)).toMatchObject({ status: 'success', first_attempt: { lateness_ms: 10_000 } });
    expect(world.states.get(second!.id)!.turn).toBeUndefined();
  });

  test('books one turn for a token, however often it comes', async () => {
    const world = limited(1);
    await created(world, 2);
    const [first, second] = world.messages.splice(0);
    await world.receive(first!.token);
    for (let copies = 0; copies < 5; copies++) await world.receive(second!.token);
    expect(world.rateClocks.next).toBe(START + 2_000);
    await world.settleDown();
    expect(world.calls).toHaveLength(2);
    expect(world.rateClocks.next).toBe(START + 2_000);
  });

  test('is kept for moments that were missed together: they come near now, and not as a crowd', async () => {
    const world = limited(2);
    await created(world, 10);
    for (const { token } of world.messages.splice(0)) await world.receive(token);
    world.now = START + 60_000; // no worker ran meanwhile
    await world.settleDown();
    const starts = world.calls.map(({ at }) => at);
    expect(starts).toHaveLength(10);
    expect(mostInASecond(starts)).toBeLessThanOrEqual(3);
    expect(starts.at(-1)).toBeLessThan(START + 68_000);
  });

  test.each([1_500, 20_000, 600_000])('is given in full when every message comes %d ms late', async (lateMs) => {
    const world = limited(1);
    const runs = await created(world, 30);
    let mostHops = 0;
    while (world.messages.length > 0) {
      const { token, due } = world.messages.sort((a, b) => a.due - b.due).shift()!;
      mostHops = Math.max(mostHops, token.hop);
      world.now = Math.max(world.now, due + lateMs);
      await world.receive(token);
    }
    const starts = world.calls.map(({ at }) => at);
    expect(world.calls.map(({ run }) => run)).toEqual(runs.map(({ id }) => id));
    expect(starts.at(-1)! - starts[1]!).toBeLessThan(30_000);
    expect(mostHops).toBe(0);
  });

  test('keeps hops for other things, however often a turn is missed', async () => {
    const world = limited(1);
    const [run] = await created(world, 1);
    const { token } = world.messages.pop()!;
    world.messages.push({ lane: 'fast', token: { ...token, hop: world.worker.settings.maxHops }, due: world.now });
    await world.ports.limits.takeMoment({ project: '', endpoint: '' }, 60_000, world.now, world.now, true);
    await world.settleDown();
    expect(world.states.get(run!.id)).toMatchObject({ status: 'success', attempt: 1 });
  });

  test('waits to the turn for what comes early, without another message', async () => {
    const world = limited(1);
    const runs = await created(world, 3);
    for (const { token } of world.messages.splice(0)) await world.receive(token);
    for (const { token, due } of world.messages.splice(0)) {
      world.now = due - 700; // SQS counts in whole seconds
      await world.receive(token);
    }
    expect(world.messages).toEqual([]);
    expect(world.calls.map(({ run }) => run)).toEqual(runs.map(({ id }) => id));
    for (const [index, { at }] of world.calls.entries()) expect(at).toBeGreaterThanOrEqual(START + index * 1_000);
  });

  test('counts the calls that lost workers leave to be made again', async () => {
    const world = limited(1);
    const runs = await created(world, 5);
    world.at = (moment) => {
      if (moment === 'before call') throw new Killed();
    };
    await world.runUntil(START + 30_000);
    world.at = () => {};
    expect(runs.map(({ id }) => world.states.get(id)!.status)).toEqual(Array(5).fill('running'));
    world.now = START + 90_000; // their messages come back all together
    await world.settleDown();
    const starts = world.calls.map(({ at }) => at);
    expect(starts).toHaveLength(5);
    expect(mostInASecond(starts)).toBeLessThanOrEqual(2);
    for (const { id } of runs) expect(world.states.get(id)).toMatchObject({ status: 'success', attempt: 1 });
    for (const { id } of runs) expect(world.states.get(id)!.turn).toBeUndefined();
  });

  test('lets what was held for want of a slot, and is called up, go before the line', async () => {
    const world = limited(1);
    world.endpoint = anEndpoint({ rate_limit_per_second: 1, max_concurrency: 1 });
    const [run] = await created(world, 1);
    const token = world.messages.pop()!.token as DeliverToken;
    world.rateClocks.next = START + 3_600_000;
    const slot = { endpoint: world.endpoint.id, index: 0, holder: keptFor(run!.id, 'a') };
    world.slots.set(0, { index: 0, run: run!.id, holder: slot.holder, lease: START + 30_000 });
    await world.receive({ ...token, slot });
    expect(world.calls).toMatchObject([{ run: run!.id, at: START }]);
  });

  test('costs a call that waits one write of the clocks when it books, and one when its turn has come', async () => {
    const world = limited(1);
    await created(world, 20);
    const moments: string[] = [];
    world.at = (moment) => void moments.push(moment);
    await world.settleDown();
    const times = (name: string) => moments.filter((moment) => moment === `after ${name}`).length;
    expect([times('bookMoment'), times('takeMoment'), times('bookAgain')]).toEqual([20, 19, 0]);
  });

  test('is for retries too, and costs those without a limit nothing', async () => {
    const world = limited(1);
    world.answer = (call) => (call === 0 ? FAILED : {});
    await created(world, 1);
    await world.settleDown();
    expect(world.rateClocks.next).toBeGreaterThan(START + 30_000);
    const free = new MemoryWorld();
    const moments: string[] = [];
    free.at = (moment) => void moments.push(moment);
    await created(free, 1);
    await free.settleDown();
    expect(moments.filter((moment) => /Moment|bookAgain|lot|hold|oldest/i.test(moment))).toEqual([]);
  });
});

describe('a limit of concurrency', () => {
  /** A world whose calls last until they are let go, and that counts them. */
  function crowded(max_concurrency: number) {
    const world = new MemoryWorld();
    world.endpoint = anEndpoint({ max_concurrency });
    const open: (() => void)[] = [];
    let most = 0;
    world.answer = () =>
      new Promise((resolve) => {
        open.push(() => resolve({}));
        most = Math.max(most, open.length);
      });
    const turnOver = () => new Promise((resolve) => setImmediate(resolve));
    return {
      world,
      most: () => most,
      /** Receives all that is there, each message `times` times, and lets one call after the other end, until all is done. */
      async work(times = 1) {
        const working: Promise<void>[] = [];
        for (let idle = 0; idle < 5; ) {
          const next = Math.min(...world.messages.map(({ due }) => due));
          if (open.length === 0 && next < Infinity) world.now = Math.max(world.now, next);
          const due = world.messages.filter((message) => message.due <= world.now);
          world.messages = world.messages.filter((message) => !due.includes(message));
          const messages = due.flatMap((message) => Array.from({ length: times }, () => message));
          working.push(...messages.map(({ token }) => world.receive(token)));
          for (let n = 0; n < 20; n++) await turnOver();
          open.shift()?.();
          for (let n = 0; n < 20; n++) await turnOver();
          idle = messages.length === 0 && open.length === 0 ? idle + 1 : 0;
        }
        await Promise.all(working);
      },
    };
  }

  test.each([1, 3])(
    'of %d is held, whichever run comes; the others follow as the calls end, the oldest first',
    async (most) => {
      const crowd = crowded(most);
      const runs = await created(crowd.world, 12);
      await crowd.work();
      expect(crowd.most()).toBe(most);
      expect(crowd.world.calls.map(({ run }) => run).sort()).toEqual(runs.map(({ id }) => id).sort());
      expect(crowd.world.calls.slice(most).map(({ run }) => run)).toEqual(
        runs.map(({ id }) => id).filter((id) => !crowd.world.calls.slice(0, most).some(({ run }) => run === id)),
      );
      for (const { id } of runs) expect(crowd.world.states.get(id)).toMatchObject({ status: 'success', attempt: 1 });
      expect([crowd.world.held.size, crowd.world.slots.size]).toEqual([0, 0]);
    },
  );

  test('lets copies of messages die out, however many there are', async () => {
    const crowd = crowded(2);
    const runs = await created(crowd.world, 8);
    let received = 0;
    const receive = crowd.world.receive.bind(crowd.world);
    crowd.world.receive = (token) => {
      received += 1;
      return receive(token);
    };
    await crowd.work(2);
    expect(crowd.most()).toBe(2);
    expect(crowd.world.calls.map(({ run }) => run).sort()).toEqual(runs.map(({ id }) => id).sort());
    expect(received).toBeLessThan(200);
    expect(crowd.world.held.size).toBe(0);
  });

  test('goes on past runs that were cancelled in the line', async () => {
    const crowd = crowded(1);
    const runs = await created(crowd.world, 6);
    const { world } = crowd;
    const answer = world.answer;
    world.answer = async (call) => {
      if (call === 0) for (const run of runs.slice(1, 5)) await cancelRun(world.ports, run);
      return answer(call);
    };
    await crowd.work();
    expect(world.calls.map(({ run }) => run)).toEqual([runs[0]!.id, runs[5]!.id]);
    expect([world.held.size, world.slots.size]).toEqual([0, 0]);
  });

  test('that is taken away, or raised, lets the line go', async () => {
    for (const max_concurrency of [null, 5]) {
      const { world, work, most } = crowded(1);
      await created(world, 6);
      const answer = world.answer;
      world.answer = async (call) => {
        if (call === 1) await patchEndpoint(world, { max_concurrency });
        return answer(call);
      };
      const release = setInterval(() => void world.settleReleases(), 1);
      await work();
      await world.settleReleases();
      await work();
      clearInterval(release);
      expect(world.calls).toHaveLength(6);
      expect(most()).toBeGreaterThan(1);
      expect(world.held.size).toBe(0);
    }
  });

  test('does not hold what it holds for ever when a worker is lost', async () => {
    const world = new MemoryWorld();
    world.endpoint = anEndpoint({ max_concurrency: 1 });
    const [first] = await created(world, 1);
    const [message] = world.messages;
    world.at = (moment) => {
      if (moment === 'after begin') throw new Killed('the worker is lost');
    };
    await expect(world.receive(world.messages.pop()!.token)).rejects.toThrow('lost');
    world.at = () => {};
    expect(world.slots.size).toBe(1);
    await created(world, 2);
    await Promise.all(world.messages.splice(0).map(({ token }) => world.receive(token)));
    expect(world.held.size).toBe(2);
    world.messages.push({ ...message!, due: world.now + 60_000 });
    await world.settleDown();
    expect(world.states.get(first!.id)).toMatchObject({ status: 'success' });
    expect([world.calls.length, world.held.size, world.slots.size]).toEqual([3, 0, 0]);
  });

  test('does not hold a run behind the slot that its own lost worker has left', async () => {
    const world = new MemoryWorld();
    world.endpoint = anEndpoint({ max_concurrency: 1 });
    const [run] = await created(world, 1);
    const [message] = world.messages.splice(0);
    world.at = (moment) => {
      if (moment === 'before begin') throw new Error('DynamoDB has failed');
    };
    await expect(world.receive(message!.token)).rejects.toThrow(Unfinished);
    world.at = () => {};
    const { lease } = world.slots.get(0)!;
    world.now += 5_000; // a message whose handling failed comes back before the slot is free
    await world.receive(message!.token);
    expect(world.held.size).toBe(0);
    expect(world.messages).toMatchObject([{ due: lease }]);
    await world.settleDown();
    expect(world.states.get(run!.id)).toMatchObject({ status: 'success', attempt: 1 });
  });

  test('that is taken away while a run is laid down does not keep it', async () => {
    const world = new MemoryWorld();
    world.endpoint = anEndpoint({ max_concurrency: 1 });
    world.slots.set(0, { index: 0, run: 'run_another', holder: 'att_another', lease: world.now + 60_000 });
    const [run] = await created(world, 1);
    world.at = (moment) => {
      if (moment === 'before hold') world.endpoint = anEndpoint({ rev: 1 });
    };
    await world.settleDown();
    expect(world.states.get(run!.id)).toMatchObject({ status: 'success', attempt: 1 });
    expect(world.held.size).toBe(0);
  });
});
