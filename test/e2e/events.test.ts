import { createHmac } from 'node:crypto';
import { mapBounded } from '../../functions/primitives/map-bounded.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { pageOf, pasteExample } from '../support/page-examples.js';
import { runCommand } from '../support/run-command.js';
import { suiteWorld } from '../support/suite-world.js';
import { isSignedWith } from '../support/webhook-verification.js';
import type { World } from '../support/world.js';

const starting = suiteWorld();
const TRACE = '0af7651916cd43dd8448eb211c80319c';

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the test to say
type Json = any;

/** The event, once it is fanned out and each of its runs is in `status`. */
function reached(world: World, id: string, status: string, runs: number): Promise<Json> {
  return eventually(`${runs} runs of ${id} are ${status}`, async () => {
    const { body } = expectStatus(await world.api.get(`/v1/events/${id}`), 200);
    return body.status === 'completed' && body.task_counts[status] === runs ? body : undefined;
  });
}

/** What came for an endpoint at this path of the receiver, oldest first. */
async function receivedAt(world: World, path: string): Promise<Json[]> {
  const all = (await (await fetch(`${world.stack.receiver}/received`)).json()) as Json[];
  return all.filter((received) => received.path === path);
}

test.concurrent('a task continues the trace of its request', async () => {
  const world = await starting;
  const { id } = await world.endpoint('/ok');
  const traceparent = `00-${TRACE}-b7ad6b7169203331-00`;
  const { body } = expectStatus(await world.api.post('/v1/tasks', { endpoint_id: id }, { traceparent }), 201);
  const run = await world.reached(body.id, 'success');
  expect(run.attempts[0].trace_id).toBe(TRACE);
  const [webhook] = await world.received(body.id);
  expect(webhook!.headers['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
});

test.concurrent('an endpoint listens to what it says now: changed, it hears others; deleted, it hears none', async () => {
  const world = await starting;
  const { id } = await world.endpoint('/ok', { event_filters: ['stock.low'] });
  const patched = await world.api.send('PATCH', `/v1/endpoints/${id}`, { event_filters: ['stock.high'] });
  expect(expectStatus(patched, 200).body.event_filters).toEqual(['stock.high']);
  const publish = async (event_name: string): Promise<string> =>
    expectStatus(await world.api.post('/v1/events', { event_name, payload: 'x'.repeat(20_000) }), 202).body.id;
  const [low, high] = [await publish('stock.low'), await publish('stock.high')];
  const { tasks } = await reached(world, high, 'success', 1);
  expect((await world.received(tasks[0].id))[0]!.body).toBe('x'.repeat(20_000));
  await eventually(
    'the other is fanned out',
    async () => (await world.api.get(`/v1/events/${low}`)).body.status === 'completed',
  );
  expect((await world.api.get(`/v1/tasks?event_id=${low}`)).body.data).toEqual([]);
  expectStatus(await world.api.send('DELETE', `/v1/endpoints/${id}`), 204);
  const late = await publish('stock.high');
  const after = await eventually('it is fanned out', async () => {
    const { body } = await world.api.get(`/v1/events/${late}`);
    return body.status === 'completed' ? body : undefined;
  });
  expect(after.tasks).toEqual([]);
});

test.concurrent('an event to 60 endpoints makes 60 runs, however often it is sent', async () => {
  const world = await starting;
  const retry_policy_id = await world.policy(1);
  const create = async () => world.endpoint('/ok', { event_filters: ['crowd.*'], retry_policy_id });
  await mapBounded([...Array(60)], 20, create);
  const key = { 'idempotency-key': 'the same event' };
  const publish = () => world.api.post('/v1/events', { event_name: 'crowd.gathers', payload: 1 }, key);
  const { id } = expectStatus(await publish(), 202).body;
  expect((await publish()).body.id).toBe(id);
  const { tasks } = await reached(world, id, 'success', 60);
  expect(new Set(tasks.map((run: Json) => run.endpoint_id)).size).toBe(60);
  for (const run of tasks) expect(await world.received(run.id)).toHaveLength(1);
});

describe('job notifications', () => {
  test.concurrent('tell of a success and of a failure, signed as their receivers know it', async () => {
    const world = await starting;
    const { api } = await world.newProject();
    const create = async (body: object): Promise<Json> =>
      expectStatus(await api.post('/v1/endpoints', { name: 'story', ...body }), 201).body;
    const good = await create({ url: `${world.stack.receiver}/ok` });
    const policy = await api.post('/v1/retry-policies', { name: 'once', strategy: 'fixed', max_attempts: 1 });
    const bad = await create({ url: `${world.stack.receiver}/fail/500`, retry_policy_id: policy.body.id });
    const runBoth = () =>
      Promise.all(
        [good, bad].map(async ({ id }): Promise<string> => {
          return expectStatus(await api.post('/v1/tasks', { endpoint_id: id }), 201).body.id;
        }),
      );
    // Before anything listens: what the workers remember of that must not outlive the registration.
    const before = await runBoth();
    for (const id of before) {
      const isFinal = async () => /success|dead_letter/.test((await api.get(`/v1/tasks/${id}`)).body.status);
      await eventually('it has ended', isFinal);
    }
    const listener = await create({ url: `${world.stack.receiver}/ok?notifications`, event_filters: ['job.*'] });
    const tasks = await runBoth();
    const webhooks = await eventually('both are told of', async () => {
      const all = await receivedAt(world, '/ok?notifications');
      const found = all.filter(({ body }) => tasks.includes(JSON.parse(body).job_id));
      return found.length === 2 ? found : undefined;
    });
    const told = webhooks.map(({ body }) => JSON.parse(body)).sort((a, b) => (a.event < b.event ? -1 : 1));
    expect(told).toMatchObject([
      { event: 'job.completed', job_id: tasks[0], environment: 'staging', data: { attempt: 1, http_status: 200 } },
      { event: 'job.failed', job_id: tasks[1], data: { error_code: 500, retries: 0 } },
    ]);
    for (const { headers, body } of webhooks) {
      expect(headers['x-cronflow-signature']).toBe(
        createHmac('sha256', listener.signing_secret).update(body).digest('hex'),
      );
      expect(headers['x-cronflow-idempotency-key']).toBe(headers['webhook-id']);
      expect(isSignedWith(listener.signing_secret, { headers, body })).toBe(true);
    }
    expect((await api.get('/v1/events')).body.data).toEqual([]);
  });

  test.concurrent('arrive as the page for those who come from CronFlow shows it', async () => {
    const world = await starting;
    const { api } = await world.newProject();
    const page = 'migrate/cronflow.md';
    const { api: API, receiver: RECEIVER } = world.stack;
    const printed = await pasteExample(page, { API, RECEIVER, KEY: api.headers['x-api-key']! });
    const webhook = JSON.parse(printed[0]!);
    expect(webhook).toMatchObject({ name: 'pager', signing_secret: 'the secret of my receiver' });
    const [{ headers, body }] = await receivedAt(world, '/ok?pager');

    const shown = JSON.parse(pageOf(page).blocks('json')[0]!);
    const came = JSON.parse(body);
    expect(Object.keys(came)).toEqual(Object.keys(shown));
    expect(Object.keys(came.data)).toEqual(Object.keys(shown.data));
    const { task_id: _id, duration_ms: _took, message, ...same } = shown.data;
    expect(came.data).toMatchObject({ ...same, message: message.replace(/^\S+/, new URL(RECEIVER).host) });
    expect(came.job_id).toMatch(/^sch_/);
    expect(headers['x-webhook-secret']).toBe('open sesame');

    const checks = ['body', 'Buffer.from("{}")'].map((given) => `isFromCronFlow(headers, ${given})`);
    const delivery = `const headers = ${JSON.stringify(headers)}, body = Buffer.from(${JSON.stringify(body)});`;
    const code = `${pageOf(page).blocks('js')[0]}${delivery}console.log(JSON.stringify([${checks}]));`;
    const env = { CRONFLOW_SECRET: 'the secret of my receiver' };
    const verdicts = await runCommand(process.execPath, ['--input-type=module', '--eval', code], { env });
    expect(JSON.parse(verdicts)).toEqual([true, false]);

    const [heads, ...rows] = printed.at(-1)!.split('\r\n');
    const names = rows.map((row) => row.split(',')[heads!.split(',').indexOf('event_name')]);
    expect(names).toContain('job.failed');
  });
});
