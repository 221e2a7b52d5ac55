import { Unfinished } from '../../../functions/deliverer/worker.js';
import type { LaneToken } from '../../../functions/protocol/rules/token.js';
import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import type { RetryPolicy } from '../../../functions/subjects/retry-policies/retry-policy.js';
import { anEndpoint, aRun, FAILED, MemoryWorld, START } from '../../support/memory-world.js';

const HOUR = 3_600_000;
const THROTTLED = Object.assign(new Error('throttled'), { name: 'ThrottlingException', $metadata: {} });

/** Works off every message. What fails comes back as a copy a minute later, as the failure room does it. */
async function workOff(world: MemoryWorld, twice = false): Promise<void> {
  for (let rounds = 0; world.messages.length > 0; rounds++) {
    if (rounds > 2_000) throw new Error('the queue never runs empty');
    world.messages.sort((a, b) => a.due - b.due);
    const message = world.messages.shift()!;
    world.now = Math.max(world.now, message.due);
    // SQS may hand a message out twice, though seldom.
    for (const _copy of twice && rounds < 3 ? [1, 2] : [1])
      await world.receive(message.token).catch((error) => {
        const token: LaneToken = error instanceof Unfinished ? error.token : message.token;
        const copy = JSON.parse(JSON.stringify(token)) as LaneToken;
        world.messages.push({ ...message, token: copy, due: world.now + 60_000 });
      });
  }
}

/** Refuses what a port's method is asked for until `until`. */
function refuse<Port extends object>(
  world: MemoryWorld,
  port: Port,
  name: keyof Port,
  until: number,
): { times: number } {
  const works = port[name] as (...args: unknown[]) => Promise<unknown>;
  const refused = { times: 0 };
  Object.assign(port, {
    [name]: async (...args: unknown[]) => {
      if (world.now >= until) return works(...args);
      refused.times++;
      throw THROTTLED;
    },
  });
  return refused;
}

/** Lets no claim be given back. */
function refuseReleases(world: MemoryWorld): void {
  const { advance } = world.worker.runs;
  Object.assign(world.worker.runs, {
    advance: async (...[key, seen, next]: Parameters<typeof advance>) => {
      if (next.status === 'pending') throw THROTTLED;
      return advance(key, seen, next);
    },
  });
}

async function aStory(answer: MemoryWorld['answer'] = () => ({})) {
  const world = new MemoryWorld();
  world.answer = answer;
  const run = aRun();
  await createRun(world.ports, run);
  return { world, run };
}

/** Every one of these comes after the verdict, so none of them may cost the outcome. */
test.each<[string, (world: MemoryWorld) => { times: number }]>([
  ['a note on the endpoint', (world) => refuse(world, world.worker.health, 'noteFailing', START + HOUR)],
  ['the row of an attempt', (world) => refuse(world, world.worker.runs, 'putAttempt', START + HOUR)],
  ['the next token', (world) => refuse(world, world.worker.wakeUps, 'sendToLane', START + HOUR)],
  ['the copy of a dead letter', (world) => refuse(world, world.worker.deadLetterQueue, 'send', START + HOUR)],
  ['the dead letter', (world) => refuse(world, world.worker.deadLetters, 'bury', START + HOUR)],
])('%s that is refused for an hour repeats no call', async (_name, hinder) => {
  const { world, run } = await aStory(() => FAILED);
  const refused = hinder(world);
  await workOff(world);
  expect(refused.times).toBeGreaterThan(0);
  expect(world.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  const state = world.states.get(run.id)!;
  expect(state).toMatchObject({ status: 'dead_letter', reason: 'attempts_exhausted' });
  expect(state.later_attempts.map((id) => world.attempts.get(id)?.attempt)).toEqual([2, 3]);
  expect(world.endpoint.failing_since).toBe(START + 20);
  expect(world.letters.size).toBe(1);
});

test.each([
  ['success', () => ({}), 'success', [1]],
  ['failure', (call: number) => (call === 0 ? FAILED : {}), 'success', [1, 2]],
] as const)(
  'the verdict on a %s that is refused for an hour travels with the message',
  async (_name, answer, ends, calls) => {
    for (const twice of [false, true]) {
      const { world, run } = await aStory(answer);
      // The claim is taken, and from then on no write of the state.
      const claim = world.worker.runs.begin;
      Object.assign(world.worker.runs, { begin: claim });
      const refused = refuse(world, world.worker.runs, 'advance', START + HOUR);
      await workOff(world, twice);
      expect(refused.times).toBeGreaterThan(10);
      expect(world.states.get(run.id)).toMatchObject({ status: ends, reclaims: 0 });
      expect(world.states.get(run.id)!.first_attempt).toMatchObject({ started_at: START });
      expect(world.calls.map(({ attempt }) => attempt)).toEqual([...calls]);
    }
  },
);

test('a policy that cannot be read delays the verdict on a failure, and a success needs none', async () => {
  const policy: RetryPolicy = {
    strategy: 'fixed',
    base_delay_seconds: 1,
    max_delay_seconds: 1,
    delays_seconds: [],
    max_attempts: 2,
    jitter: 'none',
    retry_on_statuses: ['5xx'],
    honor_retry_after: false,
  };
  const { world, run } = await aStory((call) => (call === 0 ? { ...FAILED, http_status: 422 } : {}));
  world.policies.set('rp_1', policy);
  world.endpoint = anEndpoint({ retry_policy_id: 'rp_1' });
  refuse(world, world.worker.config, 'retryPolicy', START + HOUR);
  await workOff(world);
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'dead_letter', reason: 'non_retryable' });

  const good = await aStory();
  good.world.endpoint = anEndpoint({ retry_policy_id: 'rp_1' });
  const asked = refuse(good.world, good.world.worker.config, 'retryPolicy', Infinity);
  await workOff(good.world);
  expect([good.world.states.get(good.run.id)!.status, asked.times]).toEqual(['success', 0]);
});

test.each([
  [false, false],
  [false, true],
  [true, false],
])('what fails between claim and call uses up no claim (messages twice: %s, it stays: %s)', async (twice, stays) => {
  const { world, run } = await aStory();
  const refused = refuse(world, world.worker, 'decrypt', START + HOUR);
  if (stays) refuseReleases(world);
  await workOff(world, twice);
  expect(refused.times).toBeGreaterThan(10);
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1, reclaims: 0 });
});

test.each([
  ['is refused', false],
  ['takes effect without an answer', true],
])('a claim that comes late, and whose renewal %s, is used up by no call that was not made', async (_how, stored) => {
  const { world, run } = await aStory();
  const { begin, advance } = world.worker.runs;
  Object.assign(world.worker.runs, {
    // The lease is too short by then: the worker renews it before the call.
    begin: async (...claim: Parameters<typeof begin>) => {
      const held = await begin(...claim);
      world.now += 20_000;
      return held;
    },
    advance: async (...write: Parameters<typeof advance>) => {
      if (world.now >= START + HOUR) return advance(...write);
      if (stored) await advance(...write);
      throw THROTTLED;
    },
  });
  await workOff(world);
  expect(world.calls).toHaveLength(1);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1, reclaims: 0 });
});

test.each([0, 1])(
  'a claim that is stored without an answer is used up by no call (claims before it: %s)',
  async (before) => {
    const { world, run } = await aStory();
    const { begin, advance } = world.worker.runs;
    const lost = { times: 0 };
    const unanswered =
      <Args extends unknown[]>(write: (...args: Args) => Promise<boolean>) =>
      async (...args: Args) => {
        const held = await write(...args);
        if (lost.times++ < 5 + before) throw THROTTLED;
        return held;
      };
    Object.assign(world.worker.runs, { begin: unanswered(begin), advance: unanswered(advance) });
    if (before) refuse(world, world.worker, 'decrypt', START + 1);
    await workOff(world);
    expect(world.calls).toHaveLength(1);
    expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1 });
  },
);

test('a cancel reaches a run whose claim could not be used', async () => {
  const { world, run } = await aStory();
  refuse(world, world.worker, 'decrypt', START + 60_000);
  refuseReleases(world);
  const message = world.messages.pop()!;
  const failure: unknown = await world.receive(message.token).catch((error) => error);
  world.states.set(run.id, { ...world.states.get(run.id)!, cancel_requested: true });
  world.messages.push({ ...message, token: (failure as Unfinished).token });
  await workOff(world);
  expect([world.calls.length, world.states.get(run.id)!.status]).toEqual([0, 'cancelled']);
});

test('a worker that dies three times with a claim still ends the attempt', async () => {
  const { world, run } = await aStory();
  const { token } = world.messages.pop()!;
  world.answer = () => Promise.reject(new Error('out of memory'));
  for (let death = 1; death <= 3; death++) {
    await expect(world.receive(token)).rejects.toThrow('out of memory');
    world.now += HOUR;
  }
  await world.receive(token);
  expect(world.letters.get(run.id)).toMatchObject({ reason: 'worker_failure' });
});
