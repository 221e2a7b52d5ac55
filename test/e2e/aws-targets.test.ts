import type { Message } from '@aws-sdk/client-sqs';
import { queueClient } from '../../local/queue-client.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

const starting = suiteWorld();
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const TRIAL = { type: 'sqs', arn: arn('sqs', 'trial') };

const arrived: Message[] = [];
async function messages(): Promise<Message[]> {
  const { sqs } = (await starting).stack;
  const queue = queueClient(sqs, `${sqs}/000000000000/trial`);
  arrived.push(...(await queue.receive(10, 1, AbortSignal.timeout(5_000))));
  return arrived;
}

/** The message of this run, once it has come. */
async function messageOf(run: string): Promise<Message> {
  const isOf = ({ MessageAttributes }: Message) => MessageAttributes?.['idempotency-key']?.StringValue === run;
  return eventually(`a message of ${run}`, async () => (await messages()).find(isOf));
}

/** What the resource got by now. */
async function bodiesAt(at: string): Promise<string[]> {
  if (at === TRIAL.arn) return (await messages()).map(({ Body = '' }) => Body);
  const response = await fetch(`${(await starting).stack.receiver}/received`);
  const received: { path: string; body: string }[] = JSON.parse(await response.text());
  return received.filter(({ path }) => path === at).map(({ body }) => body);
}

test.concurrent('a task, an event and a schedule go into a queue, with the key of the run', async () => {
  const world = await starting;
  const endpoint = expectStatus(
    await world.api.post('/v1/endpoints', { name: 'orders', ...TRIAL, event_filters: ['order.*'] }),
    201,
  ).body;
  expect(endpoint).toMatchObject({ ...TRIAL, timeout_ms: 10_000, status: 'active' });
  const task = await world.task(endpoint.id, { payload: { order: 7 } });
  const { attempts } = await world.reached(task, 'success');
  expect(attempts).toMatchObject([{ attempt: 1, status: 'success', http_status: null, error: null }]);
  expect(JSON.parse(attempts[0].response_body)).toMatchObject({ MessageId: expect.any(String) });
  const message = await messageOf(task);
  expect(message.Body).toBe('{"order":7}');
  expect(Object.keys(message.MessageAttributes!).sort()).toEqual(Object.keys(attempts[0].request_headers).sort());

  const event = { event_name: 'order.paid', event_key: 'customer 7', payload: { order: 8 } };
  const { id } = expectStatus(await world.api.post('/v1/events', event), 202).body;
  const run = await eventually('a run of the event', async () => {
    const { data } = (await world.api.get(`/v1/tasks?event_id=${id}`)).body;
    return data[0]?.id as string | undefined;
  });
  expect((await messageOf(run)).MessageAttributes).toMatchObject({
    'punctual-event-name': { StringValue: 'order.paid' },
    'punctual-event-key': { StringValue: 'customer%207' },
  });

  const schedule = { name: 'nightly', cron: '0 3 * * *', target: TRIAL, payload: { nightly: true } };
  const made = expectStatus(await world.api.post('/v1/schedules', schedule), 201).body;
  expect(made.target).toEqual({ ...TRIAL, timeout_ms: 10_000 });
  const now = expectStatus(await world.api.post(`/v1/schedules/${made.id}/run`), 202).body;
  expect((await messageOf(now.id)).MessageAttributes).toMatchObject({
    'punctual-schedule-id': { StringValue: made.id },
  });
});

test.concurrent('a queue that is missing is tried again, becomes a dead letter, and is replayed with the same key', async () => {
  const world = await starting;
  const missing = { type: 'sqs', arn: arn('sqs', 'missing') };
  const body = { name: 'missing', ...missing, retry_policy_id: await world.policy(2) };
  const endpoint = expectStatus(await world.api.post('/v1/endpoints', body), 201).body;
  const task = await world.task(endpoint.id, { payload: { order: 9 } });
  const dead = await world.reached(task, 'dead_letter');
  expect(dead.attempts.map(({ error }) => error.code)).toEqual(['QueueDoesNotExist', 'QueueDoesNotExist']);
  expectStatus(await world.api.send('PATCH', `/v1/endpoints/${endpoint.id}`, { arn: TRIAL.arn }), 200);
  expectStatus(await world.api.post(`/v1/dead-letters/${(await world.deadLetter(task)).id}/replay`), 202);
  await world.reached(task, 'success');
  expect((await messageOf(task)).Body).toBe('{"order":9}');
});

test.concurrent('what may not be reached, or not be sent, is refused when it is made', async () => {
  const world = await starting;
  const refused = async (path: string, body: object) =>
    expectStatus(await world.api.post(path, body), 400).body.errors.map(({ pointer }: { pointer: string }) => pointer);
  const foreign = { type: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:trial' };
  expect(await refused('/v1/endpoints', { name: 'x', ...foreign })).toEqual(['/arn']);
  expect(await refused('/v1/tasks', { target: foreign, payload: 1 })).toEqual(['/target/arn']);
  expect(await refused('/v1/tasks', { target: { type: 'sqs', arn: 'trial' }, payload: 1 })).toEqual(['/target/arn']);
  expect(await refused('/v1/tasks', { target: TRIAL })).toEqual(['/payload']);
  expect(await refused('/v1/schedules', { name: 'x', cron: '* * * * *', target: TRIAL })).toEqual(['/payload']);
});

test.concurrent('a project may be limited further, also for what is there already', async () => {
  const access = await (await starting).newProject();
  const tenant = new Tenant(access);
  const limitTo = async (allowed_targets: readonly string[] | null) =>
    expectStatus(await access.operator.send('PATCH', `/v1/projects/${access.project.id}`, { allowed_targets }), 200)
      .body;
  expect((await limitTo([arn('sqs', 'tri*')])).allowed_targets).toEqual([arn('sqs', 'tri*')]);
  const endpoint = expectStatus(await access.api.post('/v1/endpoints', { name: 'trial', ...TRIAL }), 201).body;
  await tenant.reached(await tenant.task(endpoint.id, { payload: 1 }), 'success');

  await limitTo([]);
  // The API remembers a project for some seconds.
  const refused = await eventually('the limit holds', async () => {
    const again = await access.api.post('/v1/endpoints', { name: 'trial', ...TRIAL });
    return again.status === 400 && again.body;
  });
  expect(refused.errors).toMatchObject([{ pointer: '/arn' }]);
  const dead = await tenant.reached(await tenant.task(endpoint.id, { payload: 2 }), 'dead_letter');
  expect(dead.attempts).toMatchObject([{ status: 'blocked', error: { code: 'blocked_target' } }]);
  // What does not change the ARN is changed nevertheless.
  expectStatus(await access.api.send('PATCH', `/v1/endpoints/${endpoint.id}`, { status: 'paused' }), 200);
});

test.concurrent.each([
  ['sns', arn('sns', 'flaky-1')],
  ['eventbridge', arn('events', 'event-bus/flaky-1')],
  ['lambda', arn('lambda', 'function:flaky-1')],
  ['stepfunctions', arn('states', 'stateMachine:flaky-1')],
])('a call of %s that fails is made again, under the same key', async (type, at) => {
  const world = await starting;
  const body = { name: type, type, arn: at, retry_policy_id: await world.policy(2) };
  const endpoint = expectStatus(await world.api.post('/v1/endpoints', body), 201).body;
  const task = await world.task(endpoint.id, { payload: { order: 7 } });
  const { attempts } = await world.reached(task, 'success');
  expect(attempts.map(({ status }) => status)).toEqual(['failed', 'success']);
  expect(await world.received(task)).toMatchObject([{ path: at }, { path: at }]);
});

test.concurrent.each([
  ['sqs', TRIAL.arn],
  ['sns', arn('sns', 'timed')],
  ['eventbridge', arn('events', 'event-bus/timed')],
  ['lambda', arn('lambda', 'function:timed')],
  ['stepfunctions', arn('states', 'stateMachine:timed')],
])('a call of %s is never early', async (type, at) => {
  const world = await starting;
  const run_at = Date.now() + 3_210;
  const body = { target: { type, arn: at }, payload: { timed: type }, run_at: new Date(run_at).toISOString() };
  const { id } = expectStatus(await world.api.post('/v1/tasks', body), 201).body;
  const { attempts } = await world.reached(id, 'success');
  expect(Date.parse(attempts[0]!.started_at)).toBeGreaterThanOrEqual(run_at);
  const arrivedAt =
    type === 'sqs'
      ? Number((await messageOf(id)).Attributes!['SentTimestamp'])
      : Date.parse((await world.received(id))[0]!.received_at);
  expect(arrivedAt).toBeGreaterThanOrEqual(run_at);
});

test.concurrent.each([
  ['skip', ['skipped', 'success']],
  ['cancel_previous', ['cancelled', 'success']],
  ['allow', ['success', 'success']],
])('a schedule of a function keeps its overlap policy: %s', async (overlap_policy, ends) => {
  const { api } = new Tenant(await (await starting).newProject());
  const target = { type: 'lambda', arn: arn('lambda', 'function:slow-5000') };
  const every = { name: 'tick', cron: '*/2 * * * * *', timezone: 'UTC', target, payload: { n: 1 }, max_runs: 2 };
  const { id } = expectStatus(await api.post('/v1/schedules', { ...every, overlap_policy }), 201).body;
  const statuses = await eventually(
    'all runs have ended',
    async () => {
      const { data } = (await api.get(`/v1/tasks?schedule_id=${id}`)).body;
      const found: string[] = data.map(({ status }: { status: string }) => status);
      return found.length === 2 && found.every((status) => /success|skipped|cancelled/.test(status)) && found;
    },
    30_000,
  );
  expect(statuses.sort()).toEqual(ends);
});

test.concurrent.each([
  ['eventbridge', arn('events', 'event-bus/orders'), [1]],
  ['stepfunctions', arn('states', 'stateMachine:orders'), 'text'],
  ['sns', arn('sns', 'orders'), 'x'.repeat(255_000)],
  ['lambda', arn('lambda', 'function:orders'), '\u0001'.repeat(200_000)],
])('what %s would refuse is refused when it is made', async (type, at, payload) => {
  const answer = await (await starting).api.post('/v1/tasks', { target: { type, arn: at }, payload });
  expect(expectStatus(answer, 400).body.errors).toMatchObject([{ pointer: '/payload' }]);
});

test.concurrent.each([
  ['sqs', TRIAL.arn, arn('sqs', 'missing'), 'QueueDoesNotExist'],
  ['sns', arn('sns', 'told'), arn('sns', 'fail'), 'ThrottledException'],
  ['eventbridge', arn('events', 'event-bus/told'), arn('events', 'event-bus/fail'), 'ThrottlingException'],
  ['lambda', arn('lambda', 'function:told'), arn('lambda', 'function:fail'), 'function_error'],
  [
    'stepfunctions',
    arn('states', 'stateMachine:told'),
    arn('states', 'stateMachine:missing'),
    'StateMachineDoesNotExist',
  ],
])(
  'a target of %s is paused, limited, counted, found, audited and told of as a URL is',
  async (type, at, failing, code) => {
    const tenant = new Tenant(await (await starting).newProject());
    const { api } = tenant;
    const policy = { retry_policy_id: await tenant.policy(1) };
    const endpoint = async (name: string, body: object): Promise<string> =>
      expectStatus(await api.post('/v1/endpoints', { name, type, ...policy, ...body }), 201).body.id;
    await endpoint('listener', { arn: at, event_filters: ['job.failed'] });

    const bad = await tenant.task(await endpoint('failing', { arn: failing }), { payload: { n: 0 } });
    const limited = await endpoint('limited', { arn: at, rate_limit_per_second: 1 });
    const pause = async (status: string) =>
      expectStatus(await api.send('PATCH', `/v1/endpoints/${limited}`, { status }), 200);
    await pause('paused');
    const tasks = [
      await tenant.task(limited, { payload: { n: 1 } }),
      await tenant.task(limited, { payload: { n: 2 } }),
    ];
    expect((await tenant.reached(bad, 'dead_letter')).attempts).toMatchObject([{ error: { code } }]);
    for (const task of tasks) expect(await tenant.run(task)).toMatchObject({ status: 'pending', attempts: [] });

    const resumed = Date.now();
    await pause('active');
    const runs = await Promise.all(tasks.map((task) => tenant.reached(task, 'success')));
    // Its turn is a second after the other's, however late a busy machine is.
    const last = Math.max(...runs.map(({ attempts }) => Date.parse(attempts[0].started_at)));
    expect(last - resumed).toBeGreaterThanOrEqual(995);

    const notification = await eventually('the failure is told of', async () =>
      (await bodiesAt(at)).find((body) => body.includes('job.failed') && body.includes(bad)),
    );
    expect(notification).toContain(code);
    expect((await api.get(`/v1/search?q=${bad}`)).body.data).toMatchObject([{ kind: 'task', id: bad }]);
    expect(expectStatus(await api.get('/v1/audit'), 200).text).toContain(at);
    const { hours } = (await api.get('/v1/stats')).body as { hours: { success: number; dead_letters: number }[] };
    expect(hours.reduce((sum, { dead_letters }) => sum + dead_letters, 0)).toBe(1);
    // The notification, too.
    expect(hours.reduce((sum, { success }) => sum + success, 0)).toBeGreaterThanOrEqual(2);
  },
);
