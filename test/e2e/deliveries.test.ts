import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { isSignedWith } from '../support/webhook-verification.js';

const starting = suiteWorld();

const statuses = ({ attempts }: { readonly attempts: readonly { readonly status: string }[] }) =>
  attempts.map(({ status }) => status);

test.concurrent('a task is delivered: signed, once, and recorded', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const created = await world.api.post('/v1/tasks', {
    endpoint_id: endpoint.id,
    payload: { paid: 'inv_1' },
    run_at: 0,
  });
  expect(expectStatus(created, 201).body).toMatchObject({
    status: 'pending',
    attempt_count: 0,
    payload: { paid: 'inv_1' },
  });
  const { id } = created.body;
  expect(created.headers.get('location')).toBe(`/v1/tasks/${id}`);

  const run = await world.reached(id, 'success');
  const [webhook, ...others] = await world.received(id);
  expect(others).toEqual([]);
  expect(webhook).toMatchObject({
    method: 'POST',
    path: '/ok',
    body: '{"paid":"inv_1"}',
    headers: {
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Punctual\/\d/),
      'webhook-id': id,
      'idempotency-key': id,
      'punctual-attempt': '1',
      'punctual-scheduled-for': expect.stringMatching(/^\d{4}-.*Z$/),
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    },
  });
  expect(isSignedWith(endpoint.signing_secret, webhook!)).toBe(true);
  expect(isSignedWith(endpoint.signing_secret, { ...webhook!, body: '{"paid":"inv_2"}' })).toBe(false);
  expect(run.attempts).toMatchObject([
    { attempt: 1, status: 'success', http_status: 200, error: null, response_body: '{"ok":true}' },
  ]);
  expect(run.attempts[0].request_id).toBe(webhook!.headers['punctual-request-id']);
  const { body: deliveries } = await world.api.get(`/v1/deliveries?task_id=${id}`);
  expect(deliveries.data).toEqual(run.attempts);
});

test.concurrent("an inline target is signed with the project's secret", async () => {
  const world = await starting;
  const target = { url: `${world.stack.receiver}/ok`, method: 'PUT', headers: { 'Content-Type': 'text/plain' } };
  const { body } = expectStatus(await world.api.post('/v1/tasks', { target, payload: 'as it is' }), 201);
  await world.reached(body.id, 'success');
  const [webhook] = await world.received(body.id);
  expect(webhook).toMatchObject({ method: 'PUT', body: 'as it is', headers: { 'content-type': 'text/plain' } });
  expect(isSignedWith(world.project.signing_secret, webhook!)).toBe(true);
});

test.concurrent('a failure is retried after its backoff, under the same webhook-id', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/flaky/2', { retry_policy_id: await world.policy(5, 1) });
  const id = await world.task(endpoint.id, { payload: { order: 42 } });
  const waiting = await world.reached(id, 'retry_scheduled');
  expect(Date.parse(waiting.next_attempt_at!) - Date.parse(waiting.attempts[0].finished_at)).toBeGreaterThanOrEqual(
    1_000,
  );

  const run = await world.reached(id, 'success');
  expect(statuses(run)).toEqual(['failed', 'failed', 'success']);
  expect(run.attempts.map(({ http_status }) => http_status)).toEqual([503, 503, 200]);
  const webhooks = await world.received(id);
  expect(webhooks.map(({ headers }) => headers['punctual-attempt'])).toEqual(['1', '2', '3']);
  expect(webhooks.every((webhook) => isSignedWith(endpoint.signing_secret, webhook))).toBe(true);
  const times = webhooks.map(({ received_at }) => Date.parse(received_at));
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_000);
  expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(1_000);
  expect(run.attempts.every(({ lateness_ms }) => lateness_ms >= 0)).toBe(true);
});

test.concurrent('what is exhausted becomes a dead letter, and is replayed to success', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/flaky/2', { retry_policy_id: await world.policy(2, 1) });
  const id = await world.task(endpoint.id, { payload: { parcel: 7 } });
  expect(statuses(await world.reached(id, 'dead_letter'))).toEqual(['failed', 'failed']);
  const letter = await world.deadLetter(id);
  expect(letter).toMatchObject({
    task_id: id,
    endpoint_id: endpoint.id,
    reason: 'attempts_exhausted',
    status: 'open',
    payload: { parcel: 7 },
    last_attempt: { attempt: 2, http_status: 503 },
  });

  const replay = expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/replay`), 202);
  expect(replay.headers.get('location')).toBe(`/v1/tasks/${id}`);
  const run = await world.reached(id, 'success');
  expect(statuses(run)).toEqual(['failed', 'failed', 'success']);
  const ids = (await world.received(id)).map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([id, id, id]);
  expect((await world.deadLetter(id)).status).toBe('replayed');
  expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/replay`), 409);
  expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/resolve`, { note: 'late' }), 409);
});

test.concurrent('the dead letters of an endpoint that was mended are replayed together', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/fail/500');
  const bystander = await world.task((await world.endpoint('/fail/500')).id);
  const ids = await Promise.all([1, 2, 3, 4, 5].map((n) => world.task(endpoint.id, { payload: { n } })));
  for (const id of [...ids, bystander]) await world.reached(id, 'dead_letter');
  for (const id of [...ids, bystander]) await world.deadLetter(id);

  expectStatus(
    await world.api.send('PATCH', `/v1/endpoints/${endpoint.id}`, { url: `${world.stack.receiver}/ok` }),
    200,
  );
  const begun = expectStatus(await world.api.post('/v1/dead-letters/replay', { endpoint_id: endpoint.id }), 202);
  const job = await eventually('the bulk replay is completed', async () => {
    const { body } = expectStatus(await world.api.get(begun.headers.get('location')!), 200);
    return body.status === 'completed' && body;
  });
  expect(job).toMatchObject({ id: begun.body.id, replayed: 5 });
  for (const id of ids) {
    expect(statuses(await world.reached(id, 'success'))).toEqual(['failed', 'success']);
    expect((await world.received(id)).map(({ path }) => path)).toEqual(['/fail/500', '/ok']);
  }
  expect((await world.run(bystander)).status).toBe('dead_letter');
});

test.concurrent('a dead letter that was resolved is not replayed', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/fail/410');
  const id = await world.task(endpoint.id);
  const letter = await world.deadLetter((await world.reached(id, 'dead_letter')).id);
  const resolved = await world.api.post(`/v1/dead-letters/${letter.id}/resolve`, { note: 'sent by hand' });
  expect(expectStatus(resolved, 200).body).toMatchObject({ status: 'resolved', note: 'sent by hand' });
  const refused = expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/replay`), 409);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(refused.body).toMatchObject({ status: 409, code: 'conflict' });
  const { body } = await world.api.get(`/v1/dead-letters?status=resolved&endpoint_id=${endpoint.id}`);
  expect(body.data.map((listed: { id: string }) => listed.id)).toEqual([letter.id]);
  expect(await world.received(id)).toHaveLength(1);
});

test.concurrent('the statistics show at once what came of a project’s deliveries', async () => {
  const world = await starting;
  const { api } = await world.newProject();
  const endpoint = expectStatus(
    await api.post('/v1/endpoints', { name: 'gone', url: `${world.stack.receiver}/fail/410` }),
    201,
  ).body;
  for (const to of [{ target: { url: `${world.stack.receiver}/ok` } }, { endpoint_id: endpoint.id }])
    expectStatus(await api.post('/v1/tasks', to), 201);
  const { body } = await eventually(
    'both are counted',
    async () => {
      const reply = expectStatus(await api.get('/v1/stats'), 200);
      return reply.body.totals.success + reply.body.totals.dead_letters === 2 ? reply : undefined;
    },
    20_000,
  );
  expect(body.totals).toMatchObject({ success: 1, failed: 1, timed_out: 0, dead_letters: 1 });
  expect(body.totals.failing).toEqual([{ endpoint_id: endpoint.id, failures: 1 }]);
  expect(body.totals.latency_ms.p99).toBeGreaterThan(0);
  expect(body.hours).toHaveLength(24);
});
