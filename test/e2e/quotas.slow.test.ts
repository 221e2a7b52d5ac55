import { setTimeout as sleep } from 'node:timers/promises';
import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, type HttpClient } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

const starting = suiteWorld();
const FLOOD = 100;
const times = <Result>(count: number, make: (n: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

/** A tenant with these quotas of its own. */
async function tenantWith(quotas: object): Promise<Tenant & { readonly operator: HttpClient }> {
  const access = await (await starting).newProject();
  const path = `/v1/projects/${access.project.id}`;
  const { body } = expectStatus(await access.operator.send('PATCH', path, { quotas }), 200);
  expect(body.quotas).toMatchObject(quotas);
  return Object.assign(new Tenant(access), { operator: access.operator });
}

const ok = async () => `${(await starting).stack.receiver}/ok`;
const usageOf = async ({ api }: Tenant) => expectStatus(await api.get('/v1/usage'), 200).body.quotas;

test('tests of an endpoint that hangs: a few wait, the others are refused, and another tenant does not notice', async () => {
  const world = await starting;
  const api = world.stack.functions.find(({ definition }) => definition.name.startsWith('Api'))!;
  api.warm(8); // Lambda has many
  const receiver = await scriptedServer(async (_request, response) => {
    await sleep(8_000);
    response.end();
  });
  try {
    const { id } = await world.endpoint(receiver.url, { timeout_ms: 30_000 });
    const other = await world.newProject();
    const testing = times(FLOOD, () => world.api.post(`/v1/endpoints/${id}/test`));
    await sleep(200);
    expectStatus(await other.api.get('/v1/endpoints'), 200);

    const answers = await testing;
    const accepted = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 429);
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length + refused.length).toBe(FLOOD);
    expect(refused.length).toBeGreaterThan(FLOOD / 2);
    expect(refused[0]!.body).toMatchObject({ code: 'quota_exceeded', quota: 'endpoint_tests' });
    const shown = expectStatus(await world.api.get(accepted[0]!.headers.get('location')!), 200).body;
    expect(shown.source).toMatchObject({ type: 'test' });
  } finally {
    await receiver.close();
  }
}, 90_000);

test('each answer to a request with a key says what is left of the minute, as far as that is known', async () => {
  const tenant = await tenantWith({ requests_per_minute: 500 });
  const policy = '"requests_per_minute";q=500;w=60';
  const lefts: number[] = [];
  for (const path of ['endpoints', 'tasks/run_00000000000070008000000000000000']) {
    const { headers } = await tenant.api.get(`/v1/${path}`);
    expect(headers.get('ratelimit-policy')).toBe(policy);
    const [, left, seconds] = /^"requests_per_minute";r=(\d+);t=(\d+)$/.exec(headers.get('ratelimit')!)!;
    lefts.push(Number(left));
    expect(Number(seconds)).toBeLessThanOrEqual(60);
  }
  expect([lefts[0], lefts[0]! - lefts[1]!]).toEqual([499, 1]);
  // Of a large quota an environment knows its own part alone.
  const { headers } = await (await tenantWith({})).api.get('/v1/endpoints');
  expect([headers.get('ratelimit-policy'), headers.get('ratelimit')]).toEqual([
    expect.stringContaining('q=60000'),
    null,
  ]);
  const { headers: ofPerson } = await tenant.operator.get('/v1/projects');
  expect(ofPerson.get('ratelimit-policy')).toBeNull();
});

test('requests beyond those of the minute are refused, with the moment from which they are not', async () => {
  // A minute may end meanwhile.
  const tenant = await tenantWith({ requests_per_minute: 10 });
  const refused = await eventually('a request is refused', async () => {
    const answer = await tenant.api.get('/v1/endpoints');
    return answer.status === 429 ? answer : undefined;
  });
  expect(refused.body).toMatchObject({ code: 'quota_exceeded', quota: 'requests_per_minute' });
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(refused.headers.get('ratelimit')).toBe(`"requests_per_minute";r=0;t=${seconds}`);
  expect(refused.headers.get('ratelimit-policy')).toBe('"requests_per_minute";q=10;w=60');
  const path = `/v1/usage?project_id=${tenant.project.id}`;
  const usage = expectStatus(await tenant.operator.get(path), 200).body.quotas.requests_per_minute;
  expect(usage).toMatchObject({ limit: 10 });
  expect(Date.parse(usage.resets_at)).toBeGreaterThan(Date.now() - 1_000);
  const other = await tenantWith({});
  expectStatus(await other.api.get('/v1/endpoints'), 200);
});

test('runs beyond those of the day: requests are refused one by one, a raised quota lets them pass', async () => {
  const tenant = await tenantWith({ runs_per_day: 5 });
  const { id } = await tenant.endpoint(await ok());
  const runs = [await tenant.task(id), await tenant.task(id)];
  const tasks = Array.from({ length: 6 }, () => ({ endpoint_id: id }));
  const { data } = expectStatus(await tenant.api.post('/v1/tasks/batch', { tasks }), 200).body;
  const made = data.filter(({ status }: { status: number }) => status === 201);
  const refused = data.filter(({ status }: { status: number }) => status === 429);
  expect([made.length, refused.length]).toEqual([3, 3]);
  expect(refused[0].error).toMatchObject({ code: 'quota_exceeded', quota: 'runs_per_day' });
  for (const run of [...runs, ...made.map(({ task }: { task: { id: string } }) => task.id)])
    await tenant.reached(run, 'success');
  const [task, event] = [{ endpoint_id: id }, { event_name: 'order.paid' }];
  for (const [path, body] of [['tasks', task] as const, ['events', event] as const])
    expectStatus(await tenant.api.post(`/v1/${path}`, body), 429);
  expect((await usageOf(tenant)).runs_per_day).toMatchObject({
    limit: 5,
    resets_at: expect.stringMatching(/T00:00:00/),
  });

  const path = `/v1/projects/${tenant.project.id}`;
  expectStatus(await tenant.operator.send('PATCH', path, { quotas: { runs_per_day: null } }), 200);
  await eventually('the quota of the stage holds', async () => {
    const answer = await tenant.api.post('/v1/tasks', task);
    return answer.status === 201;
  });
}, 60_000);

test('more runs than may wait are refused one by one; what is shown is counted; a raised quota lets them pass', async () => {
  const tenant = await tenantWith({ waiting_runs: 3 });
  const { id: endpoint_id } = await tenant.endpoint(await ok(), { event_filters: ['order.paid'] });
  const later = { endpoint_id, delay_seconds: 3_600 };
  const { data } = expectStatus(await tenant.api.post('/v1/tasks/batch', { tasks: Array(5).fill(later) }), 200).body;
  const refused = data.filter(({ status }: { status: number }) => status === 429);
  expect(refused.map(({ error }: { error: object }) => error)).toMatchObject(
    Array(2).fill({ code: 'quota_exceeded', quota: 'waiting_runs' }),
  );
  const event = await tenant.api.post('/v1/events', { event_name: 'order.paid' });
  expect(expectStatus(event, 429).body).toMatchObject({ code: 'quota_exceeded', quota: 'waiting_runs' });
  expect(event.headers.get('retry-after')).toBe('60');
  expect((await usageOf(tenant)).waiting_runs).toEqual({ limit: 3, used: 3, resets_at: null });

  const quotas = { waiting_runs: 4 };
  expectStatus(await tenant.operator.send('PATCH', `/v1/projects/${tenant.project.id}`, { quotas }), 200);
  await eventually('the new quota holds', async () => (await tenant.api.post('/v1/tasks', later)).status === 201);
  expectStatus(await tenant.api.post('/v1/tasks', later), 429);
}, 60_000);

test('an event that was accepted: runs beyond the quota are dead letters, which can be replayed', async () => {
  const tenant = await tenantWith({ runs_per_day: 2 });
  const listening = { event_filters: ['order.paid'] };
  await times(3, async () => tenant.endpoint(await ok(), listening));
  const event = expectStatus(await tenant.api.post('/v1/events', { event_name: 'order.paid' }), 202).body;
  const letters = await eventually('all runs are dead letters', async () => {
    const { data } = (await tenant.api.get('/v1/dead-letters?reason=over_quota')).body;
    return data.length === 3 ? data : undefined;
  });
  const shown = expectStatus(await tenant.api.get(`/v1/events/${event.id}`), 200).body;
  expect(shown).toMatchObject({ status: 'completed', task_counts: { dead_letter: 3 } });
  const replayed = expectStatus(await tenant.api.post(`/v1/dead-letters/${letters[0].id}/replay`), 202);
  await tenant.reached(replayed.body.id, 'success');
}, 60_000);

test('a replay counts as a run: it is refused, or waits, while as many runs wait as may', async () => {
  const { stack } = await starting;
  const tenant = await tenantWith({ waiting_runs: 3 });
  const { id: endpoint_id } = await tenant.endpoint(`${stack.receiver}/fail/500`);
  const runs = [await tenant.task(endpoint_id), await tenant.task(endpoint_id)];
  const letters = await Promise.all(runs.map((run) => tenant.deadLetter(run)));
  await tenant.task(endpoint_id, { delay_seconds: 3_600 });
  const replay = (n: number) => tenant.api.post(`/v1/dead-letters/${letters[n].id}/replay`);
  expect(expectStatus(await replay(0), 429).body).toMatchObject({ code: 'quota_exceeded', quota: 'waiting_runs' });
  await awsConsole(stack).redrive('DeadLetters', 'Replay');
  await eventually('the copies wait', async () => (await awsConsole(stack).depth('Replay')).delayed >= 2);
  for (const run of runs) expect(await tenant.deadLetter(run)).toMatchObject({ status: 'open' });

  const path = `/v1/projects/${tenant.project.id}`;
  expectStatus(await tenant.operator.send('PATCH', path, { quotas: { waiting_runs: 4 } }), 200);
  await eventually('the new quota holds', async () => (await replay(0)).status === 202);
  expectStatus(await replay(1), 429);
}, 60_000);

test('a schedule goes on: its occurrence beyond the quota is a dead letter', async () => {
  const tenant = await tenantWith({ runs_per_day: 0 });
  const { id: endpoint_id } = await tenant.endpoint(await ok());
  const run_at = new Date(Date.now() + 8_000).toISOString();
  const made = await tenant.api.post('/v1/schedules', { name: 'once', run_at, endpoint_id });
  const { id } = expectStatus(made, 201).body;
  const [letter] = await eventually('the run is a dead letter', async () => {
    const { data } = (await tenant.api.get('/v1/dead-letters')).body;
    return data.length === 1 ? data : undefined;
  });
  expect(letter).toMatchObject({ reason: 'over_quota', attempt_count: 0 });
  const { data } = expectStatus(await tenant.api.get(`/v1/schedules/${id}/runs`), 200).body;
  expect(data).toMatchObject([{ id: letter.task_id, status: 'dead_letter' }]);
  expectStatus(await tenant.api.post(`/v1/schedules/${id}/run`), 429);
}, 60_000);

test('payloads beyond the bytes that a project may store are refused, and runs without one are not', async () => {
  const tenant = await tenantWith({ stored_bytes: 1_000 });
  const { id: endpoint_id } = await tenant.endpoint(await ok(), { event_filters: ['order.paid'] });
  const task = (size: number) => tenant.api.post('/v1/tasks', { endpoint_id, payload: 'x'.repeat(size) });
  expectStatus(await task(600), 201);
  const refused = expectStatus(await task(600), 429);
  expect(refused.body).toMatchObject({ code: 'quota_exceeded', quota: 'stored_bytes' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const event = { event_name: 'order.paid', payload: 'x'.repeat(600) };
  expect(expectStatus(await tenant.api.post('/v1/events', event), 429).body.quota).toBe('stored_bytes');
  await tenant.task(endpoint_id);
  const { used, resets_at } = (await usageOf(tenant)).stored_bytes;
  expect([used >= 600 && used < 620, resets_at]).toEqual([true, null]);
}, 60_000);

test('endpoints and schedules beyond their quota are refused until one is deleted', async () => {
  const tenant = await tenantWith({ endpoints: 1, schedules: 1 });
  const first = await tenant.endpoint(await ok());
  const endpoint = { name: 'second', url: await ok() };
  const schedule = { name: 'nightly', cron: '0 3 * * *', endpoint_id: first.id };
  const refused = expectStatus(await tenant.api.post('/v1/endpoints', endpoint), 409);
  expect(refused.body).toMatchObject({ code: 'quota_exceeded', quota: 'endpoints' });
  const { id } = expectStatus(await tenant.api.post('/v1/schedules', schedule), 201).body;
  expect(expectStatus(await tenant.api.post('/v1/schedules', schedule), 409).body.quota).toBe('schedules');
  expect(await usageOf(tenant)).toMatchObject({ endpoints: { limit: 1, used: 1 }, schedules: { limit: 1, used: 1 } });
  expectStatus(await tenant.api.send('DELETE', `/v1/schedules/${id}`), 204);
  expectStatus(await tenant.api.post('/v1/schedules', schedule), 201);
});

test(`${FLOOD} requests for the same bulk replay: one runs, and each answer names it`, async () => {
  const { stack } = await starting;
  const tenant = await tenantWith({ bulk_jobs: 2 });
  const dispatcher = stack.functions.find(({ definition }) => definition.name.startsWith('Dispatcher'))!;
  const work = dispatcher.invoke.bind(dispatcher);
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  dispatcher.invoke = (event) => held.then(() => work(event));

  const replay = (body: object = {}) => tenant.api.post('/v1/dead-letters/replay', body);
  const answers = await times(FLOOD, () => replay());
  const places = new Set(answers.map((answer) => expectStatus(answer, 202).headers.get('location')!));
  expect(places.size).toBe(1);
  expectStatus(await replay({ reason: 'non_retryable' }), 202);
  const refused = expectStatus(await replay({ reason: 'blocked' }), 429);
  expect(refused.body).toMatchObject({ code: 'quota_exceeded', quota: 'bulk_jobs' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await usageOf(tenant)).bulk_jobs).toMatchObject({ limit: 2, used: 2 });

  goOn();
  const [place] = [...places];
  await eventually(
    'the replay is over',
    async () => (await tenant.api.get(place!)).body.status === 'completed',
    60_000,
  );
  expect(expectStatus(await replay(), 202).headers.get('location')).not.toBe(place);
}, 120_000);
