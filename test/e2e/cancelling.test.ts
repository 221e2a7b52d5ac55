import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

test.concurrent('a delayed run that is cancelled never fires', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const id = await world.task(endpoint.id, { delay_seconds: 2 });
  const cancelled = expectStatus(await world.api.post(`/v1/tasks/${id}/cancel`), 200).body;
  expect(cancelled).toMatchObject({ id, status: 'cancelled', attempt_count: 0, finished_at: expect.any(String) });
  await sleep(2_500);
  expect(await world.received(id)).toEqual([]);
  expect(await world.run(id)).toMatchObject({ status: 'cancelled', attempts: [] });
});

test.concurrent('a run that waits for its retry is not tried again', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/fail/503', { retry_policy_id: await world.policy(5, 1) });
  const id = await world.task(endpoint.id);
  await world.reached(id, 'retry_scheduled');
  expect(expectStatus(await world.api.post(`/v1/tasks/${id}/cancel`), 200).body.status).toBe('cancelled');
  await sleep(2_200);
  expect((await world.run(id)).attempts).toHaveLength(1);
  expect(await world.received(id)).toHaveLength(1);
});

test.concurrent('a call on its way is broken off', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/slow/15000', {
    timeout_ms: 20_000,
    retry_policy_id: await world.policy(3, 1),
  });
  const id = await world.task(endpoint.id);
  await world.reached(id, 'running');
  const asked = Date.now();
  expectStatus(await world.api.post(`/v1/tasks/${id}/cancel`), 200);
  const run = await world.reached(id, 'cancelled');
  // The worker looks every second; the rest is for a busy machine.
  expect(Date.now() - asked).toBeLessThan(3_000);
  expect(run.attempts).toMatchObject([{ attempt: 1, status: 'cancelled', http_status: null }]);
  expect(run.next_attempt_at).toBeNull();
});

test.concurrent('cancelling twice changes nothing; what has ended cannot be cancelled', async () => {
  const world = await starting;
  const waiting = await world.task((await world.endpoint('/ok')).id, { delay_seconds: 600 });
  const first = expectStatus(await world.api.post(`/v1/tasks/${waiting}/cancel`), 200).body;
  expect(expectStatus(await world.api.post(`/v1/tasks/${waiting}/cancel`), 200).body).toEqual(first);

  const done = await world.task((await world.endpoint('/ok')).id);
  await world.reached(done, 'success');
  expect(expectStatus(await world.api.post(`/v1/tasks/${done}/cancel`), 409).body.code).toBe('conflict');
  const dead = await world.task((await world.endpoint('/fail/400')).id);
  await world.reached(dead, 'dead_letter');
  expectStatus(await world.api.post(`/v1/tasks/${dead}/cancel`), 409);
  expect((await world.run(dead)).status).toBe('dead_letter');
});

test('the content of a cancelled run is removed, and it says so', async () => {
  const world = await starting;
  const payload = { of: 'a customer', much: 'x'.repeat(20_000) };
  const id = await world.task((await world.endpoint('/ok')).id, { delay_seconds: 3_600, payload });
  expectStatus(await world.api.post(`/v1/tasks/${id}/redact`), 409);
  expectStatus(await world.api.post(`/v1/tasks/${id}/cancel`), 200);
  expect((await world.run(id)).payload).toEqual(payload);
  const { body } = expectStatus(await world.api.post(`/v1/tasks/${id}/redact`), 200);
  expect(body).toMatchObject({ id, status: 'cancelled', payload: null, redacted_at: expect.stringMatching(/Z$/) });
  expect(expectStatus(await world.api.get(`/v1/tasks/${id}`), 200).body).toEqual(body);
});
