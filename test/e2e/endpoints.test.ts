import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';
import type { World } from '../support/world.js';

const starting = suiteWorld();

const patch = async (world: World, id: string, body: object) =>
  expectStatus(await world.api.send('PATCH', `/v1/endpoints/${id}`, body), 200).body;
const shown = async (world: World, id: string) => (await world.api.get(`/v1/endpoints/${id}`)).body;
/** After a replay the run may still be shown as dead for a moment. */
const recovered = (world: World, id: string) =>
  eventually(`${id} is a success`, async () => (await world.run(id)).status === 'success');
const statusOf = async (world: World, id: string) => (await world.run(id)).status;

test.concurrent('a paused endpoint is not called; resumed, what waited goes out, but for what was cancelled', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/flaky/1', { retry_policy_id: await world.policy(3, 2) });
  const retried = await world.task(endpoint.id);
  await world.reached(retried, 'retry_scheduled');
  expect(await patch(world, endpoint.id, { status: 'paused' })).toMatchObject({ status: 'paused' });
  const [waiting, cancelled] = [await world.task(endpoint.id), await world.task(endpoint.id)];
  expectStatus(await world.api.post(`/v1/tasks/${cancelled}/cancel`), 200);
  await new Promise((resolve) => setTimeout(resolve, 3_500)); // the retry is due as well
  expect([await statusOf(world, retried), await statusOf(world, waiting)]).toEqual(['retry_scheduled', 'pending']);
  expect(await world.received(retried)).toHaveLength(1);

  await patch(world, endpoint.id, { status: 'active' });
  expect(await world.reached(retried, 'success')).toMatchObject({ attempt_count: 2 });
  // The receiver fails each run once: this is its first attempt.
  expect(await world.reached(waiting, 'success')).toMatchObject({ attempt_count: 2 });
  expect(await world.received(cancelled)).toEqual([]);
});

test.concurrent('a rate limit lets calls start that far apart, and all of them as first attempts', async () => {
  const world = await starting;
  const starts: number[] = [];
  const receiver = await scriptedServer((_request, response) => {
    starts.push(Date.now());
    response.end();
  });
  try {
    const endpoint = await world.endpoint(receiver.url, { rate_limit_per_second: 4 });
    const tasks = Array.from({ length: 12 }, () => ({ endpoint_id: endpoint.id }));
    const asked = Date.now();
    const { body } = await world.api.post('/v1/tasks/batch', { tasks });
    for (const { task } of body.data)
      expect(await world.reached(task.id, 'success')).toMatchObject({ attempt_count: 1 });
    expect(starts).toHaveLength(12);
    // However late a busy machine makes single calls: none starts before its turn.
    for (const [n, start] of starts.entries()) expect(start - asked).toBeGreaterThanOrEqual(n * 250 - 5);
  } finally {
    await receiver.close();
  }
});

test.concurrent('a limit of concurrency is held, and the rest follows', async () => {
  const world = await starting;
  let [underWay, most, calls] = [0, 0, 0];
  const receiver = await scriptedServer(async (_request, response) => {
    most = Math.max(most, ++underWay);
    calls += 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
    underWay -= 1;
    response.end();
  });
  try {
    const endpoint = await world.endpoint(receiver.url, { max_concurrency: 2 });
    const tasks = Array.from({ length: 8 }, () => ({ endpoint_id: endpoint.id }));
    const { body } = await world.api.post('/v1/tasks/batch', { tasks });
    for (const { task } of body.data)
      expect(await world.reached(task.id, 'success')).toMatchObject({ attempt_count: 1 });
    expect([most, calls]).toEqual([2, 8]);
  } finally {
    await receiver.close();
  }
});

test.concurrent('410 disables the endpoint; active again, recover replays its dead letters, each once', async () => {
  const world = await starting;
  let isGone = true;
  const receiver = await scriptedServer((_request, response) => {
    response.statusCode = isGone ? 410 : 200;
    response.end();
  });
  try {
    const since = new Date(Date.now() - 1_000).toISOString();
    const endpoint = await world.endpoint(receiver.url, { retry_policy_id: await world.policy(5, 1) });
    const first = await world.task(endpoint.id);
    await world.reached(first, 'dead_letter');
    expect(await shown(world, endpoint.id)).toMatchObject({
      status: 'disabled',
      disabled_reason: 'It answered 410 Gone.',
      disabled_at: expect.stringMatching(/Z$/),
    });
    const second = await world.task(endpoint.id);
    await world.reached(second, 'dead_letter');
    for (const id of [first, second]) expect((await world.deadLetter(id)).reason).toBe('endpoint_disabled');
    expect(receiver.asked).toHaveLength(1);
    const recover = () => world.api.post(`/v1/endpoints/${endpoint.id}/recover`, { since });
    expectStatus(await recover(), 409);

    isGone = false;
    await patch(world, endpoint.id, { status: 'active' });
    const job = expectStatus(await recover(), 202);
    for (const id of [first, second]) await recovered(world, id);
    const counted = async (location: string) => (await world.api.get(location)).body;
    const location = job.headers.get('location')!;
    await eventually('it is done', async () => (await counted(location)).status === 'completed');
    expect(await counted(location)).toMatchObject({ replayed: 2 });
    const again = expectStatus(await recover(), 202).headers.get('location')!;
    await eventually('it is done again', async () => (await counted(again)).status === 'completed');
    expect(await counted(again)).toMatchObject({ replayed: 0 });
    expect(receiver.asked).toHaveLength(3);
  } finally {
    await receiver.close();
  }
});

test.concurrent('a test sends a signed sample, and answers with the attempt', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/fail/418');
  const answer = expectStatus(await world.api.post(`/v1/endpoints/${endpoint.id}/test`), 200).body;
  expect(answer).toMatchObject({ endpoint_id: endpoint.id, attempt: 1, status: 'failed', http_status: 418 });
  const [webhook] = await world.received(answer.task_id);
  const headers = webhook!.headers as Record<string, string>;
  expect(new Webhook(endpoint.signing_secret).verify(webhook!.body, headers)).toMatchObject({
    event: 'test',
    endpoint_id: endpoint.id,
  });
  expect((await world.api.get(`/v1/tasks/${answer.task_id}`)).body.source).toEqual({ type: 'test', id: endpoint.id });
});

test.concurrent('during the grace of a rotation receivers verify with either secret, on every attempt and replay', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/flaky/2', { retry_policy_id: await world.policy(2, 1) });
  const rotated = expectStatus(await world.api.post(`/v1/endpoints/${endpoint.id}/rotate-secret`), 200).body;
  const id = await world.task(endpoint.id, { payload: { n: 1 } });
  await world.reached(id, 'dead_letter');
  const letter = await world.deadLetter(id);
  expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/replay`), 202);
  await recovered(world, id);
  const webhooks = await world.received(id);
  expect(webhooks).toHaveLength(3);
  for (const { body, headers } of webhooks) {
    for (const secret of [endpoint.signing_secret, rotated.signing_secret])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ n: 1 });
    expect([headers['webhook-id'], headers['idempotency-key']]).toEqual([id, id]);
  }
});

test.concurrent('a test of a slow receiver answers with the task run, before the call has ended', async () => {
  const world = await starting;
  const { id } = await world.endpoint('/slow/9000');
  const reply = await world.api.post(`/v1/endpoints/${id}/test`);
  const run = expectStatus(reply, 202).body;
  expect(reply.headers.get('location')).toBe(`/v1/tasks/${run.id}`);
  expect(await statusOf(world, run.id)).toBe('running');
  await world.reached(run.id, 'success');
});
