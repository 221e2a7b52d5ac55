import type { RelayedAnswer } from '../../../functions/destinations/http/relayed-answer.js';
import { decrypt } from '../../../functions/primitives/encryption.js';
import { cancelRun, createRun } from '../../../functions/protocol/runs/run-operations.js';
import {
  endListener,
  LISTENER_LEASE_MS,
  type RelayedRequest,
  startListener,
} from '../../../functions/subjects/listeners/listener.js';
import { anEndpoint, aRun, ENDPOINT_ID, KEYRING, Killed, MemoryWorld, PROJECT_ID } from '../../support/memory-world.js';

const LISTENER = 'lst_1';
const OWN = { id: LISTENER, endpoint_ids: [ENDPOINT_ID] };
const OK = { status: 200, headers: { 'X-Seen': 'yes' }, body: 'done' };

/** A world whose endpoint has a listener, which answers a request when the worker looks for its answer. */
async function listenedTo(answer: (request: RelayedRequest, nth: number) => RelayedAnswer | undefined) {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ listener_id: LISTENER, headers: { 'x-token': 'secret' } });
  const taken: RelayedRequest[] = [];
  const { claims, store } = world.relays;
  await startListener(claims, PROJECT_ID, OWN, world.now);
  const poll = async () => {
    for (const request of await store.take({ project_id: PROJECT_ID, listener_id: LISTENER }, world.now, 10)) {
      const said = answer(request, taken.push(request) - 1);
      if (said) await store.answer(request, said);
    }
  };
  const { sleep } = world.worker.clock;
  Object.assign(world.worker.clock, {
    sleep: async (ms: number) => {
      await poll();
      await sleep(ms);
    },
  });
  return { world, taken, poll };
}

const firstAttempt = (world: MemoryWorld, id: string) => world.states.get(id)!.first_attempt!;

test('the listener gets the signed request, and its answer is the outcome; the URL is not called', async () => {
  const { world, taken } = await listenedTo(() => OK);
  const run = aRun({ title: 'nightly' });
  await createRun(world.ports, run);
  await world.settleDown();
  expect(world.calls).toEqual([]);
  const attempt = firstAttempt(world, run.id);
  expect(attempt).toMatchObject({
    status: 'success',
    http_status: 200,
    response_headers: { 'x-seen': 'yes' },
    response_body: 'done',
    error: null,
    listener_id: LISTENER,
    lateness_ms: 0,
  });
  expect(taken).toHaveLength(1);
  const { headers, ...request } = taken[0]!;
  expect(request).toMatchObject({
    id: attempt.request_id,
    run_id: run.id,
    endpoint_id: ENDPOINT_ID,
    attempt: 1,
    title: 'nightly',
    method: 'POST',
    url: 'https://example.com/hook',
    body: run.payload!.body,
    expires_at: attempt.started_at + 10_000,
  });
  expect(headers).not.toContain('secret');
  const sent = JSON.parse(decrypt(KEYRING, headers, request.id));
  expect(sent).toMatchObject({ 'x-token': 'secret', 'webhook-id': run.id, 'webhook-signature': expect.any(String) });
});

test.each<[string, RelayedAnswer, object]>([
  [
    'an error status',
    { status: 503, headers: {}, body: 'busy' },
    {
      status: 'failed',
      http_status: 503,
      error: { code: 'http_503', message: 'The listener answered 503 Service Unavailable.' },
    },
  ],
  [
    'a redirect',
    { status: 302, headers: {}, body: '' },
    { status: 'failed', http_status: 302, error: { code: 'redirect' } },
  ],
  [
    'a refused connection',
    { error: 'ECONNREFUSED' },
    {
      status: 'failed',
      http_status: null,
      error: { code: 'connection_refused', message: 'The listener refused the connection.' },
    },
  ],
  ['a timeout there', { error: 'ETIMEDOUT' }, { status: 'timed_out', error: { code: 'timeout_response' } }],
  ['an unknown error', { error: 'EWHATEVER' }, { status: 'failed', error: { code: 'network_error' } }],
])('%s fails the attempt as one of the URL does, and the policy goes on', async (_name, answer, outcome) => {
  const { world } = await listenedTo((_request, nth) => (nth === 0 ? answer : OK));
  const run = aRun();
  await createRun(world.ports, run);
  await world.runUntil(world.now + 20_000);
  expect(world.states.get(run.id)).toMatchObject({ status: 'retry_scheduled', first_attempt: outcome });
});

test('what is not answered in time is timed out, and an answer after that is refused', async () => {
  const { world, taken } = await listenedTo(() => undefined);
  const run = aRun();
  await createRun(world.ports, run);
  await world.runUntil(world.now + 20_000);
  const attempt = firstAttempt(world, run.id);
  expect(attempt).toMatchObject({
    status: 'timed_out',
    http_status: null,
    error: { code: 'timeout_response', message: 'The listener did not answer in time.' },
  });
  expect(attempt.finished_at - attempt.started_at).toBe(10_000);
  expect(await world.relays.store.answer(taken[0]!, OK)).toBe(false);
});

test.each([
  ['has ended', (world: MemoryWorld) => endListener(world.relays.claims, PROJECT_ID, LISTENER)],
  ['did not ask for a minute', (world: MemoryWorld) => world.worker.clock.sleep(LISTENER_LEASE_MS)],
])('without a listener that %s the URL is called, and the next call does not look again', async (_name, end) => {
  const { world, taken } = await listenedTo(() => OK);
  const looks: string[] = [];
  world.at = (moment) => void (moment === 'before claims' && looks.push(moment));
  await end(world);
  for (let n = 0; n < 2; n += 1) {
    await createRun(world.ports, aRun());
    await world.settleDown();
  }
  expect([taken.length, world.calls.length, looks.length]).toEqual([0, 2, 1]);
  expect(world.endpoint).not.toHaveProperty('listener_id');
});

test('the mark of a later listener is not taken away, and an endpoint of no listener costs no look', async () => {
  const { world } = await listenedTo(() => OK);
  world.at = (moment) => {
    if (moment === 'before forgetListener') world.endpoint = anEndpoint({ listener_id: 'lst_2' });
  };
  await endListener(world.relays.claims, PROJECT_ID, LISTENER);
  await createRun(world.ports, aRun());
  await world.settleDown();
  expect(world.endpoint).toMatchObject({ listener_id: 'lst_2' });

  const plain = new MemoryWorld();
  plain.at = (moment) => {
    if (/claims|Request|answerTo|forget/.test(moment)) throw new Error(moment);
  };
  await createRun(plain.ports, aRun());
  await plain.settleDown();
  expect(plain.calls).toHaveLength(1);
});

test('a request that cannot be put, and looks that fail, are no fault of the run', async () => {
  const { world } = await listenedTo(() => OK);
  const failing = new Set(['before putRequest', 'before answerTo', 'after removeRequest']);
  world.at = (moment) => {
    if (failing.delete(moment)) throw new Error('the table is throttled');
  };
  const run = aRun();
  await createRun(world.ports, run);
  await world.settleDown();
  const state = world.states.get(run.id)!;
  expect(state).toMatchObject({ status: 'success', attempt: 2, reclaims: 0 });
  expect(state.first_attempt).toMatchObject({ status: 'failed', error: { code: 'network_error' } });
});

test('a worker that dies while it waits is followed by one with a request of its own', async () => {
  const { world, taken } = await listenedTo((_request, nth) => (nth === 0 ? undefined : OK));
  const { sleep } = world.worker.clock;
  let sleeps = 0;
  Object.assign(world.worker.clock, {
    sleep: async (ms: number) => {
      await sleep(ms);
      if (taken.length !== 1 || ++sleeps !== 3) return;
      // It asks on until the message comes again.
      await startListener(world.relays.claims, PROJECT_ID, OWN, world.now + LISTENER_LEASE_MS);
      throw new Killed();
    },
  });
  const run = aRun();
  await createRun(world.ports, run);
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'success', attempt: 1, reclaims: 1 });
  expect(new Set(taken.map(({ id }) => id)).size).toBe(2);
  expect(world.calls).toEqual([]);
  expect(await world.relays.store.answer(taken[0]!, OK)).toBe(true); // late, and of no effect
});

test('a cancelled run ends its call, and the listener’s answer is too late', async () => {
  const { world, taken } = await listenedTo(() => undefined);
  const run = aRun();
  await createRun(world.ports, run);
  jest.useFakeTimers();
  const { sleep } = world.worker.clock;
  Object.assign(world.worker.clock, {
    sleep: async (ms: number) => {
      await sleep(ms);
      if (taken.length === 1) await cancelRun(world.ports, run);
      await jest.advanceTimersByTimeAsync(1_000);
    },
  });
  await world.settleDown();
  jest.useRealTimers();
  expect(world.states.get(run.id)).toMatchObject({ status: 'cancelled' });
  expect(await world.relays.store.answer(taken[0]!, OK)).toBe(false);
});
