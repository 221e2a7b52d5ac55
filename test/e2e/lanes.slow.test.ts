import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

test.concurrent('a call that takes too long is timed out, and retried by the policy', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/slow/2000', { timeout_ms: 200, retry_policy_id: await world.policy(2, 1) });
  const run = await world.reached(await world.task(endpoint.id), 'dead_letter');
  expect(run.attempts).toMatchObject([
    { attempt: 1, status: 'timed_out', http_status: null },
    { attempt: 2, status: 'timed_out', http_status: null },
  ]);
  for (const { latency_ms } of run.attempts) expect(latency_ms).toBeGreaterThanOrEqual(190);
  expect(await world.deadLetter(run.id)).toMatchObject({ reason: 'attempts_exhausted' });
});

test.concurrent("of an answer 4 KB are kept, and the endpoint's own headers are not told", async () => {
  const world = await starting;
  const secret = 'the-secret-of-the-endpoint';
  const receiver = await scriptedServer((request, response) => {
    response.setHeader('x-seen', String(request.headers['x-api-token'] === secret));
    response.end('é'.repeat(5_000));
  });
  try {
    const endpoint = await world.endpoint(receiver.url, { headers: { 'X-Api-Token': secret } });
    const run = await world.reached(await world.task(endpoint.id), 'success');
    const [attempt] = run.attempts;
    expect(attempt.response_headers['x-seen']).toBe('true');
    expect(attempt.request_headers['x-api-token']).toBe('***');
    expect(attempt.response_body).toBe('é'.repeat(2_048));
    expect(JSON.stringify(run)).not.toContain(secret);
    const list = await world.api.get(`/v1/deliveries?endpoint_id=${endpoint.id}`);
    expect(list.text).not.toContain(secret);
    expect(list.body.data).toHaveLength(1);
  } finally {
    await receiver.close();
  }
});

test.concurrent('work for a disabled endpoint is a dead letter, without a call', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok', { status: 'disabled' });
  const run = await world.reached(await world.task(endpoint.id), 'dead_letter');
  expect(run).toMatchObject({ attempt_count: 0, attempts: [] });
  const letter = await world.deadLetter(run.id);
  expect(letter).toMatchObject({ reason: 'endpoint_disabled', last_attempt: null });
  expect(await world.received(run.id)).toEqual([]);

  await world.api.send('PATCH', `/v1/endpoints/${endpoint.id}`, { status: 'active' });
  await world.api.post(`/v1/dead-letters/${letter.id}/replay`);
  expect((await world.reached(run.id, 'success')).attempts).toHaveLength(1);
});

test.concurrent('an endpoint that becomes slow, or goes away, takes its waiting work along', async () => {
  const world = await starting;
  const moving = await world.endpoint('/slow/300');
  const going = await world.endpoint('/ok');
  const moved = await world.task(moving.id, { delay_seconds: 3 });
  const gone = await world.task(going.id, { delay_seconds: 3 });
  await world.api.send('PATCH', `/v1/endpoints/${moving.id}`, { timeout_ms: 60_000 });
  await world.api.send('DELETE', `/v1/endpoints/${going.id}`);
  expect((await world.reached(moved, 'success')).attempts).toHaveLength(1);
  await world.reached(gone, 'dead_letter');
  expect(await world.deadLetter(gone)).toMatchObject({ reason: 'endpoint_disabled' });
});

// The last, and not concurrent: loading eight functions keeps a small machine busy.
test('30 slow calls of one endpoint do not hold up another', async () => {
  const world = await starting;
  const slow = await world.endpoint('/slow/1000', { timeout_ms: 60_000 });
  const quick = await world.endpoint('/ok');
  const batch = { tasks: Array.from({ length: 30 }, () => ({ endpoint_id: slow.id })) };
  const { body } = await world.api.post('/v1/tasks/batch', batch);
  const { depth } = awsConsole(world.stack);
  await eventually('the slow lane is busy', async () => (await depth('SlowLaneQueue')).inFlight >= 5);

  const asked = Date.now();
  await world.reached(await world.task(quick.id), 'success');
  const took = Date.now() - asked;
  const { visible, inFlight } = await depth('SlowLaneQueue');
  expect(visible + inFlight).toBeGreaterThan(0); // it overtook them
  expect(took).toBeLessThan(3_000);
  for (const { task } of body.data) await world.reached(task.id, 'success');
}, 60_000);
