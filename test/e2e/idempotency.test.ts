import { randomUUID } from 'node:crypto';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

async function runsOf(endpoint: string): Promise<string[]> {
  const { body } = await (await starting).api.get(`/v1/tasks?endpoint_id=${endpoint}`);
  return body.data.map(({ id }: { id: string }) => id);
}

test.concurrent('a repeat gets the first answer, and makes nothing', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const task = { endpoint_id: endpoint.id, payload: { n: 1 } };
  const key = randomUUID();
  const first = expectStatus(await world.api.post('/v1/tasks', task, { 'idempotency-key': key }), 201);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  await world.reached(first.body.id, 'success');

  for (const spelled of [key, `"${key}"`]) {
    const again = expectStatus(await world.api.post('/v1/tasks', task, { 'idempotency-key': spelled }), 201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.body).toEqual(first.body);
  }
  expect(await runsOf(endpoint.id)).toEqual([first.body.id]);
  expect(await world.received(first.body.id)).toHaveLength(1);
});

test.concurrent('the same key with another body is refused; with none of it remembered, taken', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const key = { 'idempotency-key': randomUUID() };
  const refused = await world.api.post('/v1/tasks', { endpoint_id: endpoint.id, colour: 'red' }, key);
  expectStatus(refused, 400); // only successes are remembered
  expectStatus(await world.api.post('/v1/tasks', { endpoint_id: endpoint.id, payload: 1 }, key), 201);
  const reused = expectStatus(await world.api.post('/v1/tasks', { endpoint_id: endpoint.id, payload: 2 }, key), 422);
  expect(reused.body.code).toBe('idempotency_key_reused');
  expect(await runsOf(endpoint.id)).toHaveLength(1);
});

test.concurrent('of two at once, one makes the run and the other is told', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const key = { 'idempotency-key': randomUUID() };
  const task = { endpoint_id: endpoint.id, payload: 'once' };
  const replies = await Promise.all([1, 2, 3, 4].map(() => world.api.post('/v1/tasks', task, key)));
  for (const { status, headers } of replies)
    if (status !== 201)
      expect([status, headers.get('retry-after')]).toEqual([409, expect.stringMatching(/^[1-9]\d*$/)]);
  const made = new Set(replies.flatMap(({ status, body }) => (status === 201 ? [body.id] : [])));
  expect(await runsOf(endpoint.id)).toEqual([...made]);
  expect(made.size).toBe(1);
  const late = expectStatus(await world.api.post('/v1/tasks', task, key), 201);
  expect([late.body.id, late.headers.get('idempotent-replayed')]).toEqual([[...made][0], 'true']);
});

test.concurrent("another project's key is another key", async () => {
  const world = await starting;
  const { api: foreign } = await world.newProject();
  const key = { 'idempotency-key': randomUUID() };
  const task = { target: { url: `${world.stack.receiver}/ok` } };
  const one = expectStatus(await world.api.post('/v1/tasks', task, key), 201);
  const other = expectStatus(await foreign.post('/v1/tasks', task, key), 201);
  expect(other.headers.get('idempotent-replayed')).toBeNull();
  expect(other.body.id).not.toBe(one.body.id);
});

test.concurrent('a batch that is repeated makes no second run', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const batch = { tasks: [{ endpoint_id: endpoint.id }, { endpoint_id: 'ep_nobody' }, { endpoint_id: endpoint.id }] };
  const key = { 'idempotency-key': randomUUID() };
  const first = expectStatus(await world.api.post('/v1/tasks/batch', batch, key), 200);
  const again = expectStatus(await world.api.post('/v1/tasks/batch', batch, key), 200);
  expect(again.body).toEqual(first.body);
  expect(await runsOf(endpoint.id)).toHaveLength(2);
});
