import { bury } from '../../../functions/deliverer/deliver.js';
import { fanOut } from '../../../functions/protocol/events/fan-out.js';
import { sendRelease } from '../../../functions/protocol/limits/held-runs.js';
import { publish } from '../../../functions/protocol/messages/publish.js';
import type { FanOutToken } from '../../../functions/protocol/rules/token.js';
import { PayloadGoneError } from '../../../functions/protocol/runs/lost-run.js';
import {
  cancelRun,
  createRun,
  replayDeadLetter,
  runRetryNow,
} from '../../../functions/protocol/runs/run-operations.js';
import { keyOfEndpoint } from '../../../functions/subjects/endpoints/endpoint.js';
import type { RetryPolicy } from '../../../functions/subjects/retry-policies/retry-policy.js';
import { stateExpiry } from '../../../functions/subjects/task-runs/task-run.js';
import { aListener, anEvent, KEEP_MS } from '../../support/event-stories.js';
import { anEndpoint, aRun, FAILED, Killed, MemoryWorld, START } from '../../support/memory-world.js';

const DAY = 86_400_000;
const SOON = policyOf(1);
const PATIENT = policyOf(7 * 86_400);

function policyOf(delay: number): RetryPolicy {
  const delays = { base_delay_seconds: delay, max_delay_seconds: delay, delays_seconds: [] };
  return { strategy: 'fixed', ...delays, max_attempts: 10, jitter: 'none', honor_retry_after: false };
}

/** A world in which what has expired is gone, and nothing may be on its way to a run that will be. */
class MortalWorld extends MemoryWorld {
  extended = 0;

  constructor() {
    super();
    const { sendToLane } = this.ports.wakeUps;
    Object.assign(this.ports.wakeUps, {
      sendToLane: async (...[lane, token, due]: Parameters<typeof sendToLane>) => {
        await sendToLane(lane, token, due);
        this.bury();
      },
    });
    const { at } = this;
    this.at = (moment) => {
      if (moment === 'after keepAtLeast') this.extended += 1;
      at(moment);
    };
  }

  /** What TTL would delete, or reads would pass by. */
  bury(): void {
    for (const [id, { expires_at }] of this.definitions) if (expires_at <= this.now) this.definitions.delete(id);
    for (const [id, state] of this.states) {
      if (state.expires_at <= this.now) this.states.delete(id);
    }
  }

  /** Works everything off; whatever waits for a later moment finds its run alive then, and for the retention after. */
  async liveOn(most = 60): Promise<void> {
    for (let received = 0; this.messages.length > 0 && received < most; received++) {
      if (received > 0) for (const { token, due } of this.messages) this.expectAlive(token.run, due);
      const { token, due } = this.messages.sort((a, b) => a.due - b.due).shift()!;
      this.now = Math.max(this.now, due);
      this.bury();
      const { failing_since: _ago, ...endpoint } = this.endpoint; // other runs succeed in between
      this.endpoint = endpoint;
      await this.receive(token);
    }
  }

  private expectAlive(run: string, due: number): void {
    const until = due + KEEP_MS - DAY;
    const state = this.states.get(run);
    if (state?.status === 'dead_letter' && this.letters.has(run)) return; // all that a replay needs lies with its letter
    const definition = this.definitions.get(run);
    expect(definition?.expires_at).toBeGreaterThanOrEqual(until);
    if (state) expect(state.expires_at).toBeGreaterThanOrEqual(Math.min(stateExpiry(until), definition!.expires_at));
    const event = definition?.payload_id && this.events.events.get(`${definition.project_id} ${definition.payload_id}`);
    if (event && !this.payloadsKept.has(run)) expect(event.expires_at).toBeGreaterThanOrEqual(until);
  }
}

/** A run with a policy of seconds, made by a request or by an event, before its first attempt. */
async function worldWithRun(kind: 'request' | 'event', change: Parameters<typeof anEndpoint>[0] = {}) {
  const world = new MortalWorld();
  world.answer = () => FAILED;
  world.policies.set('rp_1', SOON);
  world.endpoint = anEndpoint({ retry_policy_id: 'rp_1', ...change });
  if (kind === 'request') {
    const run = aRun({ max_attempts: 10, expires_at: START + 9_000 + KEEP_MS });
    await createRun(world.ports, run);
    return { world, run };
  }
  world.endpoint = { ...aListener(1, 'invoice.paid'), retry_policy_id: 'rp_1', ...change };
  world.events.listeners = [world.endpoint];
  await publish(world.ports, anEvent());
  await fanOut(world.ports, world.dispatched.pop() as FanOutToken);
  world.events.listeners = [];
  return { world, run: world.runs()[0]! };
}

const kinds = ['request', 'event'] as const;

test.each(kinds)('the run of a %s outlives a policy that was made more patient', async (kind) => {
  const { world, run } = await worldWithRun(kind);
  world.policies.set('rp_1', PATIENT);
  await world.liveOn();
  expect(world.calls).toHaveLength(10);
  expect(world.calls.at(-1)!.at - START).toBeGreaterThan(62 * DAY);
  expect(world.states.get(run.id)).toMatchObject({ status: 'dead_letter', reason: 'attempts_exhausted' });
  expect(world.letters.get(run.id)).toMatchObject({ status: 'open', attempt: 10 });
  expect(world.notices).toHaveLength(1);
});

test.each(kinds)('the run of a %s outlives a line at its endpoint that is longer than a month', async (kind) => {
  const { world, run } = await worldWithRun(kind, { rate_limit_per_second: 0.0167 });
  world.answer = () => ({});
  world.limitsOf(keyOfEndpoint(world.endpoint)).rateClocks.next = START + 40 * DAY;
  await world.liveOn();
  expect(world.calls).toMatchObject([{ run: run.id, at: START + 40 * DAY }]);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
});

test.each(kinds)('a retry of a %s that is made now, at the end of its life, goes on', async (kind) => {
  const { world, run } = await worldWithRun(kind);
  world.policies.set('rp_1', PATIENT);
  await world.receive(world.messages.pop()!.token);
  world.messages = [];
  const { state, definition } = await world.ports.runs.find({ project: run.project_id, run: run.id });
  world.now = definition!.expires_at - 1_000;
  await runRetryNow(world.ports, definition!, state!);
  world.answer = (call) => (call === 1 ? FAILED : {});
  await world.liveOn();
  expect(world.calls).toHaveLength(3);
  expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
});

test.each(kinds)('what is replayed of a %s at the end of its life lives anew', async (kind) => {
  for (const tokenFirst of [false, true]) {
    const { world, run } = await worldWithRun(kind);
    world.answer = () => ({ ...FAILED, http_status: 500 });
    await world.liveOn();
    const letter = world.letters.get(run.id)!;
    const definition = world.definitions.get(run.id)!;
    world.now = definition.expires_at - 1_000;
    world.policies.set('rp_1', PATIENT);
    if (tokenFirst)
      world.at = (moment) => {
        if (moment === 'before find') throw new Error('the process dies behind the mark');
      };
    const replay = replayDeadLetter(world.ports, letter);
    await (tokenFirst ? expect(replay).rejects.toThrow('dies') : replay);
    world.at = () => {};
    await world.liveOn();
    expect(world.calls).toHaveLength(20);
    expect(world.letters.get(run.id)).toMatchObject({ status: 'open', attempt: 20 });
  }
});

test.each(kinds)('what comes of a %s at the end of its life is kept as long as anything else', async (kind) => {
  const { world, run } = await worldWithRun(kind);
  world.answer = () => ({});
  world.now = run.expires_at - 1_000; // its message was in a backlog for a month
  await world.liveOn();
  world.now += KEEP_MS - 2 * DAY;
  world.bury();
  const { definition, state } = await world.ports.runs.find({ project: run.project_id, run: run.id });
  expect([definition?.id, state?.status]).toEqual([run.id, 'success']);
});

test.each(kinds)('the run of a %s that was held at the end of its life lives on when it goes', async (kind) => {
  const { world, run } = await worldWithRun(kind);
  const [message] = world.messages;
  world.now = run.expires_at - 1_000;
  world.endpoint = { ...world.endpoint, status: 'paused' };
  await world.receive(world.messages.pop()!.token);
  world.now += 400 * DAY;
  world.endpoint = { ...world.endpoint, status: 'active', rev: 1 };
  await sendRelease(world.ports, world.endpoint, 1);
  await world.settleReleases();
  expect(world.messages).toMatchObject([{ token: { run: message!.token.run } }]);
  world.now += 20 * DAY; // it waits in a backlog
  world.bury();
  world.answer = () => ({});
  await world.liveOn();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success' });
});

test.each(kinds)('an ordinary run of a %s costs no write for its life', async (kind) => {
  const { world, run } = await worldWithRun(kind);
  await world.liveOn();
  expect(world.calls).toHaveLength(10);
  expect(world.states.get(run.id)).toMatchObject({ status: 'dead_letter' });
  const other = await worldWithRun(kind, { rate_limit_per_second: 1 });
  other.world.answer = (call) => (call < 3 ? FAILED : {});
  other.world.limitsOf(keyOfEndpoint(world.endpoint)).rateClocks.next = START + 5_000;
  await other.world.liveOn();
  await cancelRun(other.world.ports, aRun());
  expect(other.world.calls).toHaveLength(4);
  expect([world.extended, other.world.extended]).toEqual([0, 0]);
});

describe('a run of which too little is left', () => {
  const what = ['its definition', 'its payload'] as const;

  test.each(what)('that has lost %s ends, and shows it to every reader', async (lost) => {
    for (const receive of ['deliver', 'bury'] as const) {
      const { world, run } = await worldWithRun('request');
      await world.receive(world.messages.pop()!.token);
      if (lost === 'its definition') world.definitions.delete(run.id);
      else Object.assign(world.ports.runs, losingPayload(world, run.id));
      const [message] = world.messages.splice(0);
      for (let times = 0; times < 3; times++)
        await (receive === 'deliver' ? world.receive(message!.token) : bury(world.worker, message!.token));
      expect(world.calls).toHaveLength(1);
      expect(world.states.get(run.id)).toMatchObject({ status: 'dead_letter', reason: 'worker_failure', attempt: 1 });
      const letter = world.letters.get(run.id)!;
      expect(letter).toMatchObject({
        status: 'resolved',
        note: expect.stringContaining('cannot be replayed'),
        run: { id: run.id, endpoint_id: run.endpoint_id },
      });
      expect(world.notices).toMatchObject([{ task: run.id, reason: 'worker_failure' }]);
      expect(world.messages).toEqual([]);
      await expect(replayDeadLetter(world.ports, letter)).rejects.toThrow('resolved');
    }
  });

  test('also when its worker dies on the way, at whatever moment', async () => {
    for (let step = 1, died = true; died; step++) {
      const { world, run } = await worldWithRun('request');
      await world.receive(world.messages.pop()!.token);
      world.definitions.delete(run.id);
      const { token } = world.messages.pop()!;
      let steps = 0;
      world.at = () => {
        if (++steps === step) throw new Killed();
      };
      died = await world.receive(token).then(
        () => false,
        (error) => error instanceof Killed,
      );
      world.at = () => {};
      await world.receive(token);
      expect(world.letters.get(run.id)).toMatchObject({ status: 'resolved', epoch: 0 });
      expect(world.notices.length).toBeGreaterThanOrEqual(1);
      expect(world.messages).toEqual([]);
    }
  });

  test('and that had no endpoint, or was over, breaks no worker', async () => {
    const world = new MortalWorld();
    const target = { url: 'https://example.com', method: 'POST', headers: {}, timeout_ms: 1_000 } as const;
    const { endpoint_id: _none, ...inline } = aRun({ target });
    world.answer = (call) => (call === 0 ? FAILED : {});
    world.events.listeners = [aListener(1, 'job.failed')];
    await createRun(world.ports, inline);
    await world.receive(world.messages.pop()!.token);
    const { token } = world.messages.pop()!;
    world.definitions.delete(inline.id);
    world.now = START + 60_000;
    await world.receive(token);
    expect(world.letters.get(inline.id)).toMatchObject({ status: 'resolved' });
    const over = aRun();
    await createRun(world.ports, over);
    const first = world.messages.pop()!.token;
    await world.receive(first);
    world.definitions.delete(over.id);
    world.now += 40 * DAY;
    await world.receive(first);
    expect(world.messages).toEqual([]);
    expect(world.letters.get(over.id)).toBeUndefined();
  });
});

function losingPayload(world: MortalWorld, run: string) {
  const gone = async () => {
    const [definition, state] = [world.definitions.get(run)!, world.states.get(run)!];
    throw new PayloadGoneError({ definition, state });
  };
  return { find: gone, glimpse: gone };
}
